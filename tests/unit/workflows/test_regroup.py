"""Places of an investigation, and what is refused before anything is investigated; the whole act is in tests/scenario/test_seizure_kill.py."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "incident" / "case"))

from made_up_results import result
from response import Response

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case.cases import OpenCaseFromResult
from cellwarden.incident.case.evidence_items import EnterEvidence
from cellwarden.workflows.regroup import enter_seized, places, restate_case
from cellwarden.workflows.respond import Desk

AT = datetime(2025, 9, 6, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path):
    response = Response.made(str(tmp_path / "cases.sqlite"), {"kim": "commander"})
    made = result(tmp_path / "result", [(1, "guti", 7)])
    command = OpenCaseFromResult(title="a case", name="result", sha256=sha256_of(made / "manifest.json"), queries=("q.sql",), rows=1, first_at=None, last_at=None, findings=())  # fmt: skip
    response.do("kim", command)
    yield Desk(store=response.store, me=response.tokens["kim"], now=lambda: AT)
    response.store.close()


def seized(case_id="C-1"):
    return EnterEvidence(case_id=case_id, kind="seized_equipment", name="list.txt", sha256="d" * 64, source="police", identifiers={"serials": ["FC-1"]})  # fmt: skip


def test_the_lake_is_the_one_beside_the_result_unless_another_is_named(tmp_path):
    assert places(tmp_path / "r", tmp_path / "result", None).lake == str(tmp_path / "result.lake")
    assert places(tmp_path / "r", tmp_path / "result", tmp_path / "big").lake == str(tmp_path / "big")


def test_where_nobody_said_where_the_records_are_it_stays_due_and_says_what_to_do(desk):
    assert [each.act for each in enter_seized(desk, seized())] == ["evidence_entered"]
    with pytest.raises(UsageError, match="--records"):
        restate_case(desk, "C-1")


def test_a_result_that_is_not_the_newest_census_is_refused(desk, tmp_path):
    enter_seized(desk, seized())
    other = places(tmp_path / "records", result(tmp_path / "other", [(1, "imsi", 7)]), None)
    with pytest.raises(RefusedError, match="not the newest census"):
        restate_case(desk, "C-1", where=other)
    ours = tmp_path / "result"
    (ours / "manifest.json").write_text(json.dumps({**json.loads((ours / "manifest.json").read_text()), "seed": 1}))
    with pytest.raises(RefusedError, match="was changed"):
        restate_case(desk, "C-1", where=places(tmp_path / "records", ours, None))


def test_nothing_due_is_refused(desk):
    with pytest.raises(RefusedError, match="no restatement is due"):
        restate_case(desk, "C-1")
