"""A case leaves the store masked; a reveal of this very case names whom it names, and nobody else."""

from __future__ import annotations

import json
import re
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "incident" / "case"))

from response import Response

from cellwarden.evidence.log import first_break
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.case.timeline import RecordEntry
from cellwarden.incident.privacy.reveals import AskReveal
from cellwarden.lake.store import Lake
from cellwarden.workflows.case_export import SECTIONS, export_case
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.respond import Desk, open_from_result

RECORDS = Path(__file__).parents[3] / "docs/tutorial/records"


@pytest.fixture(scope="module")
def investigated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("investigated")
    investigate(Request(records=RECORDS, out=folder / "result"), clock=lambda: datetime(2025, 9, 1, tzinfo=UTC))
    return folder


@pytest.fixture
def house(investigated, tmp_path, tmp_path_factory):
    """Give the response, a case in which two of the exposed are spoken of, and their pseudonyms."""
    investigated = Path(
        shutil.copytree(investigated, tmp_path_factory.mktemp("house") / "copy")
    )  # a lake is bound to one store
    response = Response.made(str(tmp_path / "cases.sqlite"))
    desk = Desk(store=response.store, me=response.tokens["kim"], now=response.clock)
    case_id = open_from_result(desk, investigated / "result").case_id
    people = sorted(set(pq.read_table(investigated / "result/exposures.parquet")["imsi"].to_pylist()))[:2]
    what = f"{people[0]} called about a charge, {people[1]} from 203.0.113.77 too; the agent noted 4821 and 482193"
    response.do("kim", RecordEntry(case_id=case_id, happened_at=response.clock.at, kind="contact", what=what))
    yield response, case_id, people, Lake(investigated / "result.lake")
    response.store.close()


def desk_of(response, name):
    return Desk(store=response.store, me=response.tokens[name], now=response.clock)


def approved(response, case_id, people):
    ask = AskReveal(case_id=case_id, purpose="the court asks for one name", until_at=response.clock.at + timedelta(hours=5), people=tuple(people))  # fmt: skip
    request = response.do("dho", ask).request_id
    response.do("seo", Decide(request_id=request, reason="the order was read"))
    return request


def identifiers():
    text = "".join(path.read_text() for path in RECORDS.glob("*.csv"))
    return set(re.findall(r"\b00101\d{10}\b", text))


def test_an_export_is_masked_in_both_files_and_says_so(house, tmp_path):
    response, case_id, people, _ = house
    told = export_case(desk_of(response, "oh"), case_id, tmp_path / "out")
    assert (told.people, told.people_named) == (2, 0)
    for name in ("case.json", "case.html"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert not [each for each in (*people, *identifiers()) if each in text], name
        assert "person-1 called about a charge, person-2 from 203.0.113.x too; the agent noted 4821 and ######" in text
    content = json.loads((tmp_path / "out/case.json").read_text())
    assert content["exported"]["masked"] is True
    assert set(SECTIONS) <= set(content)
    assert content["log"], "the auditor reads the log"
    page = (tmp_path / "out/case.html").read_text(encoding="utf-8")
    assert "가림 처리됨" in page
    assert "Masked: 2 subscribers" in page


def test_two_exports_of_one_case_hold_the_same_and_the_second_tells_of_the_first(house, tmp_path):
    response, case_id, _, _ = house
    for name in ("a", "b"):
        export_case(desk_of(response, "oh"), case_id, tmp_path / name)
    one, two = (json.loads((tmp_path / name / "case.json").read_text()) for name in ("a", "b"))
    assert [line["act"] for line in two["log"]][-1] == "case_exported"
    assert {**one, "log": []} == {**two, "log": []}


def test_a_reveal_of_this_case_names_whom_it_names_and_nobody_else(house, tmp_path):
    response, case_id, people, lake = house
    request = approved(response, case_id, people[:1])
    told = export_case(desk_of(response, "dho"), case_id, tmp_path / "out", approval=request, lake=lake)
    assert (told.people, told.people_named, told.approval) == (2, 1, request)
    text = (tmp_path / "out/case.json").read_text()
    shown = [each for each in identifiers() if each in text]
    assert len(shown) == 1
    assert f"{shown[0]} called about a charge, person-" in text
    page = (tmp_path / "out/case.html").read_text(encoding="utf-8")
    assert "the court asks for one name" in page
    acts = [json.loads(line)["act"] for line in response.store.log_lines()]
    assert acts[-2:] == ["identifiers_opened", "case_exported"]
    assert first_break(response.store.log_lines()) is None


def test_without_an_approval_that_holds_nothing_is_written(house, tmp_path):
    response, case_id, people, lake = house
    out = tmp_path / "out"
    ask = AskReveal(case_id=case_id, purpose="notices are due", until_at=response.clock.at + timedelta(hours=5), people=tuple(people))  # fmt: skip
    waiting = response.do("dho", ask).request_id
    other = response.case()
    elsewhere = approved(response, other, people)
    ask = AskReveal(case_id=case_id, purpose="an investigation", until_at=response.clock.at + timedelta(hours=5), most_people=9)
    nobody = response.do("dho", ask).request_id
    response.do("seo", Decide(request_id=nobody, reason="the order was read"))
    for who, request, message in (
        ("dho", waiting, "not approved"),
        ("dho", elsewhere, "no reveal of this case"),
        ("dho", nobody, "names nobody"),
        ("dho", "R-999", "no reveal of this case"),
        ("oh", approved(response, case_id, people), "may not|somebody else"),
    ):
        with pytest.raises(RefusedError, match=message):
            export_case(desk_of(response, who), case_id, out, approval=request, lake=lake)
    with pytest.raises(UsageError, match="--lake"):
        export_case(desk_of(response, "dho"), case_id, out, approval=elsewhere)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.sqlite"]
    assert "case_exported" not in {json.loads(line)["act"] for line in response.store.log_lines()}


def test_nothing_is_replaced(house, tmp_path):
    response, case_id, _, _ = house
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="there already"):
        export_case(desk_of(response, "oh"), case_id, tmp_path / "out")


def test_an_export_that_a_kill_kept_from_its_name_gets_it_and_is_logged_once(house, tmp_path):
    response, case_id, people, lake = house
    out, draft = tmp_path / "out", tmp_path / ".out.draft"
    request = approved(response, case_id, people[:1])
    told = export_case(desk_of(response, "dho"), case_id, out, approval=request, lake=lake)
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    lines = response.store.log_lines()
    out.rename(draft)  # as a kill between the log and the name leaves it
    assert export_case(desk_of(response, "dho"), case_id, out, approval=request, lake=lake) == told
    assert {path.name: path.read_bytes() for path in out.iterdir()} == written
    assert response.store.log_lines() == lines
    assert not draft.exists()


@pytest.mark.parametrize("other", ["person", "approval", "bytes"])
def test_what_lies_in_the_draft_of_another_export_is_not_handed_out(house, tmp_path, other):
    response, case_id, people, lake = house
    out, draft = tmp_path / "out", tmp_path / ".out.draft"
    export_case(desk_of(response, "dho"), case_id, out, approval=approved(response, case_id, people[:1]), lake=lake)
    out.rename(draft)
    if other == "bytes":
        (draft / "case.json").write_text("{}")
    who = "oh" if other == "person" else "dho"
    request = approved(response, case_id, people[:1]) if other == "bytes" else None
    told = export_case(desk_of(response, who), case_id, out, approval=request, lake=lake)
    assert told.people_named == (1 if other == "bytes" else 0)
    assert not draft.exists()
    shown = [each for each in identifiers() if each in (out / "case.json").read_text()]
    assert len(shown) == told.people_named
