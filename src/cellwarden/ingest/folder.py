"""Which files of a record folder belong to which table."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.mapping import Mapping
from cellwarden.records.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE_SUFFIXES = (".parquet", ".csv", ".csv.gz", ".csv.zst")
"""How the name of a file of a table ends."""
CAPTURE_SUFFIXES = (".pcap", ".pcapng", ".pcap.gz", ".pcapng.gz")
"""How the name of a capture ends."""
CHARGING = "charging/"
OPERATOR, MAPPING = "operator.toml", "mapping.toml"


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """One file of a record folder; sorts by its path inside."""

    file: str
    """Path inside the record folder, with `/`."""
    path: Path
    table: str
    """Name of its table of the contract; empty for captures and charging files."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a record folder holds, everything in the order of the path inside."""

    root: Path
    tables: tuple[InputFile, ...]
    """Files that hold rows of tables."""
    operator: Path | None
    mapping: Path | None
    captures: tuple[InputFile, ...]
    charging: tuple[InputFile, ...]
    """Files under `charging/`; their content tells whether they are charging files."""
    ignored: tuple[str, ...]
    """What no rule knows, to be said: files, unknown folders (with a `/` at the end), broken links, second ways to one file."""

    def of(self, table: str) -> tuple[InputFile, ...]:
        """Return the files of one table."""
        return tuple(file for file in self.tables if file.table == table)


def find_inputs(records: Path, mapping: Mapping | None = None) -> Inputs:
    """Find out which files of a record folder belong to which table.

    Names that begin with `.` or `_` (`_SUCCESS`, `_temporary`) are left out silently. Links are followed; what is
    reached a second time is read once and listed as ignored, so that no row counts twice and no circle is endless.

    Args:
        records: The record folder.
        mapping: Its `files` patterns say first which file is which table.

    Raises:
        MalformedInputError: The folder is missing, empty or holds no table, no capture and no charging file; or patterns of
            two tables claim the same file.
    """
    if not records.is_dir():
        what = "is a file, not a record folder" if records.exists() else "no such folder"
        raise MalformedInputError(what, where=str(records), fix=f"Give the folder that holds {_examples()}")
    mapping = mapping or Mapping.identity()
    found: dict[str, list[InputFile]] = {"table": [], "capture": [], "charging": []}
    special: dict[str, Path] = {}
    ignored: set[str] = set()
    for file, path in _listed(records):
        if path is None:
            ignored.add(f"{file} (broken link, or reached before)")
        elif (table := mapping.table_of(file) or _table_of(file)) is not None:
            found["table"].append(InputFile(file, path, table))
        elif file in (OPERATOR, MAPPING):
            special[file] = path
        elif file.startswith("captures/") and file.lower().endswith(CAPTURE_SUFFIXES):
            found["capture"].append(InputFile(file, path, ""))
        elif file.startswith(CHARGING):
            found["charging"].append(InputFile(file, path, ""))
        else:
            top, below, _ = file.partition("/")
            is_known = top in ("captures", "charging") or _stem(top) in TABLES
            ignored.add(file if is_known or not below else top + below)
    if not any(found.values()):
        what = "holds no table of the contract" if ignored or special else "is empty"
        raise MalformedInputError(
            what, where=str(records), fix=f"Expected is {_examples()}, or a mapping file that says which file is which table"
        )
    return Inputs(
        root=records,
        tables=tuple(sorted(found["table"])),
        operator=special.get(OPERATOR),
        mapping=special.get(MAPPING),
        captures=tuple(sorted(found["capture"])),
        charging=tuple(sorted(found["charging"])),
        ignored=tuple(sorted(ignored)),
    )


def _examples() -> str:
    return (
        "access.parquet, access.csv, access.csv.gz, access.csv.zst or a folder access/ (likewise "
        + ", ".join(name for name in TABLES if name != "access")
        + ")"
    )


def _stem(name: str) -> str:
    """Return the name of a table file or folder without its ending; Spark writes folders called `access.parquet`."""
    return next((name.removesuffix(suffix) for suffix in TABLE_SUFFIXES if name.endswith(suffix)), name)


def _table_of(file: str) -> str | None:
    """Return the table that the contract's own names say, if any."""
    top = _stem(file.split("/", 1)[0])
    return top if top in TABLES and file.endswith(TABLE_SUFFIXES) else None


def _walk(root: Path) -> Iterator[tuple[str, Path | None]]:
    """Yield every file as (path inside, path); None for what leads nowhere or where the walk has been before.

    Linked folders come after all others, so that a link never takes the place of what it points to.
    """
    seen: set[str] = set()
    plain: list[tuple[str, Path]] = [("", root)]
    linked: list[tuple[str, Path]] = []
    while plain or linked:
        prefix, path = plain.pop() if plain else linked.pop(0)
        if path.is_dir():
            if (real := os.path.realpath(path)) in seen:
                yield prefix, None
                continue
            seen.add(real)
            children = [child for child in sorted(path.iterdir()) if not child.name.startswith((".", "_"))]
            for child in reversed(children):
                inside = f"{prefix}/{child.name}" if prefix else child.name
                (linked if child.is_symlink() else plain).append((inside, child))
            linked.sort()
        elif path.is_file() and (real := os.path.realpath(path)) not in seen:
            seen.add(real)
            yield prefix, path
        else:
            yield prefix, None


def _listed(root: Path) -> list[tuple[str, Path | None]]:
    try:
        return list(_walk(root))
    except OSError as error:
        raise MalformedInputError(
            f"cannot be listed ({error.strerror or type(error).__name__})",
            where=str(error.filename or root),
            fix="Check the rights of the folder",
        ) from error
