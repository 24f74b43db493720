"""All we ask of an engine: name Parquet files, materialise a named step, hand out rows.

An analysis is one `.sql` file of named steps in the portable subset (`docs/explanation/portable-sql.md`):

    -- @table pairs
    SELECT …            each named step is materialised, so nothing is computed twice
    -- @result
    SELECT …            what the analysis gives

Values go in as `:name` and come out as SQL literals, so that the text a report prints can be run again as it stands.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, final

import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.foundation.clock import naive
from cellwarden.foundation.errors import CellwardenError, UsageError
from cellwarden.foundation.redaction import mask_digits

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

Value = int | float | str | datetime | None
"""What may go into a query."""

_STEP = re.compile(r"^-- @(?:table (\w+)|result)\s*$", flags=re.MULTILINE)
_PLACEHOLDER = re.compile(r"(?<![:\w]):([a-z_]\w*)")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_QUOTED = re.compile(r"'[^']*'?")
_MEANT_OTHERWISE = re.compile(r"['\\]")
ROW_GROUP = 122_880
"""Rows of a Parquet row group: DuckDB's own unit, so that a scan skips in whole vectors."""


@dataclass(frozen=True, slots=True)
class Script:
    """One analysis: the steps of a `.sql` file."""

    name: str
    """Path under `cellwarden`, as reports name it: `detect/registry/unregistered_cell.sql`."""
    text: str

    @classmethod
    def beside(cls, module_file: str, file_name: str) -> Script:
        """Read the script that lies beside a module (`Script.beside(__file__, "census.sql")`)."""
        path = Path(module_file).with_name(file_name)
        package_root = Path(__file__).parents[1]
        return cls(path.relative_to(package_root).as_posix(), path.read_text(encoding="utf-8"))

    def steps(self) -> list[tuple[str | None, str]]:
        """Return (table name, SQL) of each step in order; the name of the result is None."""
        _, *rest = _STEP.split(self.text)
        if not rest:
            return [(None, self.text.strip())]
        return [(name, sql.strip()) for name, sql in zip(rest[::2], rest[1::2], strict=True)]


def literal(value: Value) -> str:
    r"""Write a value as a portable SQL literal; a float always as DOUBLE, never as DECIMAL.

    Quotes and backslashes become `chr(…)`: Spark reads `''` and `\` inside a literal otherwise than standard SQL does.

    >>> literal(0.5), literal("o'clock"), literal(None)
    ('0.5e0', "('o' || chr(39) || 'clock')", 'NULL')
    """
    match value:
        case None:
            return "NULL"
        case bool():
            raise UsageError("a truth value is not portable in SQL", fix="Write the condition into the query")
        case datetime():
            return f"TIMESTAMP '{naive(value).isoformat(sep=' ', timespec='microseconds')}'"
        case int():
            return str(value)
        case float() if not math.isfinite(value):
            raise UsageError(f"{value} has no portable SQL literal", where="query", fix="Hand in a finite number")
        case float():
            return f"{value!r}e0" if "e" not in repr(value) else repr(value)
        case str() if _MEANT_OTHERWISE.search(value):
            plain = iter(_MEANT_OTHERWISE.split(value))
            pieces = [f"'{next(plain)}'"]
            for mark in _MEANT_OTHERWISE.findall(value):
                pieces += [f"chr({ord(mark)})", f"'{next(plain)}'"]
            return "(" + " || ".join(pieces) + ")"
        case str():
            return f"'{value}'"


def filled(sql: str, values: dict[str, Value]) -> str:
    """Return the SQL with every `:name` replaced by its literal.

    Raises:
        UsageError: A name has no value.
    """

    def replacement(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise UsageError(f"no value for :{match[1]}", where="query", fix=f"Known are {', '.join(sorted(values)) or 'none'}")
        return literal(values[match[1]])

    return _PLACEHOLDER.sub(replacement, sql)


class EngineError(CellwardenError):
    """An engine could not run a query; it names the step, never the rows."""


def told(engine: str, error: Exception) -> str:
    """Return the first line of an engine's message without literals: they may be identifiers, and errors reach logs."""
    first = next(iter(str(error).strip().splitlines()), type(error).__name__)
    shown = mask_digits(_QUOTED.sub("'…'", first))
    return f"{engine}: {shown[:300]}"


class Engine(ABC):
    """A place where portable SQL runs over Parquet."""

    name: str
    """As `--engine` calls it."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        """A folder of this engine alone; whoever opened the engine removes it."""
        scratch.mkdir(parents=True, exist_ok=True)
        self._handed_in = 0

    @abstractmethod
    def _name_files(self, name: str, files: Sequence[Path]) -> None:
        """Make `name` stand for the rows of these Parquet files, all of one schema, at least one."""

    @abstractmethod
    def _materialise(self, name: str, sql: str) -> None:
        """Compute `sql` once and keep it as `name`."""

    @abstractmethod
    def _batches(self, sql: str) -> Generator[pa.RecordBatch, None, None]:
        """Hand out the rows of `sql` in its order; at least one batch, so that the schema is known."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything the engine holds."""

    @final
    def read(self, name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        """Name Parquet files as a table; no files make an empty table of that schema."""
        _checked(name)
        if not files:
            self.put(name, schema.empty_table())
            return
        self._name_files(name, files)

    @final
    def put(self, name: str, rows: pa.Table) -> None:
        """Hand a small table in."""
        self._handed_in += 1
        path = self.scratch / f"put-{self._handed_in}-{_checked(name)}.parquet"
        pq.write_table(rows, path)
        self._name_files(name, [path])

    @final
    def step(self, name: str, sql: str, **values: Value) -> None:
        """Materialise a named step."""
        self._materialise(_checked(name), filled(sql, values))

    @final
    def fetch(self, sql: str, **values: Value) -> pa.Table:
        """Return the rows of a query in plain types: times naive in UTC, integers 64 bits, text as string."""
        with closing(self._batches(filled(sql, values))) as batches:
            return pa.Table.from_batches([_plain(batch) for batch in batches])

    @final
    def write(self, sql: str, path: Path, schema: pa.Schema, **values: Value) -> int:
        """Write an ordered query to one Parquet file whose bytes depend on the rows alone; return the row count."""
        rows = 0
        # `at` differs in every row: a dictionary of it would be thrown away after having been built.
        distinct = [field.name for field in schema if pa.types.is_timestamp(field.type)]
        with (
            closing(self._batches(filled(sql, values))) as batches,
            pq.ParquetWriter(
                path,
                schema,
                compression="zstd",
                use_dictionary=[field.name for field in schema if field.name not in distinct],
                column_encoding=dict.fromkeys(distinct, "DELTA_BINARY_PACKED"),
            ) as writer,
        ):
            for group in _regrouped(batches, schema):
                writer.write_table(group, row_group_size=ROW_GROUP)
                rows += group.num_rows
        return rows

    @final
    def run(self, script: Script, **values: Value) -> pa.Table:
        """Run an analysis and return its result; a script without `-- @result` gives an empty table."""
        for name, sql in script.steps():
            try:
                if name is None:
                    return self.fetch(sql, **values)
                self.step(name, sql, **values)
            except EngineError as error:
                raise EngineError(error.what, where=f"{script.name}, step {name or 'result'}", fix=error.fix) from error
        return pa.table({})


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no table name", where="query", fix="Use lower-case letters, digits and underscores")
    return name


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Engines differ in widths and zones; results must not."""
    return pa.RecordBatch.from_arrays(
        [column.cast(_plain_type(column.type)) for column in batch.columns],
        names=batch.schema.names,
    )


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_decimal(kind):
        # HUGEINT sums and decimal literals: a number whose width depends on the engine must not reach a result.
        raise EngineError(f"a result column is {kind}", fix="CAST it AS BIGINT or write literals as 1e0")
    return kind


def _regrouped(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Cut a stream of batches of any size into groups of exactly ROW_GROUP rows, the last one shorter."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(_plain(batch).cast(schema))
        rows += batch.num_rows
        while rows >= ROW_GROUP:
            table = pa.Table.from_batches(waiting, schema)
            yield table.slice(0, ROW_GROUP)
            waiting = table.slice(ROW_GROUP).to_batches()
            rows -= ROW_GROUP
    if rows or not waiting:
        yield pa.Table.from_batches(waiting, schema)
