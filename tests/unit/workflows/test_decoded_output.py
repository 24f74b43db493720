"""Decoded rows as JSON lines, CSV and Parquet."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.workflows.decode import schema_of
from cellwarden.workflows.decoded_output import write_csv, write_json, write_parquet

SCHEMA = schema_of(["frame", "at", "enb_name", "csg_ids", "uplink", "private_identity"])
ROW = {
    "frame": 1,
    "at": datetime(2025, 8, 5, 1, 2, 3, 4),
    "enb_name": 'a "b", 글',
    "csg_ids": [1, 2],
    "uplink": True,
    "private_identity": None,
}
BATCHES = [
    pa.RecordBatch.from_pylist([ROW], schema=SCHEMA),
    pa.RecordBatch.from_pylist([ROW, ROW | {"frame": 2}], schema=SCHEMA),
]
EMPTY = [pa.RecordBatch.from_pylist([], schema=SCHEMA)]


def test_json_is_one_object_a_line_without_nulls():
    out = io.StringIO()
    assert write_json(BATCHES, out) == 3
    lines = out.getvalue().splitlines()
    assert len(lines) == 3
    assert json.loads(lines[0]) == {
        "frame": 1,
        "at": "2025-08-05T01:02:03.000004Z",
        "enb_name": 'a "b", 글',
        "csg_ids": [1, 2],
        "uplink": True,
    }


def test_csv_has_one_header_and_quotes_what_needs_it():
    out = io.StringIO(newline="")
    assert write_csv(BATCHES, out) == 3
    records = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert records[0] == SCHEMA.names
    assert records[1] == ["1", "2025-08-05T01:02:03.000004Z", 'a "b", 글', "1 2", "true", ""]
    assert len(records) == 4


def test_csv_without_rows_has_its_header():
    out = io.StringIO(newline="")
    assert write_csv(EMPTY, out) == 0
    assert out.getvalue() == ",".join(SCHEMA.names) + "\r\n"


def test_names_of_strangers_do_not_become_formulas():
    out = io.StringIO(newline="")
    write_csv([pa.RecordBatch.from_pylist([ROW | {"enb_name": "=HYPERLINK(1)"}], schema=SCHEMA)], out)
    assert "'=HYPERLINK(1)" in out.getvalue()


def test_parquet_keeps_types_and_columns(tmp_path):
    assert write_parquet(BATCHES, SCHEMA, tmp_path / "a.parquet") == 3
    assert pq.read_table(tmp_path / "a.parquet").to_pylist()[0] == ROW
    assert write_parquet(EMPTY, SCHEMA, tmp_path / "b.parquet") == 0
    assert pq.read_schema(tmp_path / "b.parquet").names == SCHEMA.names
