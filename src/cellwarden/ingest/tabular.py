"""Read a file of a table, CSV or Parquet: every row comes out, accepted or rejected with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.foundation.redaction import mask_digits, redact
from cellwarden.ingest.cells import LTE_BITS
from cellwarden.ingest.columnar import FEW_VALUES, ColumnarReader, raw_rows
from cellwarden.ingest.columns import Parsed, parse_column
from cellwarden.ingest.delimited import DelimitedReader, TextRows
from cellwarden.ingest.streams import as_utf8, open_octets
from cellwarden.ingest.verdict import mask_of
from cellwarden.records.batch import Batch
from cellwarden.records.rejected import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from cellwarden.ingest.mapping import TableMapping
    from cellwarden.records.tables import Column, Table

BATCH_ROWS = 262_144
IMSI_LENGTH = "imsi_length:"
"""Prefix of the faults that count accepted rows by the digits of their IMSI; `short_imsi` makes the figure of it."""
_LTE_TYPES = ("macro", "home", "short_macro", "long_macro")
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a table are in one file."""

    found: dict[str, str]
    """Contract column: column of the file."""
    constants: dict[str, str]
    """Contract column: the value of every row, from the mapping or from a partition folder."""
    absent: tuple[str, ...]
    """Optional columns that the file does not have."""
    extra: tuple[str, ...]
    """Columns of the file that the contract does not know, or that a constant stands in for."""


def layout(header: list[str], *, file: str, table: Table, mapping: TableMapping) -> Layout:
    """Find the columns of a table in a file.

    Args:
        header: The file's columns.
        file: Its path inside the record folder; folders called `column=value` fill columns that the file lacks.
        table: What it should hold.
        mapping: What the columns are called.

    Raises:
        MalformedInputError: A required column, or one that the mapping names, is missing or there twice.
    """
    found: dict[str, str] = {}
    constants = dict(mapping.constants)
    partitions = {
        key: unquote(value) for key, is_pair, value in (part.partition("=") for part in file.split("/")[:-1]) if is_pair
    }
    for column in table.columns:
        name = column.name
        foreign = mapping.foreign(name)
        if name in constants:
            continue
        if header.count(foreign) > 1:
            raise MalformedInputError(f"two columns are called {foreign}", where=file, fix="Rename one of them")
        if foreign in header:
            found[name] = foreign
        elif name in partitions:
            constants[name] = "" if partitions[name] == _NO_VALUE else partitions[name]
        elif column.required or name in mapping.columns:
            raise _missing(foreign, name, header, file, table)
    used = set(found.values())
    return Layout(
        found=found,
        constants={name: constants[name] for name in sorted(constants)},
        absent=tuple(column.name for column in table.columns if column.name not in found and column.name not in constants),
        extra=tuple(dict.fromkeys(name for name in header if name not in used)),
    )


def _missing(foreign: str, name: str, header: list[str], file: str, table: Table) -> MalformedInputError:
    by_lower = {each.lower(): each for each in header}
    near = by_lower.get(foreign.lower()) or next(iter(get_close_matches(foreign, header, 1)), "THEIR_NAME")
    shown = ", ".join(redact(mask_digits(each), keep=24) for each in header[:30])
    return MalformedInputError(
        f"column {foreign} of {table.name} is missing; the file has {shown}",
        where=file,
        fix=f'Add a header row, or map it in a mapping file: [{table.name}] columns = {{ {name} = "{mask_digits(near)}" }}',
    )


def read_layout(path: Path, *, file: str, table: Table, mapping: TableMapping) -> Layout:
    """Find the columns of a table in a file, reading its head only; raises as `read_table`."""
    header = ColumnarReader(path, file=file).header if _is_parquet(path) else _delimited(path, file, mapping).header
    return layout(header, file=file, table=table, mapping=mapping)


def read_table(path: Path, *, file: str, table: Table, mapping: TableMapping, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Read a file of a table.

    An empty line of a CSV file is no record: it is neither read nor numbered. The file may change meanwhile; compare
    `fingerprint.fingerprint` before and after.

    Args:
        path: Where it is; the end of its name says its format.
        file: Its path inside the record folder, for rejections and partition folders.
        table: What it should hold.
        mapping: What its columns and values are called.
        batch_rows: Rows of one batch at most.

    Yields:
        Batches in file order; optional columns that the file lacks are null. `faults` counts accepted rows by the
        digits of their IMSI (`imsi_length:15`), see `short_imsi`.

    Raises:
        MalformedInputError: Unreadable, truncated, swelling, or without a required column.
    """
    opened = _File(path, file, table, mapping, batch_rows)
    yield from opened.parquet() if _is_parquet(path) else opened.text()


def short_imsi(lengths: dict[str, int]) -> int:
    """Return how many IMSIs are shorter than is usual in a file.

    Args:
        lengths: The faults of all its batches, summed; the usual length is the most frequent one, of equals the longer.
    """
    counts = {int(kind.removeprefix(IMSI_LENGTH)): count for kind, count in lengths.items() if kind.startswith(IMSI_LENGTH)}
    if not counts:
        return 0
    usual = max(counts, key=lambda length: (counts[length], length))
    return sum(count for length, count in counts.items() if length < usual)


def _is_parquet(path: Path) -> bool:
    return path.name.endswith(".parquet")


def _delimited(path: Path, file: str, mapping: TableMapping) -> DelimitedReader:
    pieces = as_utf8(open_octets(path, file=file), mapping.encoding)
    return DelimitedReader(pieces, file=file, delimiter=mapping.delimiter)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of a table and how it is read."""

    path: Path
    file: str
    table: Table
    mapping: TableMapping
    batch_rows: int

    def layout(self, header: list[str]) -> Layout:
        return layout(header, file=self.file, table=self.table, mapping=self.mapping)

    def parquet(self) -> Iterator[Batch]:
        """Read it as Parquet."""
        reader = ColumnarReader(self.path, file=self.file)
        where = self.layout(reader.header)
        few = [foreign for name, foreign in where.found.items() if self.table.column(name).kind in FEW_VALUES]
        first = 0
        for batch in reader.batches(list(where.found.values()), few_values=few, batch_rows=self.batch_rows):
            columns = {name: batch.column(foreign) for name, foreign in where.found.items()}
            numbers = np.arange(first, first + batch.num_rows)
            yield self.checked(_Rows(where, columns, numbers, partial(raw_rows, batch), []))
            first += batch.num_rows

    def text(self) -> Iterator[Batch]:
        """Read it as CSV."""
        reader = _delimited(self.path, self.file, self.mapping)
        where = self.layout(reader.header)
        places = {name: reader.header.index(foreign) for name, foreign in where.found.items()}
        for piece in _gathered(reader, self.batch_rows):
            columns = {name: piece.columns[place] for name, place in places.items()}
            yield self.checked(_Rows(where, columns, piece.numbers, partial(_joined, piece.columns), piece.rejected))

    def checked(self, rows: _Rows) -> Batch:
        """Read every column of some rows and part the good rows from the bad."""
        parsed = {column.name: self._parsed(column, rows) for column in self.table.columns}
        _check_cells(parsed)
        codes, reasons = np.zeros(len(rows.numbers), np.int32), [""]
        for name, each in parsed.items():
            ours = each.verdict.codes
            for code, why in enumerate(each.verdict.reasons, start=1):
                reasons.append(f"{name}: {why}")
                codes[(codes == 0) & (ours == code)] = len(reasons) - 1
        accepted = pa.Table.from_arrays([each.values for each in parsed.values()], schema=self.table.clear_schema)
        rejected = rows.refused
        if codes.any():
            bad = np.flatnonzero(codes).tolist()
            found = [
                Rejected(self.file, int(rows.numbers[row]), reasons[codes[row]], text)
                for row, text in zip(bad, rows.raw(bad), strict=True)
            ]
            rejected = sorted([*found, *rejected], key=lambda each: each.row or 0)
            accepted = accepted.filter(pa.array(codes == 0))
        return Batch(self.table, accepted, rejected, _lengths(accepted))

    def _parsed(self, column: Column, rows: _Rows) -> Parsed:
        """Read one column, or the one value of all its rows, or nothing."""
        raw = rows.columns.get(column.name)
        if raw is None and (value := rows.where.constants.get(column.name)):
            raw = pa.DictionaryArray.from_arrays(np.zeros(len(rows.numbers), np.int32), pa.array([value], pa.string()))
        return parse_column(pa.nulls(len(rows.numbers)) if raw is None else raw, column, self.mapping, where=self.file)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows of a file as they came."""

    where: Layout
    columns: dict[str, pa.Array]
    """By the contract's names."""
    numbers: NDArray[np.int64]
    raw: Callable[[list[int]], list[str]]
    """Writes rows, by their place here, as they came."""
    refused: list[Rejected]
    """Records that are no rows at all."""


def _gathered(pieces: Iterable[TextRows], batch_rows: int) -> Iterator[TextRows]:
    """Put small pieces together and cut large ones, so that each has `batch_rows` rows; the last may have fewer."""
    waiting: list[TextRows] = []
    rows = refused = 0
    for piece in pieces:
        waiting.append(piece)
        rows, refused = rows + len(piece.numbers), refused + len(piece.rejected)
        if rows >= batch_rows or refused >= batch_rows:
            *whole, rest = _cut(waiting, batch_rows)
            yield from whole
            waiting, rows, refused = [rest], len(rest.numbers), len(rest.rejected)
            if refused >= batch_rows:
                yield waiting.pop()
                rows = refused = 0
    if rows or refused:
        yield from _cut(waiting, batch_rows)


def _cut(waiting: list[TextRows], batch_rows: int) -> Iterator[TextRows]:
    """Yield the rows in pieces of `batch_rows`, refused records with the rows before them."""
    columns = [pa.concat_arrays(parts) for parts in zip(*(piece.columns for piece in waiting), strict=True)]
    numbers = np.concatenate([piece.numbers for piece in waiting])
    rejected = [each for piece in waiting for each in piece.rejected]
    for start in range(0, max(len(numbers), 1), batch_rows):
        ours = numbers[start : start + batch_rows]
        is_last = start + batch_rows >= len(numbers)
        now = rejected if is_last else [each for each in rejected if (each.row or 0) < ours[-1]]
        rejected = rejected[len(now) :]
        yield TextRows([column.slice(start, batch_rows) for column in columns], ours, now)


def _joined(columns: list[pa.Array], rows: list[int]) -> list[str]:
    """Write records as they came, but for quotes."""
    chosen = pa.array(rows, pa.int64())
    values = (column.take(chosen).to_pylist() for column in columns)
    return [",".join(value or "" for value in record) for record in zip(*values, strict=True)]


def _check_cells(parsed: dict[str, Parsed]) -> None:
    """Hold cell numbers against the kind of cell: 28 bits in LTE, and an eNB id is a macro cell's."""
    if "cell" not in parsed or "cell_type" not in parsed:
        return
    cell, cell_type = parsed["cell"], parsed["cell_type"]
    if cell.is_macro is not None:
        is_known = np.asarray(cell_type.values.is_valid().to_numpy(zero_copy_only=False))
        other = cell.is_macro & is_known & ~mask_of(pc.equal(cell_type.values, "macro"))
        cell.verdict.fail(other, "written as eNB id and cell, but cell_type is not macro")
        values = pc.if_else(pa.array(cell.is_macro & ~is_known), "macro", cell_type.values)
        parsed["cell_type"] = cell_type = Parsed(values, cell_type.verdict)
    wide = np.asarray(cell.values.fill_null(0).to_numpy()) >= 1 << LTE_BITS
    if wide.any():
        is_lte = mask_of(pc.is_in(cell_type.values, value_set=pa.array(_LTE_TYPES)))
        if "rat" in parsed:
            is_lte |= mask_of(pc.equal(parsed["rat"].values, "lte"))
        cell.verdict.fail(wide & is_lte, f"more than {LTE_BITS} bits in LTE")


def _lengths(accepted: pa.Table) -> dict[str, int]:
    """Count rows by the digits of their IMSI."""
    if "imsi" not in accepted.schema.names:
        return {}
    lengths = pc.binary_length(accepted.column("imsi")).drop_null().to_numpy()
    found, counts = np.unique(lengths, return_counts=True)
    return {f"{IMSI_LENGTH}{length}": count for length, count in zip(found.tolist(), counts.tolist(), strict=True)}
