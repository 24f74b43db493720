"""What a management system tells a gate of its equipment, as JSON.

    {"as_of": "2026-11-27T09:00:00Z", "cursor": "8213", "whole": false, "equipment": [{"equipment_id": "henb7", …}], "gone": ["henb8"]}

`equipment` holds every row of each unit that changed, as the record contract has them; `gone` the units that it deleted. An answer in
which one row is not understood is not taken at all: a gate that knew half of a change would not know which half.
"""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cellwarden.admission.registry import Version
from cellwarden.foundation.clock import aware
from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.mapping import Mapping
from cellwarden.ingest.tabular import read_table
from cellwarden.records.tables import EQUIPMENT
from cellwarden.workflows.registry_folder import registry_versions

HOW = "See docs/how-to/gate.md"
"""Where the questions and answers are written down."""
_COLUMNS = tuple(column.name for column in EQUIPMENT.columns)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer."""

    as_of: datetime
    """When the management system was sure of it, never later than the gate's own clock."""
    cursor: str
    """What the next question begins from."""
    is_whole: bool
    versions: tuple[Version, ...] = ()
    gone: tuple[str, ...] = ()
    """Units that the management system deleted."""


def read_answer(content: bytes, now: datetime, *, where: str, is_first: bool = False) -> Told:
    """Read an answer of a management system.

    Args:
        content: JSON.
        now: By the gate's own clock.
        where: Who said it, for errors.
        is_first: Everything was asked for.

    Raises:
        MalformedInputError: It cannot be understood as a whole.
    """
    try:
        said = json.loads(content)
        as_of, cursor, is_whole = datetime.fromisoformat(said["as_of"]), said["cursor"], said["whole"]
        # Its clock may be wrong: a registry from tomorrow would never be stale.
        sure_at = min(aware(as_of), now)
        rows, gone = list(said["equipment"]), tuple(said.get("gone", ()))
        "".join((cursor, *gone)).encode()  # half of a surrogate pair is no text
        is_understood = (
            isinstance(cursor, str) and cursor and type(is_whole) is bool and as_of.tzinfo is not None
            and all(isinstance(each, dict) for each in rows)
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        is_understood = False
    if not is_understood:
        raise MalformedInputError("not an answer to what was asked", where=where, fix=HOW)
    if is_first and not is_whole:
        raise MalformedInputError("asked for everything, it tells a change", where=where, fix=HOW)
    versions = _versions(rows, where)
    if not {each.equipment_id for each in versions}.isdisjoint(gone):
        raise MalformedInputError("a unit is told and gone at once", where=where, fix=HOW)
    if is_whole and not versions:
        raise MalformedInputError("a registry of no unit would shut out every one", where=where, fix="Ask who runs it")
    return Told(sure_at, cursor, is_whole, tuple(versions), gone)


def _versions(rows: list[dict[str, Any]], where: str) -> list[Version]:
    """Read rows as those of an `equipment` file; all or none."""
    found, rejected, reason = list[Version](), 0, ""
    # A file in memory: rows name customers' lines, and what is on disk outlives a crash.
    with os.fdopen(os.memfd_create("equipment"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        try:
            writer.writerows([_text(row.get(name)) for name in _COLUMNS] for row in rows)
            file.flush()
        except UnicodeEncodeError as error:
            raise MalformedInputError("a row holds half a character", where=where, fix=HOW) from error
        path, mapping = Path(f"/proc/self/fd/{file.fileno()}"), Mapping.identity().of(EQUIPMENT.name)
        for batch in read_table(path, file="equipment", table=EQUIPMENT, mapping=mapping):
            versions, unreadable = registry_versions(batch.accepted)
            found += versions
            rejected += len(batch.rejected) + unreadable
            reason = reason or next((each.reason for each in batch.rejected), "source_networks: no CIDR" if unreadable else "")
    if rejected or len(found) != len(rows):
        raise MalformedInputError(
            f"{rejected} of {len(rows)} rows are not understood ({reason})",
            where=where,
            fix="Compare with docs/reference/records.md",
        )
    return found


def _text(value: object) -> str:
    """Write a value of JSON as a CSV file has it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
