"""Times are kept as text that sorts; none without a zone gets in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine

from cellwarden.incident.case.schema import METADATA, Instant

DIALECT = create_engine("sqlite://").dialect


def test_an_instant_comes_back_as_it_went_in_and_sorts_as_text():
    kind = Instant()
    times = [datetime(2025, 9, 5, 3, tzinfo=UTC) + timedelta(microseconds=each) for each in (0, 1, 999_999, 1_000_000)]
    kept = [kind.process_bind_param(at, DIALECT) for at in times]
    assert kept == sorted(kept)
    assert [kind.process_result_value(each, DIALECT) for each in kept] == times
    assert kind.process_bind_param(None, DIALECT) is kind.process_result_value(None, DIALECT) is None


def test_another_zone_is_the_same_instant():
    seoul = datetime(2025, 9, 5, 12, tzinfo=timezone(timedelta(hours=9)))
    assert Instant().process_bind_param(seoul, DIALECT) == "2025-09-05T03:00:00.000000Z"


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(datetime(2025, 9, 5), DIALECT)


def test_every_table_has_a_key_and_text_or_numbers_alone():
    for table in METADATA.tables.values():
        assert len(table.primary_key.columns) >= 1
        assert {type(column.type).__name__ for column in table.columns} <= {"Text", "Integer", "Instant"}, table.name
