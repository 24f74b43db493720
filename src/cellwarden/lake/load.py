"""Loading: batches in, sorted days and roll-ups out, committed by one replacement of the manifest.

The bytes of a day depend on the rows of that day alone: they are fully ordered, cut into fixed row groups, and the file
is named after its content. So the same records give the same lake in whatever order or number of runs they arrive.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cellwarden.foundation.clock import iso
from cellwarden.foundation.digest import sha256_of
from cellwarden.lake.manifest import InputFile, Part
from cellwarden.lake.rollups import CELL_DAY, CORE_HOUR, TOUCH
from cellwarden.lake.store import SCHEMAS, SPOOL
from cellwarden.records.rejected import REJECTED_SCHEMA
from cellwarden.records.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from cellwarden.engines.port import Engine
    from cellwarden.lake.door import Door
    from cellwarden.lake.store import Lake
    from cellwarden.records.batch import Batch
    from cellwarden.records.tables import Table

_REJECTED_ORDER = ("file", "row", "reason", "raw")


class Loader:
    """One load into a lake that the caller has locked and tidied."""

    def __init__(self, lake: Lake, door: Door, *, key: str) -> None:
        """Begin it; `key` is the mark of the key that the door holds."""
        self._lake = lake
        self._door = door
        self._manifest = lake.manifest()
        self._manifest.key = key
        self._spool = _Spool(lake.folder / SPOOL)

    def held(self, sha256: str, mapping: str) -> InputFile | None:
        """Return the input of this content that is in the lake or on its way in; None if there is none."""
        return self._manifest.held(sha256, mapping)

    def accept(
        self, file: str, sha256: str, mapping: str, batches: Iterator[Batch], *, short_imsi: Callable[[Counter[str]], int]
    ) -> None:
        """Take in one input file.

        Args:
            file: Its path inside the record folder.
            sha256: Of its content.
            mapping: SHA-256 of the mapping file it is read with, or empty.
            batches: What its reader yields.
            short_imsi: Counts, from the faults of the whole file, the subscribers whose number is shorter than usual.
        """
        read = rejected = 0
        tables: Counter[str] = Counter()
        faults: Counter[str] = Counter()
        first: datetime | None = None
        last: datetime | None = None
        for batch in batches:
            read += batch.read
            rejected += len(batch.rejected)
            tables[batch.table.name] += batch.accepted.num_rows
            faults.update(batch.faults)
            if batch.rejected:
                rows = pa.Table.from_pylist([each.masked() for each in batch.rejected], REJECTED_SCHEMA)
                self._spool.add("rejected", None, rows)
            if batch.accepted.num_rows:
                self._keep(batch.table, self._door.admit(batch.table, batch.accepted))
                if "at" in batch.accepted.column_names:
                    span = pc.min_max(batch.accepted.column("at")).as_py()
                    first = min(first or span["min"], span["min"])
                    last = max(last or span["max"], span["max"])
        short = short_imsi(faults)
        self._manifest.inputs.append(
            InputFile(
                file=file,
                sha256=sha256,
                mapping=mapping,
                read=read,
                accepted=sum(tables.values()),
                rejected=rejected,
                tables=dict(sorted((name, rows) for name, rows in tables.items() if rows)),
                faults={"short_imsi": short} if short else {},
                first_at=iso(first) if first else None,
                last_at=iso(last) if last else None,
            )
        )

    def _keep(self, table: Table, rows: pa.Table) -> None:
        if not table.by_day:
            self._spool.add(table.name, None, rows)
            return
        days = pc.strftime(pc.floor_temporal(rows.column("at"), unit="day"), format="%Y-%m-%d")
        for day in sorted(pc.unique(days).to_pylist()):
            self._spool.add(table.name, day, rows.filter(pc.equal(days, day)))

    def commit(self, engine: Engine, *, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Sort what came in, make the roll-ups, and replace the manifest; after that the load has happened."""
        spooled = self._spool.close()
        for done, (name, day, path) in enumerate(spooled):
            progress(done, len(spooled))
            self._merge(engine, name, day, path)
            if name == "access":
                self._roll_up(engine, day)
        self._manifest.write(self._lake.manifest_path)
        self._lake.tidy()
        progress(len(spooled), len(spooled))

    def _merge(self, engine: Engine, name: str, day: str | None, spooled: Path) -> None:
        old = [self._lake.folder / part.path for part in self._manifest.parts.get(name, []) if part.day == day]
        schema = SCHEMAS[name]
        engine.read("incoming", [*old, spooled], schema)
        columns = ", ".join(f"i.{column} AS {column}" for column in schema.names)
        order = ", ".join(f"i.{column} NULLS FIRST" for column in _order(name, schema))
        self._replace(engine, name, day, f"SELECT {columns} FROM incoming i ORDER BY {order}")

    def _roll_up(self, engine: Engine, day: str | None) -> None:
        """Compute the roll-ups of a day; `touch` first, since `cell_day` is made from it."""
        for rollup, base, source in (
            (TOUCH, "access_day", "access"),
            (CORE_HOUR, "access_day", "access"),
            (CELL_DAY, "touch_day", "touch"),
        ):
            part = next(part for part in self._manifest.parts[source] if part.day == day)
            engine.read(base, [self._lake.folder / part.path], SCHEMAS[source])
            ((_, sql),) = rollup.script().steps()
            self._replace(engine, rollup.name, day, sql)

    def _replace(self, engine: Engine, name: str, day: str | None, sql: str) -> None:
        folder = self._lake.folder / name / (f"date={day}" if day else "")
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / "draft.parquet"
        rows = engine.write(sql, draft, SCHEMAS[name])
        digest = sha256_of(draft)
        path = draft.replace(folder / f"part-{digest[:16]}.parquet")
        part = Part(path.relative_to(self._lake.folder).as_posix(), day, rows, digest)
        kept = [each for each in self._manifest.parts.get(name, []) if each.day != day]
        self._manifest.parts[name] = sorted([*kept, part], key=lambda each: each.day or "")


def _order(name: str, schema: pa.Schema) -> list[str]:
    first = _REJECTED_ORDER if name == "rejected" else TABLES[name].order
    return [*first, *(column for column in schema.names if column not in first)]


class _Spool:
    """Rows on their way in: one Parquet file a (table, day)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[tuple[str, str | None], tuple[Path, pq.ParquetWriter]] = {}

    def add(self, name: str, day: str | None, rows: pa.Table) -> None:
        if (name, day) not in self._writers:
            path = self._folder / name / f"{day or 'all'}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[name, day] = path, pq.ParquetWriter(path, SCHEMAS[name], compression="lz4")
        self._writers[name, day][1].write_table(rows)

    def close(self) -> list[tuple[str, str | None, Path]]:
        """End writing; return (table, day, file) in a fixed order."""
        for _, writer in self._writers.values():
            writer.close()
        return [
            (name, day, path)
            for (name, day), (path, _) in sorted(self._writers.items(), key=lambda each: (each[0][0], each[0][1] or ""))
        ]
