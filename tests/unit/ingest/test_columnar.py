from __future__ import annotations

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.columnar import ColumnarReader, raw_rows

if TYPE_CHECKING:
    from pathlib import Path


def test_reads_the_named_columns_in_order(tmp_path: Path):
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"a": range(10), "b": [str(n) for n in range(10)], "c": range(10)}), path, row_group_size=4)
    reader = ColumnarReader(path, file="a.parquet")
    assert (reader.header, reader.rows) == (["a", "b", "c"], 10)
    batches = list(reader.batches(["b", "a"], few_values=["b"], batch_rows=3))
    assert max(batch.num_rows for batch in batches) <= 3
    assert [value for batch in batches for value in batch.column("a").to_pylist()] == list(range(10))
    assert pa.types.is_dictionary(batches[0].column("b").type)


def test_writes_rows_as_json_as_they_came():
    batch = pa.RecordBatch.from_arrays(
        [pa.array([1, None]), pa.array(["é", "b"]), pa.array([datetime(2025, 8, 5)] * 2)], ["a", "b", "c"]
    )
    assert raw_rows(batch, [1]) == ['{"a": null, "b": "b", "c": "2025-08-05 00:00:00"}']


def test_writes_rows_that_python_cannot_hold():
    text = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff"]).buffers())
    batch = pa.RecordBatch.from_arrays([text, pa.array([1 << 62], pa.timestamp("s"))], ["a", "b"])
    assert raw_rows(batch, [0]) == [f'{{"a": "\ufffd", "b": "{1 << 62}"}}']


def test_what_is_no_parquet_is_refused(tmp_path: Path):
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"a": range(1000)}), path)
    whole = path.read_bytes()
    for octets in (b"", b"at,imsi\n", whole[:-1], whole[:100], b"PAR1" + whole[100:]):
        path.write_bytes(octets)
        with pytest.raises(MalformedInputError, match=r"x/a\.parquet: no readable Parquet"):
            list(ColumnarReader(path, file="x/a.parquet").batches(["a"], few_values=[], batch_rows=100))
    with pytest.raises(MalformedInputError, match="cannot be read"):
        ColumnarReader(tmp_path / "none.parquet", file="none.parquet")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_nothing_but_malformed_input_comes_of_broken_octets(tmp_path: Path, data: st.DataObject):
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"a": [1, 2, 3], "b": ["x", "y", None]}), path)
    octets = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(octets) - 1), max_size=5)):
        octets[place] = data.draw(st.integers(0, 255))
    path.write_bytes(octets)
    with contextlib.suppress(MalformedInputError):
        reader = ColumnarReader(path, file="a.parquet")
        for batch in reader.batches(reader.header, few_values=[], batch_rows=2):
            raw_rows(batch, list(range(batch.num_rows)))
