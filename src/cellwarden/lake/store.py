"""A lake on disk: its files, its lock, and what a query may read of it."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from typing import TYPE_CHECKING

from cellwarden.foundation.errors import BusyError, DamagedLakeError, UsageError
from cellwarden.lake.manifest import Manifest
from cellwarden.lake.rollups import ROLLUPS
from cellwarden.records.rejected import REJECTED_SCHEMA
from cellwarden.records.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from cellwarden.engines.port import Engine

SPOOL = "spool"
"""Rows on their way in; of no meaning once the run that wrote them is gone."""

SCHEMAS: dict[str, pa.Schema] = {
    **{name: table.schema for name, table in TABLES.items()},
    **{rollup.name: rollup.schema for rollup in ROLLUPS},
    "rejected": REJECTED_SCHEMA,
}
"""Everything a lake may hold."""


class Lake:
    """Records at rest in a folder; key and directory lie beside it, so that the folder can be handed on without them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key_path = folder.with_name(folder.name + ".key")
        self.directory_path = folder.with_name(folder.name + ".directory")
        self.audit_path = folder.with_name(folder.name + ".audit.jsonl")
        self.approvals_path = folder.with_name(folder.name + ".approvals.json")
        """Names the case store whose approvals a reveal needs; without the file the key is the right."""
        self.scratch = folder.with_name(folder.name + ".scratch")
        """Where the run that holds the lake may spill."""
        self.manifest_path = folder / "manifest.json"

    def manifest(self) -> Manifest:
        """Return what the lake holds now."""
        return Manifest.read(self.manifest_path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lake for this process; the system lets go of the lock whatever ends the process.

        Raises:
            BusyError: Another process holds it.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self.folder.with_name(self.folder.name + ".lock").open("w", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError(
                    "another run holds this lake", where=self.folder.name, fix="Wait for it, or choose another --lake"
                ) from error
            yield

    def tidy(self) -> None:
        """Remove what a killed run left behind: spooled rows, drafts, and parts that no manifest names.

        Raises:
            UsageError: The folder holds files and is no lake.
        """
        if not self.manifest_path.exists():
            draft = self.manifest_path.with_suffix(".draft")
            if self.folder.exists() and (not self.folder.is_dir() or any(path != draft for path in self.folder.iterdir())):
                raise UsageError(
                    "this is not a lake", where=self.folder.name, fix="Choose a new --lake, so that nothing of yours is removed"
                )
            # From its first moment a lake has a manifest: it says that the folder is ours to tidy.
            self.folder.mkdir(parents=True, exist_ok=True)
            Manifest().write(self.manifest_path)
        shutil.rmtree(self.folder / SPOOL, ignore_errors=True)
        self.manifest_path.with_suffix(".draft").unlink(missing_ok=True)
        named = self.manifest().files()
        for path in sorted(self.folder.rglob("*.parquet")):
            if path.relative_to(self.folder).as_posix() not in named:
                path.unlink()
        for folder in sorted((path for path in self.folder.rglob("*") if path.is_dir()), reverse=True):
            with contextlib.suppress(OSError):  # not empty: it stays
                folder.rmdir()

    def empty(self) -> None:
        """Forget all records; key, directory and audit log stay."""
        Manifest(key=self.manifest().key).write(self.manifest_path)  # first: what is killed hereafter, tidy() ends
        self.tidy()

    def days(self, table: str) -> list[str]:
        """Return the UTC days of a partitioned table, in order."""
        return [part.day for part in self.manifest().parts.get(table, []) if part.day is not None]

    def files(self, table: str, *, day: str | None = None) -> list[Path]:
        """Return the Parquet files of a table, or of one day of it.

        Raises:
            DamagedLakeError: One is missing.
        """
        paths = [self.folder / part.path for part in self.manifest().parts.get(table, []) if day in (None, part.day)]
        for path in paths:
            if not path.exists():
                raise DamagedLakeError(
                    "a file of the manifest is missing", where=path.name, fix="Remove the lake and load the records again"
                )
        return paths

    def read_into(self, engine: Engine, table: str, *, name: str | None = None, day: str | None = None) -> None:
        """Make a table, or one day of it, readable as `name` (default: the table's own name)."""
        engine.read(name or table, self.files(table, day=day), SCHEMAS[table])
