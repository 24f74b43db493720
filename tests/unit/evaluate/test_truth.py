import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up_truth import CAFE, at, key, truth, write_truth

from cellwarden.evaluate.truth import read_truth
from cellwarden.foundation.errors import MalformedInputError, UsageError


def test_reads_what_the_demo_city_writes(tmp_path):
    said = read_truth(write_truth(tmp_path / "truth", truth()))
    assert [row["cell"] for row in said.rogue] == [row["cell"] for row in truth().rogue]
    assert [row["reason"] for row in said.decoys] == ["public_venue"]
    assert said.rogue[0]["from_at"] == at("05 16:00")
    assert said.absent == ("complaints", "confounders")
    assert said.cell_days is None
    assert said.thefts[0]["amount"] is None


def test_an_absent_optional_table_is_named(tmp_path):
    assert "tracks" in read_truth(write_truth(tmp_path / "truth", truth(), tracks=False)).absent


def test_without_records_the_manifest_says_the_cell_days(tmp_path):
    assert read_truth(write_truth(tmp_path / "truth", truth(manifest={"cell_days": 77}))).cell_days == 77


def test_amounts_come_from_the_records_where_the_truth_has_none(tmp_path):
    (tmp_path / "records").mkdir()
    paid = pa.table({"payment_id": ["P1"], "at": [at("05 16:35")], "amount": [700], "status": ["declined"]})
    pq.write_table(paid, tmp_path / "records" / "payments.parquet")
    (row,) = read_truth(write_truth(tmp_path / "truth", truth())).thefts
    assert (row["at"], row["amount"], row["status"]) == (at("05 16:35"), 700, "declined")


def write_rows(folder, name, counts):
    """Write an access file with so many rows at each (cell, moment)."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{**key(cell), "at": at(moment)} for (cell, moment), count in counts.items() for _ in range(count)]
    pq.write_table(pa.Table.from_pylist(rows), folder / name)


def test_cell_days_are_counted_in_the_records_by_cell_and_utc_day(tmp_path):
    """A day of nineteen rows could not have accused anybody; a cell-day may lie in two files."""
    folder = tmp_path / "records" / "access" / "date=2025-08-05"
    write_rows(folder, "part-0.parquet", {(1, "05 00:00"): 19, (1, "06 00:00"): 19, (2, "05 12:00"): 20, (3, "05 12:00"): 20})
    write_rows(folder, "part-1.parquet", {(1, "05 23:59"): 1})
    assert read_truth(write_truth(tmp_path / "truth", truth(manifest={"cell_days": 77}))).cell_days == 3


def test_a_file_of_a_broken_feed_counts_no_cell_days(tmp_path):
    write_rows(tmp_path / "records" / "access", "whole.parquet", {(1, "05 00:00"): 20})
    pq.write_table(pa.table({"at": [at("05 00:00")] * 20}), tmp_path / "records" / "access" / "torn.parquet")
    assert read_truth(write_truth(tmp_path / "truth", truth())).cell_days == 1


def test_records_may_lie_elsewhere(tmp_path):
    (tmp_path / "far").mkdir()
    paid = pa.table({"payment_id": ["P1"], "at": [datetime(2025, 8, 5, tzinfo=UTC)], "amount": [9], "status": ["approved"]})
    pq.write_table(paid, tmp_path / "far" / "payments.parquet")
    assert read_truth(write_truth(tmp_path / "truth", truth()), records=tmp_path / "far").thefts[0]["amount"] == 9


def test_a_confounder_of_a_cell_is_a_decoy_once():
    happened = {
        **key(CAFE),
        "code": "B15",
        "reason": "public_venue",
        "subject_kind": "cell",
        "from_at": at("01 00:00"),
        "to_at": None,
    }
    other = {**happened, "cell": 999, "reason": "renumbering"}
    pool = {**happened, "cell": None, "subject_kind": "core", "reason": "core_restart"}
    assert [row["reason"] for row in truth(confounders=[happened, other, pool]).decoys] == ["public_venue", "renumbering"]


def test_people_can_be_given_the_names_of_a_result():
    renamed = truth().renamed(lambda imsi: f"p{imsi[-1]}")
    assert [row["imsi"] for row in renamed.exposures] == ["p1", "p2", "p3"]
    assert renamed.thefts[0]["imsi"] == "p1"
    assert renamed.cells == truth().cells


@pytest.mark.parametrize("missing", ["cells.parquet", "manifest.json", "exposures.parquet"])
def test_a_folder_that_is_no_truth_is_refused(tmp_path, missing):
    folder = write_truth(tmp_path / "truth", truth())
    (folder / missing).unlink()
    with pytest.raises(UsageError, match=missing):
        read_truth(folder)


def test_a_table_without_a_column_is_refused(tmp_path):
    folder = write_truth(tmp_path / "truth", truth())
    pq.write_table(pa.table({"cell": [1]}), folder / "cells.parquet")
    with pytest.raises(MalformedInputError, match="no column plmn"):
        read_truth(folder)


def test_a_broken_manifest_is_refused(tmp_path):
    folder = write_truth(tmp_path / "truth", truth())
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(MalformedInputError, match="no JSON"):
        read_truth(folder)


def test_a_truth_without_rows_reads(tmp_path):
    said = read_truth(write_truth(tmp_path / "truth", truth(cells=[], exposures=[], thefts=[])))
    assert (said.rogue, said.decoys, said.thefts) == ([], [], [])
    assert json.dumps(said.manifest)
