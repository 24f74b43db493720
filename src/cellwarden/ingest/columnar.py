"""Read Parquet in batches, bounded in memory, only the columns that are needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.records.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FAILURES = (pa.ArrowException, OSError, ValueError, RuntimeError, KeyError, TypeError, OverflowError, MemoryError)
"""What Arrow raises at files that are no Parquet, or broken inside."""
FEW_VALUES = (Kind.ENUM, Kind.TEXT)
"""Kinds with few distinct values in large tables: kept as a dictionary, so that each value is checked once."""
_READ_AHEAD = 1 << 20


class ColumnarReader:
    """One Parquet file."""

    def __init__(self, path: Path, *, file: str) -> None:
        self._path, self._file = path, file
        try:
            with parquet.ParquetFile(path) as opened:
                self.header: list[str] = list(opened.schema_arrow.names)
                self.rows: int = opened.metadata.num_rows
        except _FAILURES as error:
            raise self._malformed(error) from error

    def batches(self, names: list[str], *, few_values: list[str], batch_rows: int) -> Iterator[pa.RecordBatch]:
        """Yield the named columns of all rows, in file order.

        Args:
            names: Columns to read.
            few_values: Those of them to keep as dictionaries.
            batch_rows: Rows of one batch at most.
        """
        try:
            with parquet.ParquetFile(self._path, read_dictionary=few_values, buffer_size=_READ_AHEAD) as opened:
                yield from opened.iter_batches(batch_size=batch_rows, columns=names, use_threads=False)
        except _FAILURES as error:
            raise self._malformed(error) from error

    def _malformed(self, error: BaseException) -> MalformedInputError:
        if isinstance(error, OSError) and error.errno:
            return MalformedInputError(
                f"cannot be read ({error.strerror})", where=self._file, fix="Check that it exists and may be read"
            )
        return MalformedInputError(
            f"no readable Parquet ({type(error).__name__})",
            where=self._file,
            fix="Copy it again, whole; `parquet-tools inspect` may tell more",
        )


def raw_rows(batch: pa.RecordBatch, rows: list[int]) -> list[str]:
    """Write rows of a batch as JSON, as they came."""
    try:
        values = batch.take(pa.array(rows, pa.int64())).to_pylist()
    except (UnicodeDecodeError, ValueError, OverflowError):  # octets that are no text, times beyond Python's
        return [
            _json({name: _value(batch.column(place)[row]) for place, name in enumerate(batch.schema.names)}) for row in rows
        ]
    return [_json(value) for value in values]


def _value(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.cast(pa.binary()).as_py().decode("utf-8", "replace")
    except (ValueError, OverflowError):
        return str(scalar.cast(pa.int64()))


def _json(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)
