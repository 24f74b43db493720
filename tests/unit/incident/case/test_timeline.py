"""Three times: happened, known, recorded; sorted by any, and as it stood at any instant."""

from datetime import datetime, timedelta

import pytest
from response import START

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.incident.case.timeline import RecordEntry, timeline


@pytest.fixture
def case_id(response):
    return response.case()


def record(response, case_id, what, *, happened, known=None, **more):
    return response.do(
        "han", RecordEntry(case_id=case_id, happened_at=happened, known_at=known, kind="note", what=what, **more)
    ).entry_id


def told(response, case_id, **how):
    with response.store.reading(response.tokens["oh"], case_id=case_id) as connection:
        return [row["what"] for row in timeline(connection, case_id, **how)]


def test_the_order_by_what_was_known_is_another_than_by_what_happened(response, case_id):
    record(response, case_id, "first touch", happened=START - timedelta(days=30), known=START)
    record(response, case_id, "pattern blocked", happened=START - timedelta(days=3), known=START - timedelta(days=3))
    record(response, case_id, "police call", happened=START - timedelta(days=4), known=START - timedelta(days=4))
    assert told(response, case_id) == ["first touch", "police call", "pattern blocked"]
    assert told(response, case_id, order="known_at") == ["police call", "pattern blocked", "first touch"]
    assert told(response, case_id, order="recorded_at") == ["first touch", "pattern blocked", "police call"]
    assert told(response, case_id, as_known_at=START - timedelta(days=3)) == ["police call", "pattern blocked"]


def test_a_correction_replaces_and_the_old_entry_stays_readable(response, case_id):
    wrong = record(response, case_id, "one cell", happened=START)
    response.clock.turn(hours=1)
    record(response, case_id, "two cells", happened=START, corrects=wrong)
    assert told(response, case_id) == ["two cells"]
    assert told(response, case_id, recorded_by=START + timedelta(minutes=30)) == ["one cell"]
    with pytest.raises(UsageError, match="N-2 corrects it already"):
        record(response, case_id, "three cells", happened=START, corrects=wrong)


def test_a_time_without_zone_and_a_time_to_come_are_refused(response, case_id):
    with pytest.raises(MalformedInputError, match="without a zone"):
        record(response, case_id, "when?", happened=datetime(2025, 9, 1))
    with pytest.raises(MalformedInputError, match="yet to come"):
        record(response, case_id, "tomorrow", happened=START + timedelta(days=1))


def test_an_entry_points_to_its_own_case(response, case_id):
    other = record(response, response.case(), "elsewhere", happened=START)
    with pytest.raises(MalformedInputError, match="belongs to another case"):
        record(response, case_id, "here", happened=START, corrects=other)


def test_an_unknown_kind_is_refused_with_the_known_ones(response, case_id):
    with pytest.raises(UsageError, match="alarm"):
        response.do("han", RecordEntry(case_id=case_id, happened_at=START, kind="gossip", what="somebody said"))
