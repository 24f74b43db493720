"""From a result folder to a bundle that its own verifier accepts."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))

from bundle_parts import parts

from cellwarden.exposure.people import PEOPLE
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.workflows.bundle import check_bundle, pack_bundle

DAY = date(2026, 1, 2)


@pytest.fixture
def given(tmp_path):
    """A result that names a real query, its records, a log and a report."""
    made = parts(tmp_path / "parts", query=PEOPLE.name)
    manifest = made.result / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "operator": {"name": ""}}))
    return made


def test_a_bundle_holds_every_query_behind_a_result_and_checks_out(given, tmp_path):
    out = tmp_path / "bundle"
    told = pack_bundle(
        given.result,
        out,
        on=DAY,
        records=tmp_path / "parts",
        logs=[given.logs["audit.jsonl"]],
        reports=[given.reports["first.pdf"]],
    )
    assert check_bundle(out) == {"found": [], "seal": told["seal"]}
    assert (out / "data/queries" / PEOPLE.name).read_text() == PEOPLE.text
    assert {path.name for path in (out / "data/log").iterdir()} == {"audit.jsonl", "audit.checkpoints.json"}
    assert (out / "data/records/access.csv").exists()


def test_records_stay_where_they_are_unless_they_are_named(given, tmp_path):
    pack_bundle(given.result, tmp_path / "bundle", on=DAY)
    assert not (tmp_path / "bundle/data/records").exists()


def test_a_revealed_result_is_not_handed_on(given, tmp_path):
    manifest = given.result / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "revealed": True}))
    with pytest.raises(RefusedError, match=r"real identifiers.*without --reveal"):
        pack_bundle(given.result, tmp_path / "bundle", on=DAY)
    assert not (tmp_path / "bundle").exists()


def test_another_seal_is_said(given, tmp_path):
    pack_bundle(given.result, tmp_path / "bundle", on=DAY)
    assert check_bundle(tmp_path / "bundle", seal="0" * 64)["found"] == [
        "tagmanifest-sha512.txt: its seal is not the one that you hold"
    ]


def test_a_folder_of_reports_is_packed_whole(given, tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("a.pdf", "b.hwpx"):
        (folder / name).write_text(name)
    pack_bundle(given.result, tmp_path / "bundle", on=DAY, reports=[folder])
    assert {path.name for path in (tmp_path / "bundle/data/reports").iterdir()} == {"a.pdf", "b.hwpx"}


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (lambda _given, tmp: pack_bundle(tmp, tmp / "b", on=DAY), "no result folder"),
        (lambda given, tmp: pack_bundle(given.result, tmp / "b", on=DAY, records=tmp), "the record is not there"),
        (lambda given, tmp: pack_bundle(given.result, tmp / "b", on=DAY, reports=[tmp / "lost.pdf"]), "no such file"),
        (
            lambda given, tmp: pack_bundle(given.result, tmp / "b", on=DAY, reports=[given.reports["first.pdf"]] * 2),
            "this name",
        ),
        (lambda _given, tmp: check_bundle(tmp / "lost"), "no folder"),
    ],
)
def test_a_call_that_cannot_be_meant_says_what_to_do(given, tmp_path, broken, what):
    with pytest.raises(UsageError, match=what):
        broken(given, tmp_path)
    assert not (tmp_path / "b").exists()


def test_a_folder_of_something_else_is_no_bundle(tmp_path):
    (tmp_path / "x").write_text("x")
    assert check_bundle(tmp_path)["found"]
