"""`cellwarden case`, evidence: hashed, not copied; each hand is a step."""

import hashlib

from cellwarden.detect.seized import Seizure, read_seizures
from cellwarden.foundation.errors import RefusedError, UsageError


def test_an_item_is_hashed_and_its_hands_are_listed(typed, tmp_path):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    file = tmp_path / "seized.txt"
    file.write_text("one femtocell")
    item = typed.json(
        "han", "case", "evidence", "C-1", file, "--kind", "seized_equipment", "--source", "police", "--serial", "FC-1"
    )
    assert (item["sha256"], item["identifiers"]) == (hashlib.sha256(b"one femtocell").hexdigest(), {"serials": ["FC-1"]})
    file.write_text("another")
    typed.text("han", "case", "custody", "C-1", "E-1", file, "--place", "vault")
    steps = typed.json("oh", "case", "custody", "C-1", "E-1")
    assert [row["act"] for row in steps] == ["collected", "checked"]
    assert steps[0]["sha256"] != steps[1]["sha256"]


def test_a_folder_is_no_item(typed, tmp_path):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    typed.text("han", "case", "evidence", "C-1", tmp_path, "--kind", "records", "--source", "probe", fails_with=UsageError)


def test_seized_equipment_is_written_for_the_next_investigation(typed, tmp_path):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    out = tmp_path / "seized.toml"
    typed.text("han", "case", "seized", "C-1", "--out", out, fails_with=UsageError)
    listed = tmp_path / "list.txt"
    listed.write_text("one femtocell, one router")
    words = (
        "--kind",
        "seized_equipment",
        "--source",
        "police",
        "--serial",
        "FC-2",
        "--serial",
        "FC-1",
        "--address",
        "203.0.113.7",
    )
    typed.text("han", "case", "evidence", "C-1", listed, *words)
    typed.text("han", "case", "seized", "C-1", "--out", out)
    (found,) = read_seizures(out)
    assert found == Seizure(evidence="E-1", serials=frozenset({"FC-1", "FC-2"}), addresses=frozenset({"203.0.113.7"}))


def test_a_restatement_that_is_not_due_or_half_described_is_refused(typed):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    assert "no restatement is due" in typed.text("han", "case", "restate", "C-1", fails_with=RefusedError)
    assert "half of what is needed" in typed.text(
        "han", "case", "restate", "C-1", "--records", "records", fails_with=UsageError
    )
