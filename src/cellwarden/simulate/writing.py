"""Record files: tables of the contract as Parquet or CSV, the same bytes for the same columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from cellwarden.records.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cellwarden.records.tables import Table
    from cellwarden.simulate.randomness import Reals, Whole

START = datetime(2025, 8, 3, 15, 0, tzinfo=UTC)
"""First instant: Monday 4 August 2025, 00:00 in Seoul."""
TIME_ZONE = "Asia/Seoul"
FIRST_WEEKDAY = 0
STAMP = pa.timestamp("us", tz="UTC")


def instant(seconds: float) -> datetime:
    """Return the UTC time that is so many seconds after the beginning, to the microsecond."""
    return START + timedelta(microseconds=round(seconds * 1e6))


def microseconds(seconds: Reals) -> Whole:
    """Return microseconds since 1970."""
    return np.asarray(np.rint(seconds * 1e6).astype(np.int64) + int(START.timestamp()) * 1_000_000)


def stamps(seconds: Reals) -> pa.Array:
    """Return UTC timestamps; NaN becomes null."""
    unknown = np.isnan(seconds)
    return pa.array(microseconds(np.where(unknown, 0.0, seconds)), mask=unknown).cast(STAMP)


def words(codes: Whole, vocabulary: Sequence[str]) -> pa.Array:
    """Return the words of codes; negative codes become null."""
    indices = pa.array(np.where(codes < 0, 0, codes).astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(vocabulary, pa.string())).dictionary_decode()


def numbers(codes: Whole) -> pa.Array:
    """Return integers; negative ones become null."""
    return pa.array(codes, mask=codes < 0)


def schema_of(table: Table) -> pa.Schema:
    """Return the schema of the files: identifiers as text, times in UTC with zone."""
    return pa.schema(
        [(column.name, STAMP if column.kind is Kind.TIMESTAMP else column.kind.clear_arrow) for column in table.columns]
    )


def arrow_table(table: Table, columns: Mapping[str, object]) -> pa.Table:
    """Return the columns in the table's order and types; absent ones are null."""
    count = len(next(iter(columns.values())))  # type: ignore[arg-type]  # every column is a sequence
    if unknown := set(columns) - {column.name for column in table.columns}:
        raise KeyError(*sorted(unknown))
    return pa.table(
        [
            pa.array(columns[field.name], field.type)
            if isinstance(columns.get(field.name), list)
            else pa.array(columns[field.name]).cast(field.type)
            if field.name in columns
            else pa.nulls(count, field.type)
            for field in schema_of(table)
        ],
        schema=schema_of(table),
    )


def write(path: Path, content: pa.Table) -> None:
    """Write one file; the suffix says the format. Times in CSV are ISO 8601 with `Z`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(content, path, compression="zstd", compression_level=3)
        return
    for index, field in enumerate(content.schema):
        if pa.types.is_timestamp(field.type):
            text = pc.strftime(content.column(index).cast(pa.timestamp("us")), format="%Y-%m-%dT%H:%M:%SZ")
            content = content.set_column(index, field.name, text)
    pyarrow.csv.write_csv(content, path, pyarrow.csv.WriteOptions(quoting_style="needed"))


def write_by_day(folder: Path, content: pa.Table) -> None:
    """Write one folder a UTC day of `at`: `date=2025-08-05/part-0.parquet`; rows are in time order."""
    day = pc.floor_temporal(content.column("at"), unit="day").cast(pa.int64()).to_numpy()
    cuts = np.flatnonzero(np.diff(day)) + 1
    for first, last in zip([0, *cuts], [*cuts, len(day)], strict=True):
        if last > first:
            date = datetime.fromtimestamp(int(day[first]) / 1e6, tz=UTC).date().isoformat()
            write(folder / f"date={date}" / "part-0.parquet", content.slice(int(first), int(last - first)))
