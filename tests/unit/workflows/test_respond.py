"""A desk: somebody at a store; a case that starts from a result folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cellwarden.foundation.errors import MalformedInputError, RefusedError
from cellwarden.incident.case.overview import overview
from cellwarden.incident.case.people import GrantRole, RenewToken
from cellwarden.incident.case.requests import Ask, Decide
from cellwarden.incident.case.store import CaseStore
from cellwarden.incident.case.token import Token
from cellwarden.lake.store import Lake
from cellwarden.records.results import SUSPECTS
from cellwarden.workflows.respond import Desk, desk, open_from_result

AT = datetime(2025, 9, 8, tzinfo=UTC)


def clock():
    return AT


@pytest.fixture
def commander(tmp_path):
    """Give the store and the token file of a founder who is a commander too."""
    store = CaseStore(str(tmp_path / "cases.sqlite"), clock=clock)
    tokens = {each.name: each for each in store.make(("ahn", "bae"), time_zone="Asia/Seoul")}
    own = Token.made("bae")
    store.handle(RenewToken(token_digest=own.digest), tokens["bae"])
    ask = Ask(
        kind="grant",
        purpose="leads the case",
        expires_at=AT.replace(day=9),
        content={"person": "ahn", "role": "commander"},
    )
    request = store.handle(ask, tokens["ahn"]).request_id
    store.handle(Decide(request_id=request, reason="known to us"), own)
    store.handle(GrantRole(request_id=request), tokens["ahn"])
    tokens["ahn"].write(tmp_path / "ahn.token")
    yield Desk(store=store, me=tokens["ahn"], now=clock)
    store.close()


def result_folder(folder, *grades):
    folder.mkdir()
    rows = [
        {
            "plmn": "00101",
            "rat": "lte",
            "cell_type": "home",
            "cell": 19753073 + number,
            "from_at": datetime(2025, 8, 5, number, tzinfo=UTC),
            "to_at": datetime(2025, 8, 6, tzinfo=UTC),
            "alert_at": datetime(2025, 8, 5, 12, tzinfo=UTC),
            "grade": grade,
            "score": 0.97,
            "unit": "unit-1",
            "detectors": ["unregistered_cell"],
        }
        for number, grade in enumerate(grades)
    ]
    pq.write_table(pa.Table.from_pylist(rows, SUSPECTS), folder / "suspects.parquet")
    window = {"from": "2025-08-01T00:00:00Z", "to": "2025-08-31T00:00:00Z"}
    (folder / "summary.json").write_text(json.dumps({"window": window, "headlines": [{"query": "detect/spell.sql"}]}))
    (folder / "manifest.json").write_text(json.dumps({"outputs": {"suspects.parquet": {"rows": len(rows)}, "report.html": {}}}))
    return folder


def test_accused_episodes_become_findings_and_the_result_becomes_evidence(commander, tmp_path):
    opened = open_from_result(commander, result_folder(tmp_path / "result", "rogue", "explained", "suspect"))
    with commander.store.reading(commander.me, case_id=opened.case_id) as connection:
        held = overview(connection, opened.case_id)
    assert held["title"] == "result: 2 accused episodes"
    assert [row["happened_at"] for row in held["timeline"]] == [
        datetime(2025, 8, 5, 0, tzinfo=UTC),
        datetime(2025, 8, 5, 2, tzinfo=UTC),
    ]
    assert held["timeline"][0]["what"] == (
        "cell 0x12d6871 (00101 lte home), unit-1, graded rogue with score 0.97 by unregistered_cell; "
        "until 2025-08-06 00:00 UTC, alert possible from 2025-08-05 12:00 UTC"
    )
    (item,) = held["evidence"]
    assert (item["kind"], item["rows"], item["query"], item["first_at"]) == (
        "result",
        3,
        "detect/spell.sql",
        datetime(2025, 8, 1, tzinfo=UTC),
    )


def test_opening_a_case_binds_the_lake_and_leaves_one_that_is_bound(commander, tmp_path):
    result = result_folder(tmp_path / "result", "rogue")
    beside, other = Lake(tmp_path / "result.lake"), Lake(tmp_path / "other")
    beside.folder.mkdir()
    other.folder.mkdir()
    origin = commander.store.facts()["origin"]
    open_from_result(commander, result)
    assert json.loads(beside.approvals_path.read_text())["origin"] == origin
    open_from_result(commander, result, lake=other.folder)
    assert json.loads(other.approvals_path.read_text())["origin"] == origin
    other.approvals_path.write_text('{"store": "elsewhere", "origin": "another"}')
    open_from_result(commander, result, lake=other.folder)
    assert json.loads(other.approvals_path.read_text())["origin"] == "another"


def test_a_folder_that_is_no_result_opens_nothing(commander, tmp_path):
    with pytest.raises(MalformedInputError, match="no result folder"):
        open_from_result(commander, tmp_path)


def test_a_desk_is_opened_with_a_token_file(commander, tmp_path):
    with desk(str(tmp_path / "cases.sqlite"), tmp_path / "ahn.token", clock=clock) as at:
        assert at.zone == "Asia/Seoul"
        assert at.may_read({"case_id": "C-1"})
    with pytest.raises(RefusedError), desk(str(tmp_path / "cases.sqlite"), tmp_path / "none.token", clock=clock):
        pass
