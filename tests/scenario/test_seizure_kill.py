"""Seized equipment enters and the census is restated as one act: killed at any of its stages, it is due or written, never half."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "incident" / "case"))

from response import Response, Turned

from cellwarden.evidence.log import first_break
from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case import overview
from cellwarden.incident.case.store import CaseStore
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.regroup import places, restate_case
from cellwarden.workflows.respond import Desk, open_from_result

ACT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from cellwarden.incident.case.evidence_items import EnterEvidence
from cellwarden.incident.case.store import opened_store
from cellwarden.incident.case.token import Token
from cellwarden.workflows import regroup
from cellwarden.workflows.respond import Desk
store, secret, point = sys.argv[1:]
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if point in ("restate_case", "investigate", "restate", "WriteRestatement"):
    setattr(regroup, point, die)
def progress(stage, done, total, unit):
    if stage == point:
        die()
clock = lambda: datetime(2025, 9, 6, tzinfo=UTC)
at = Desk(store=opened_store(store, clock=clock), me=Token("han", secret), now=clock)
seized = EnterEvidence(case_id="C-1", kind="seized_equipment", name="list.txt", sha256="a" * 64, source="police",
    identifiers={"serials": ["FX-900001", "FX-900002"]})
regroup.enter_seized(at, seized, progress=progress)
die()
"""
POINTS = ("restate_case", "investigate", "census", "write", "restate", "WriteRestatement", "afterwards")
"""Before anything is investigated, in three stages of it, between the folders, before the last transaction, and after it."""


@pytest.fixture(scope="module")
def opened(shared, tmp_path_factory):
    """Give a folder with a result, its lake, and a case that was opened with it."""
    folder = tmp_path_factory.mktemp("seizure")
    records = shared / "design/worked-example/records"
    investigate(Request(records=records, out=folder / "result"), clock=lambda: datetime(2025, 9, 5, tzinfo=UTC))
    response = Response.made(str(folder / "cases.sqlite"), {"kim": "commander", "han": "analyst", "oh": "auditor"})
    response.store.close()
    (folder / "tokens.json").write_text(json.dumps({name: each.secret for name, each in response.tokens.items()}))
    return folder, records, response.tokens


def moved(opened, place):
    """Copy the folder, open the case in it with its own places, and give the desk of the analyst."""
    folder, records, tokens = opened
    shutil.copytree(folder, place, dirs_exist_ok=True)
    store = CaseStore(str(place / "cases.sqlite"), clock=Turned())
    open_from_result(
        Desk(store=store, me=tokens["kim"], now=Turned()), place / "result", places=places(records, place / "result", None)
    )
    return Desk(store=store, me=tokens["han"], now=Turned(datetime(2025, 9, 6, tzinfo=UTC)))


def acted(place, tokens, point):
    words = [sys.executable, "-c", ACT, str(place / "cases.sqlite"), tokens["han"].secret, point]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr


def held(desk):
    with desk.store.reading(desk.me, case_id="C-1") as connection:
        return overview.overview(connection, "C-1")


def content(place):
    folders = (place / "C-1-census-2", place / "C-1-census-2-restatement")
    return {path.relative_to(place): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def undisturbed(opened, tmp_path_factory):
    """Give the bytes of the version as it is written where nothing is killed before its end."""
    place = tmp_path_factory.mktemp("undisturbed")
    moved(opened, place).store.close()
    acted(place, opened[2], "afterwards")
    return content(place)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_the_restatement_due_and_made_again_it_gives_the_same_bytes(opened, undisturbed, tmp_path, point):
    desk = moved(opened, tmp_path)
    acted(tmp_path, opened[2], point)
    killed = held(desk)
    assert killed["evidence"][1]["kind"] == "seized_equipment"
    if point == "afterwards":
        assert [row["state"] for row in killed["restatements"]] == ["written"]
    else:
        assert [row["state"] for row in killed["restatements"]] == ["due"]
        assert len(killed["evidence"]) == 2, "half a version"
        restate_case(desk, "C-1")
    version = held(desk)
    assert [(row["state"], row["version"], row["evidence_id"]) for row in version["restatements"]] == [("written", 2, "E-2")]
    assert [row["kind"] for row in version["evidence"]] == ["result", "seized_equipment", "result", "document"]
    assert "census version 2, restated because of E-2: 13 people" in version["timeline"][-1]["what"]
    assert [version["restatements"][0]["told"]["units"][side] for side in ("before", "after")] == [2, 1]
    assert content(tmp_path) == undisturbed
    with pytest.raises(RefusedError, match="no restatement is due"):
        restate_case(desk, "C-1")
    assert first_break(desk.store.log_lines()) is None
    desk.store.close()
