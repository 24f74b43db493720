"""An alarm that is set aside leaves who, when, as what, and what had been looked at: the public case began with a label."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from response import START
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case.timeline import RecordEntry
from cellwarden.incident.clocks.acts import StartClocks
from cellwarden.incident.clocks.alarms import SetAlarmAside, causes, checks, unjudged

BENIGN = {
    "link_clicked": "yes",
    "messages_in_records": "yes",
    "same_cell": "no",
    "cell_in_registry": "yes",
    "second_factor_in_records": "yes",
}
LONG = "Three of the five victims forwarded the message with its link; their phones were examined by the shop on the same day."


@pytest.fixture
def alarm(response):
    command = RecordEntry(
        case_id="C-1",
        happened_at=START - timedelta(hours=2),
        known_at=START - timedelta(hours=1),
        kind="alarm",
        what="night payments",
    )
    return response.do("han", command).entry_id


def aside(response, alarm, answers, why, cause="smishing"):
    return response.do("kim", SetAlarmAside(case_id="C-1", entry_id=alarm, cause=cause, answers=answers, why=why))


def waiting(response):
    with response.store.reading(response.tokens["oh"], case_id="C-1") as connection:
        return [row["entry_id"] for row in unjudged(connection, "C-1")]


def test_smishing_is_not_a_label_but_an_answered_list(response, alarm):
    with pytest.raises(RefusedError, match="5 of 5 checks are not answered; link_clicked"):
        aside(response, alarm, {}, LONG)
    with pytest.raises(RefusedError, match="1 of 5 checks are not answered; same_cell"):
        aside(response, alarm, {**BENIGN, "same_cell": "perhaps"}, LONG)


def test_answers_that_contradict_the_label_ask_for_a_justification(response, alarm):
    against = {**BENIGN, "link_clicked": "no", "cell_in_registry": "no"}
    with pytest.raises(MalformedInputError, match="60 to"):
        aside(response, alarm, against, "it looks like smishing to me")
    done = aside(response, alarm, against, LONG)
    assert done.contradicted_by == ("link_clicked", "cell_in_registry")


def test_the_log_says_when_the_report_would_have_been_due(response, alarm):
    aside(response, alarm, BENIGN, "the links are in the records of all five")
    line = json.loads(response.store.log_lines()[-1])
    assert (line["act"], line["by"], line["cause"]) == ("alarm_set_aside", "kim", "smishing")
    assert line["would_be_due_at"] == "2025-09-06T02:00:00Z"


def test_an_alarm_waits_until_it_is_judged_or_taken_for_what_it_is(response, alarm):
    assert waiting(response) == [alarm]
    aside(response, alarm, BENIGN, "the links are in the records of all five")
    assert waiting(response) == []
    later = RecordEntry(case_id="C-1", happened_at=START, kind="alarm", what="again at night")
    second = response.do("han", later).entry_id
    assert waiting(response) == [second]
    response.clock.turn(minutes=5)
    response.do(
        "kim",
        StartClocks(case_id="C-1", trigger="intrusion_known", known_at=response.clock.at, about="night", why="same cell twice"),
    )
    assert waiting(response) == []


def test_only_an_alarm_is_set_aside_and_only_as_something_known(response, alarm):
    note = response.do("han", RecordEntry(case_id="C-1", happened_at=START, kind="note", what="a note")).entry_id
    with pytest.raises(UsageError, match="not an alarm"):
        aside(response, note, BENIGN, LONG)
    with pytest.raises(UsageError, match="no known cause"):
        aside(response, alarm, BENIGN, LONG, cause="bad luck")


def test_a_judgement_is_kept_as_it_was_written(response, alarm):
    aside(response, alarm, BENIGN, "the links are in the records of all five")
    engine = create_engine(response.store.url)
    with pytest.raises(DBAPIError, match="kept as they are"), engine.begin() as connection:
        connection.execute(text("UPDATE alarm_judgement SET cause = 'own_payment'"))
    engine.dispose()


def test_every_cause_asks_whether_what_it_says_can_be_true():
    for name, cause in causes().items():
        assert set(cause["speaks_against"]) <= set(cause["checks"]) <= set(checks()), name
        assert cause["speaks_against"], name
    assert all(said["ko"] and said["en"] for said in checks().values())
    assert datetime(2025, 9, 6, 2, tzinfo=UTC) == START + timedelta(hours=23)
