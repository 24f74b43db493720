"""Commands, events, and the names they get."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.case import schema
from cellwarden.incident.case.cases import CaseOpened
from cellwarden.incident.case.command import Event, plain, written
from cellwarden.incident.case.decisions import EndTask


@dataclass(frozen=True, kw_only=True)
class CellBlocked(Event):
    case_id: str
    at_place: str | None
    times: tuple[datetime, ...]


def test_an_event_is_logged_by_its_name_and_its_facts_without_what_is_not_known():
    event = CellBlocked(case_id="C-1", at_place=None, times=(datetime(2025, 9, 5, 3, tzinfo=UTC),))
    assert event.act == "cell_blocked"
    assert event.facts() == {"times": ["2025-09-05T03:00:00Z"]}


def test_values_are_written_one_way():
    assert (
        written({"b": (1, 2), "a": CaseOpened(case_id="C-1", title="가")})
        == '{"a": {"case_id": "C-1", "title": "가"}, "b": [1, 2]}'
    )
    assert plain({1: None}) == {"1": None}


def test_an_unknown_name_says_what_there_is_none_of(response):
    with pytest.raises(MalformedInputError, match="no task 'T-9'"):
        response.do("kim", EndTask(case_id=response.case(), task_id="T-9", state="done", outcome="done"))


def test_no_fact_of_an_event_hides_what_the_store_adds():
    reserved = {"by", "at", "act", "case", "version", "previous", "digest"}

    def below(kind):
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    clashes = {(each.__name__, name) for each in below(Event) for name in each.__dataclass_fields__ if name in reserved}
    assert clashes == set()
    assert schema.VERSION == 1
