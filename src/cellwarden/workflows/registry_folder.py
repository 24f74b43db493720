"""The gate's registry from a record folder that the management system exports its `equipment` into."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cellwarden.admission.registry import Registry, Version
from cellwarden.foundation.errors import UsageError
from cellwarden.ingest.folder import find_inputs
from cellwarden.ingest.tabular import read_table
from cellwarden.records.tables import TABLES
from cellwarden.workflows.load import read_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cellwarden.workflows.gatehouse import Gatehouse

_ROWS = 16_384
LOOKS = 3
"""Of so many looks at a record folder one is at everything in it."""


def read_rows(records: Path, name: str, given: Path | None = None) -> tuple[pa.Table, int]:
    """Return the accepted rows of a table of a record folder, identifiers in clear, and the number of rejected ones."""
    mapping, table = read_mapping(records, given), TABLES[name]
    files = find_inputs(records, mapping).of(name)
    if not files:
        raise UsageError(f"the folder holds no {name}", where=records.name, fix=f"Put {name}.csv or {name}.parquet there")
    batches = [
        batch for each in files for batch in read_table(each.path, file=each.file, table=table, mapping=mapping.of(name))
    ]
    accepted = [batch.accepted for batch in batches]
    return pa.concat_tables([table.clear_schema.empty_table(), *accepted]), sum(len(batch.rejected) for batch in batches)


def rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table one by one, some thousands in memory."""
    for batch in table.to_batches(max_chunksize=_ROWS):
        yield from batch.to_pylist()


def registry_versions(equipment: pa.Table) -> tuple[list[Version], int]:
    """Return the versions of an equipment table, and how many rows could not be understood."""
    versions, unreadable = list[Version](), 0
    for row in rows(equipment):
        try:
            versions.append(Version.of_row(row))
        except ValueError:
            unreadable += 1
    return versions, unreadable


class FolderSource:
    """A record folder whose `equipment` the management system exports. It is as fresh as its newest file: touch it to confirm."""

    def __init__(self, records: Path) -> None:
        self._records = records
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._looks = 0

    def refresh(self, house: Gatehouse) -> bool:
        """Bring the gate's registry up to date; return whether anything was new.

        Each look is at the files that are known; a new one beside them is found every third look.
        """
        self._looks += 1
        try:
            if self._looks % LOOKS and self._is_as_seen():
                return False
            seen = self._state()
            if seen == self._seen:
                return False
            versions, _ = registry_versions(read_rows(self._records, "equipment")[0])
        except OSError:
            return False  # being replaced: the next look finds it
        newest = datetime.fromtimestamp(max(at for _, at, _ in seen) / 1e9, UTC)
        held = house.gate.registry
        if not len(held):
            house.renew(Registry(versions, as_of=newest))
        elif not held.units() <= {version.equipment_id for version in versions}:
            house.renew(Registry(versions, as_of=newest))  # a unit is gone from the export: it is not registered any more
        else:
            house.change(_changed(held, versions), as_of=newest)
        self._seen = seen
        return True

    def _is_as_seen(self) -> bool:
        try:
            return bool(self._seen) and self._stats(file for file, *_ in self._seen) == self._seen
        except FileNotFoundError:
            return False

    def _state(self) -> tuple[tuple[str, int, int], ...]:
        return self._stats(each.file for each in find_inputs(self._records, read_mapping(self._records, None)).of("equipment"))

    def _stats(self, files: Iterable[str]) -> tuple[tuple[str, int, int], ...]:
        stats = [(file, (self._records / file).stat()) for file in files]
        return tuple((file, stat.st_mtime_ns, stat.st_size) for file, stat in stats)


def _changed(held: Registry, versions: Iterable[Version]) -> list[Version]:
    """Return every version of the units that differ."""
    told: dict[str, list[Version]] = {}
    for version in versions:
        told.setdefault(version.equipment_id, []).append(version)
    changed = list[Version]()
    for equipment_id, history in told.items():
        if set(held.history(equipment_id)) != set(history):
            changed.extend(history)
    return changed
