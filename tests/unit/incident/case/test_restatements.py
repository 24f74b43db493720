"""Versions of a census, on both databases: due with the evidence, written as a whole, and never anew."""

import json

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case import schema
from cellwarden.incident.case.cases import CloseCase, OpenCaseFromResult
from cellwarden.incident.case.evidence_items import EnterEvidence
from cellwarden.incident.case.overview import overview
from cellwarden.incident.case.places import Places, places_of
from cellwarden.incident.case.restatements import WriteRestatement, due_restatements, newest_census, next_version

BEFORE, AFTER, TOLD_SHA = "a" * 64, "b" * 64, "c" * 64
GRADES = {"imsi": 3, "possible": 4, "guti": 6}
TOLD = {
    "before": {"people": {"total": 13, **GRADES}},
    "after": {"people": {"total": 1_020, **GRADES}},
    "changed": {"added": 1_007, "removed": 0},
    "why": {"added: new_id": 1_007},
    "units": {"before": 2, "after": 1, "regrouped": []},
}
PLACES = Places(records="/records", lake="/lake", result="/C-1-census-2")


def with_result(response):
    command = OpenCaseFromResult(title="a case", name="result", sha256=BEFORE, queries=("q.sql",), rows=1, first_at=None, last_at=None, findings=())  # fmt: skip
    return response.do("kim", command).case_id


def seized(response, case_id, serial="FC-1"):
    command = EnterEvidence(case_id=case_id, kind="seized_equipment", name="list.txt", sha256="d" * 64, source="police", identifiers={"serials": [serial]})  # fmt: skip
    return response.do("han", command).evidence_id


def version(case_id, *names, **changes):
    facts = {"name": "C-1-census-2", "sha256": AFTER, "rows": 9, "first_at": None, "last_at": None, "restatement_sha256": TOLD_SHA, "told": TOLD, "places": PLACES}  # fmt: skip
    return WriteRestatement(case_id=case_id, restatements=names, **{**facts, **changes})


def read(response, question, case_id):
    with response.store.reading(response.tokens["oh"]) as connection:
        return question(connection, case_id)


def test_seized_equipment_makes_a_restatement_due_in_the_same_transaction(response):
    case_id = with_result(response)
    evidence_id = seized(response, case_id)
    assert [(row["restatement_id"], row["evidence_id"]) for row in read(response, due_restatements, case_id)] == [("Z-1", evidence_id)]  # fmt: skip
    lines = [json.loads(line) for line in response.store.log_lines()]
    assert [line["act"] for line in lines[-2:]] == ["evidence_entered", "restatement_due"] or [line["act"] for line in lines[-2:]] == ["restatement_due", "evidence_entered"]  # fmt: skip
    with pytest.raises(RefusedError, match="restatement"):
        response.do("kim", CloseCase(case_id=case_id, why="everything is done and told"))


def test_a_case_without_a_census_has_nothing_to_restate(response):
    case_id = response.case()
    seized(response, case_id)
    assert read(response, due_restatements, case_id) == []


def test_a_version_enters_its_result_and_says_who_moved_and_why(response):
    case_id = with_result(response)
    seized(response, case_id), seized(response, case_id, "FC-2")
    written = response.do("han", version(case_id, "Z-1", "Z-2"))
    assert (written.census_version, written.because_of, written.changed["added"]) == (2, ("E-2", "E-3"), 1_007)
    held = read(response, overview, case_id)
    assert [row["kind"] for row in held["evidence"]] == ["result", "seized_equipment", "seized_equipment", "result", "document"]
    assert held["timeline"][-1]["what"] == (
        "census version 2, restated because of E-2, E-3: 1,020 people exposed where 13 were (1,007 added); 1 units where 2 were"
    )
    assert {row["told"]["why"]["added: new_id"] for row in held["restatements"]} == {1_007}
    assert read(response, places_of, case_id) == PLACES
    assert (read(response, newest_census, case_id), read(response, next_version, case_id)) == (AFTER, 3)


def test_what_is_written_or_was_never_due_is_refused_and_leaves_nothing(response):
    case_id = with_result(response)
    seized(response, case_id)
    before = read(response, overview, case_id)
    for names in (("Z-9",), (), ("Z-1", "Z-9")):
        with pytest.raises(RefusedError, match="never due"):
            response.do("han", version(case_id, *names))
    assert read(response, overview, case_id)["evidence"] == before["evidence"]
    response.do("han", version(case_id, "Z-1"))
    with pytest.raises(RefusedError, match="is written"):
        response.do("han", version(case_id, "Z-1"))


def test_the_database_keeps_a_written_version_as_it_is(response):
    case_id = with_result(response)
    seized(response, case_id)
    assert read(response, newest_census, case_id) == BEFORE
    response.do("han", version(case_id, "Z-1"))
    for change in (update(schema.RESTATEMENT).values(told="{}"), schema.RESTATEMENT.delete()):
        with pytest.raises(DBAPIError, match="written"), response.store._engine.begin() as connection:
            connection.execute(change)
