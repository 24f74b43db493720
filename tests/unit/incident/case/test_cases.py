"""A case opens, closes when nothing is left to do, and opens again."""

import json

import pytest
from response import START

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case import overview
from cellwarden.incident.case.cases import CloseCase, OpenCaseFromResult, ReopenCase
from cellwarden.incident.case.decisions import EndTask, SetTask
from cellwarden.incident.case.timeline import RecordEntry

WHY = "everything is done and told"


def test_cases_are_numbered(response):
    assert [response.case(), response.case()] == ["C-1", "C-2"]


def test_an_open_task_keeps_a_case_open(response):
    case_id = response.case()
    task = response.do("kim", SetTask(case_id=case_id, what="call the police")).task_id
    with pytest.raises(RefusedError, match="1 open task"):
        response.do("kim", CloseCase(case_id=case_id, why=WHY))
    response.do("kim", EndTask(case_id=case_id, task_id=task, state="done", outcome="called"))
    response.do("kim", CloseCase(case_id=case_id, why=WHY))


def test_nothing_is_written_into_a_closed_case_until_it_is_open_again(response):
    case_id = response.case()
    response.do("kim", CloseCase(case_id=case_id, why=WHY))
    note = RecordEntry(case_id=case_id, happened_at=START, kind="note", what="one more")
    with pytest.raises(RefusedError, match="closed"):
        response.do("kim", note)
    with pytest.raises(RefusedError, match="closed"):
        response.ask("kim", "containment", {}, case_id=case_id)
    response.do("kim", ReopenCase(case_id=case_id, why="a new victim called"))
    response.do("kim", note)


def test_a_case_from_a_result_is_there_as_a_whole_or_not_at_all(response):
    facts = {
        "title": "From the night run",
        "name": "result",
        "sha256": "a" * 64,
        "queries": ("detect/spell.sql",),
        "rows": 12,
        "first_at": START,
        "last_at": START,
    }
    with pytest.raises(Exception, match="yet to come"):
        response.do("kim", OpenCaseFromResult(**facts, findings=((START, "cell 0x1"), (START.replace(year=2099), "cell 0x2"))))
    with response.store.reading(response.tokens["kim"]) as connection:
        assert overview.cases(connection) == []
    response.do("kim", OpenCaseFromResult(**facts, findings=((START, "cell 0x1"), (START, "cell 0x2"))))
    with response.store.reading(response.tokens["kim"]) as connection:
        held = overview.overview(connection, "C-1")
    assert [row["what"] for row in held["timeline"]] == ["cell 0x1", "cell 0x2"]
    assert {row["evidence_id"] for row in held["timeline"]} == {"E-1"}
    acts = [json.loads(line)["act"] for line in response.store.log_lines()[-4:]]
    assert acts == ["case_opened", "evidence_entered", "entry_recorded", "entry_recorded"]
