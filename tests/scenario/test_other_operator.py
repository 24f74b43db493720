"""The verdict on an operator that our generator does not know: its numbers must not have slipped into a detector."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cellwarden.workflows import investigate as workflow

sys.path.insert(0, str(Path(__file__).parent))

from other_operator import OUT_OF_SERVICE, Drive, Operator

SOURCES = {"all": (), "no registry": ("equipment.csv",), "no links": ("links.csv",)}


def suspects(operator, folder, drives=(), without=()):
    operator.write(folder / "records", drives)
    for name in without:
        (folder / "records" / name).unlink()
    request = workflow.Request(records=folder / "records", out=folder / "result")
    workflow.investigate(request, clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))
    rows = pq.read_table(folder / "result" / "suspects.parquet").to_pylist()
    return [row for row in rows if row["grade"] in ("rogue", "suspect")]


@pytest.mark.parametrize("without", SOURCES.values(), ids=SOURCES)
def test_no_honest_cell_is_accused(tmp_path, without):
    """One home cell in thirty is not in the registry, one in twelve comes late, and lines hop between addresses."""
    assert suspects(Operator(2), tmp_path, without=without) == []


@pytest.mark.parametrize("without", SOURCES.values(), ids=SOURCES)
def test_a_deleted_id_that_drives_about_is_found(tmp_path, without):
    drives = tuple(Drive(day, OUT_OF_SERVICE[which], f"X{which:04d}") for day, which in ((7, 3), (8, 3), (9, 17)))
    found = suspects(Operator(1), tmp_path, drives, without)
    assert {row["cell"] for row in found} == {drive.cell for drive in drives}
    assert all(any(row["from_at"] >= drive.begin and row["to_at"] <= drive.end for drive in drives) for row in found)


@pytest.mark.parametrize("without", SOURCES.values(), ids=SOURCES)
def test_the_clone_of_a_live_cell_is_found_and_its_household_left_alone(tmp_path, without):
    operator = Operator(4)
    drives = tuple(Drive(day, int(operator.home[unit]), f"E{unit:05d}") for day, unit in ((7, 5), (8, 5), (9, 50)))
    found = suspects(operator, tmp_path, drives, without)
    assert {row["cell"] for row in found} == {drive.cell for drive in drives}
    assert all(any(row["from_at"] >= drive.begin and row["to_at"] <= drive.end for drive in drives) for row in found)
