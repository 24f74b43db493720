"""A result folder: there as a whole or not at all."""

import json
from datetime import UTC, datetime

import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.result import result_folder, write_manifest, write_table, write_text


def write(out, text="one"):
    with result_folder(out) as folder:
        write_text(folder, "summary.json", text)
        write_manifest(folder, {"version": "0"})


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_result_appears_as_a_whole_and_leaves_nothing_beside(tmp_path):
    out = tmp_path / "deep" / "result"
    with result_folder(out) as folder:
        write_text(folder, "summary.json", "x")
        assert not out.exists()
        write_manifest(folder, {})
    assert names(out) == ["manifest.json", "summary.json"]
    assert names(out.parent) == ["result"]


def test_a_new_result_takes_the_place_of_the_old(tmp_path):
    out = tmp_path / "result"
    write(out)
    write(out, "two")
    assert (out / "summary.json").read_text() == "two"
    assert names(tmp_path) == ["result"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_result_and_no_draft(tmp_path, error):
    out = tmp_path / "result"
    for before in ([], ["result"]):
        with pytest.raises(error), result_folder(out) as folder:  # noqa: PT012 (fails within)
            write_text(folder, "summary.json", "half")
            raise error
        assert names(tmp_path) == before
        write(out)
    assert (out / "summary.json").read_text() == "one"


@pytest.mark.parametrize(
    "held",
    [
        {"notes.txt": "mine"},
        {"manifest.json": '{"format": 1, "inputs": [], "parts": {}}', "access.parquet": "a lake"},
        {"manifest.json": "no json", "a": ""},
        {"manifest.json": '{"outputs": {}}', "notes.txt": "mine"},
        {"manifest.json": "[]"},
    ],
)
def test_a_folder_that_is_not_ours_is_refused_and_left_alone(tmp_path, held):
    for name, text in held.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match="not a result folder"), result_folder(tmp_path):
        pytest.fail("must not begin")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == held


def test_a_file_is_no_result_folder(tmp_path):
    (tmp_path / "result").write_text("mine")
    with pytest.raises(UsageError), result_folder(tmp_path / "result"):
        pytest.fail("must not begin")


def test_a_result_that_was_on_its_way_when_the_run_was_killed_is_put_back(tmp_path):
    out = tmp_path / "result"
    write(out)
    out.rename(tmp_path / ".result.old")
    with pytest.raises(ValueError, match="bad input"), result_folder(out):
        raise ValueError("bad input")
    assert (out / "summary.json").read_text() == "one"


def test_the_manifest_names_every_file_with_digest_rows_and_span(tmp_path):
    write_table(tmp_path, "rejected", [{"file": "a", "row": 1, "reason": "r", "raw": ""}])
    write_table(tmp_path, "tracks", [])
    write_manifest(tmp_path, {"version": "0"})
    outputs = json.loads((tmp_path / "manifest.json").read_text())["outputs"]
    assert {name: entry["rows"] for name, entry in outputs.items()} == {"rejected.parquet": 1, "tracks.parquet": 0}
    assert all(len(entry["sha256"]) == 64 for entry in outputs.values())


def test_a_table_whose_rows_are_all_open_has_no_last_time(tmp_path):
    write_table(tmp_path, "findings", [{"finding_id": "f", "from_at": datetime(2025, 8, 5, tzinfo=UTC), "to_at": None}])
    write_manifest(tmp_path, {})
    entry = json.loads((tmp_path / "manifest.json").read_text())["outputs"]["findings.parquet"]
    assert (entry["rows"], entry["first_at"], entry["last_at"]) == (1, "2025-08-05T00:00:00Z", None)
