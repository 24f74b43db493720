"""Decoded rows to text or Parquet: one JSON object a line, RFC 4180, or a file of row groups."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import TextIO


def write_json(batches: Iterable[pa.RecordBatch], out: TextIO) -> int:
    """Write one JSON object a line; what is null is left out. Return the rows written."""
    rows = 0
    for batch in batches:
        out.writelines(
            json.dumps({name: value for name, value in row.items() if value is not None}, ensure_ascii=False) + "\n"
            for row in _plain(batch).to_pylist()
        )
        rows += batch.num_rows
    return rows


def write_csv(batches: Iterable[pa.RecordBatch], out: TextIO) -> int:
    """Write a header and one record a row (RFC 4180); lists are space separated, null is empty. Return the rows written."""
    rows = 0
    for number, batch in enumerate(batches):
        piece = io.StringIO()
        writer = csv.writer(piece, lineterminator="\r\n")
        if number == 0:
            writer.writerow(batch.schema.names)
        columns = [column.to_pylist() for column in _plain(batch).columns]
        writer.writerows([_cell(value) for value in row] for row in zip(*columns, strict=True))
        out.write(piece.getvalue())
        rows += batch.num_rows
    return rows


def write_parquet(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    """Write a Parquet file; without rows it still has its columns. Return the rows written."""
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") and not value[1:].isdecimal():
        return "'" + value  # a name sent by a stranger must not run as a formula in a spreadsheet
    return value


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch with times as ISO 8601 text in UTC."""
    columns = [
        pa.array([None if at is None else iso(at) for at in column.to_pylist()], pa.string())
        if pa.types.is_timestamp(column.type)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
