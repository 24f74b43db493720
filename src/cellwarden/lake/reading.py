"""What an investigation may read: every table by its own name, as it was known at an instant, and which columns say anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from cellwarden.foundation.clock import naive
from cellwarden.lake.rollups import CELL_DAY, CORE_HOUR, ROLLUPS, TOUCH
from cellwarden.lake.store import SCHEMAS
from cellwarden.records.tables import TABLES

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from cellwarden.engines.port import Engine, Value
    from cellwarden.lake.store import Lake

KNOWN_AT = {"equipment": "recorded_at", "events": "from_at"}
"""The column by which a row counts as known; `at` elsewhere, none for `subscribers`."""
LATER_COLUMNS = {"payments": ("disputed_at",)}
"""Columns that may lie after the row's own time: what they say is unknown until then."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the records of a lake can speak about."""

    columns: dict[str, frozenset[str]]
    """Columns with at least one value, by table; an absent table has none."""

    def has(self, need: str) -> bool:
        """Say whether a table (`links`) or a column (`access.source`) holds anything."""
        table, _, column = need.partition(".")
        return column in self.columns[table] if column else bool(self.columns[table])

    def missing(self, needs: tuple[str, ...]) -> list[str]:
        """Return those of the needs that the records do not meet."""
        return [need for need in needs if not self.has(need)]


def open_records(engine: Engine, lake: Lake, *, until: datetime | None = None) -> Holdings:
    """Name every table of the lake in an engine.

    `access` and `usage` are not cut here, being large: queries that read them say `<= :until` themselves.

    Args:
        engine: Where the tables become readable under their own names.
        lake: Whose tables.
        until: Ignore what was not known by then; None: nothing.
    """
    columns = {}
    for name in TABLES:
        files = lake.files(name)
        if until is None or name == "subscribers":
            engine.read(name, files, SCHEMAS[name])
            columns[name] = _spoken(files)
        elif TABLES[name].by_day:
            engine.read(name, files, SCHEMAS[name])
            columns[name] = _spoken_by(engine, lake, name, naive(until))
        else:
            engine.read(f"{name}_stored", files, SCHEMAS[name])
            engine.step(name, _known(name), until=naive(until))
            columns[name] = _holding(engine, name, f"SELECT {_counts(name)} FROM {name} t")
    for rollup in ROLLUPS:
        engine.read(rollup.name, _rolled_up(engine, lake, rollup.name, until), rollup.schema)
    return Holdings(columns)


def _known(name: str) -> str:
    """Return the SQL of a table as it was known at `:until`."""
    later = LATER_COLUMNS.get(name, ())
    columns = ", ".join(
        f"CASE WHEN s.{field} <= :until THEN s.{field} END AS {field}" if field in later else f"s.{field} AS {field}"
        for field in SCHEMAS[name].names
    )
    known_at = KNOWN_AT.get(name, "at")
    return f"SELECT {columns} FROM {name}_stored s WHERE s.{known_at} IS NULL OR s.{known_at} <= :until"


def _rolled_up(engine: Engine, lake: Lake, name: str, until: datetime | None) -> list[Path]:
    """Return the files of a roll-up up to an instant: whole days as they lie, the last one made again from its first hours."""
    if until is None:
        return lake.files(name)
    last = naive(until).strftime("%Y-%m-%d")
    files = [path for day in lake.days(name) if day < last for path in lake.files(name, day=day)]
    if last not in lake.days("access"):
        return files
    lake.read_into(engine, "access", name="access_whole_day", day=last)
    columns = ", ".join(f"a.{column} AS {column}" for column in SCHEMAS["access"].names)
    engine.step("access_day", f"SELECT {columns} FROM access_whole_day a WHERE a.at <= :until", until=naive(until))
    for rollup in (TOUCH, CORE_HOUR, CELL_DAY):
        path = engine.scratch / f"until-{rollup.name}.parquet"
        ((_, sql),) = rollup.script().steps()
        engine.write(sql, path, rollup.schema)
        if rollup is TOUCH:
            engine.read("touch_day", [path], TOUCH.schema)
        if rollup.name == name:
            return [*files, path]
    raise AssertionError(name)


def _spoken_by(engine: Engine, lake: Lake, name: str, until: datetime) -> frozenset[str]:
    """Return the columns of a large table that hold a value by an instant: whole days by their footers, the last by a query."""
    last = until.strftime("%Y-%m-%d")
    spoken = _spoken([path for day in lake.days(name) if day < last for path in lake.files(name, day=day)])
    lake.read_into(engine, name, name=f"{name}_last_day", day=last)
    return spoken | _holding(engine, name, f"SELECT {_counts(name)} FROM {name}_last_day t WHERE t.at <= :until", until=until)


def _counts(name: str) -> str:
    return ", ".join(f"count(t.{column}) AS {column}" for column in SCHEMAS[name].names)


def _holding(engine: Engine, name: str, sql: str, **values: Value) -> frozenset[str]:
    (row,) = engine.fetch(sql, **values).to_pylist()
    return frozenset(column for column in SCHEMAS[name].names if row[column])


def _spoken(files: list[Path]) -> frozenset[str]:
    """Return the columns that hold at least one value, from the footers alone."""
    spoken: set[str] = set()
    for path in files:
        metadata = pq.read_metadata(path)
        for group in range(metadata.num_row_groups):
            for index in range(metadata.num_columns):
                column = metadata.row_group(group).column(index)
                if column.path_in_schema not in spoken and (
                    column.statistics is None or column.statistics.null_count < metadata.row_group(group).num_rows
                ):
                    spoken.add(column.path_in_schema)
    return frozenset(spoken)
