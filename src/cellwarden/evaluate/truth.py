"""Reads the truth folder of a scenario; what a folder does not say is empty, and the scores that need it are not given."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.records.results import CELL_KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict[str, Any]
REQUIRED = ("cells", "exposures", "fraud_payments")
"""Tables without which nothing can be scored; the demo city writes these and `tracks`."""
SCENE = (
    "scenario",
    "title",
    "size",
    "seed",
    "days",
    "subscribers",
    "attacks",
    "confounders",
    "faults",
    "expects",
    "time_zone",
)
"""Keys of the manifest."""
OPTIONAL = ("tracks", "complaints", "confounders")
LEAST_ROWS = 20
"""Of a cell-day on which an honest cell could have been accused: a day of fewer rows proves nothing about who is careful (issue 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What really happened: the rows of each table as they lie, times aware and in UTC."""

    manifest: dict[str, Any]
    cells: list[Row]
    exposures: list[Row]
    thefts: list[Row]
    """Rows of `fraud_payments`; `at`, `amount` and `status` are None where neither truth nor records say them."""
    tracks: list[Row] = field(default_factory=list)
    complaints: list[Row] = field(default_factory=list)
    confounders: list[Row] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    """Tables that the folder does not hold."""
    cell_days: int | None = None
    """(cell, UTC day) pairs of LEAST_ROWS access rows or more, honest and rogue; without the records, all that the manifest counts; None where
    nobody knows."""

    @property
    def scenario(self) -> Row:
        """Return what was played, as pages and scores name it; None where the manifest does not say."""
        return {name: self.manifest.get(name) for name in SCENE}

    @property
    def rogue(self) -> list[Row]:
        """Return the tunnels of rogue cells: one a unit, night and id."""
        return [row for row in self.cells if row["kind"] == "rogue"]

    @property
    def decoys(self) -> list[Row]:
        """Return the innocent cells that were made to look odd, each with the `reason` that explains it."""
        placed = [row for row in self.confounders if row["subject_kind"] == "cell" and row["cell"] is not None]
        known = {(*(row[name] for name in CELL_KEY), row["reason"]) for row in self.cells if row["kind"] == "decoy"}
        fresh = [row for row in placed if (*(row[name] for name in CELL_KEY), row["reason"]) not in known]
        return [row for row in self.cells if row["kind"] == "decoy"] + fresh

    @property
    def widespread(self) -> list[Row]:
        """Return the innocent things that happened to no cell alone: a core that restarts, a gateway, a district without power."""
        return [row for row in self.confounders if row["subject_kind"] != "cell"]

    def renamed(self, name_of: Callable[[str], str]) -> Truth:
        """Return the same with every subscriber under the name that a result uses."""
        names = {imsi: name_of(imsi) for imsi in {row["imsi"] for row in (*self.exposures, *self.thefts)}}
        return replace(
            self,
            exposures=[{**row, "imsi": names[row["imsi"]]} for row in self.exposures],
            thefts=[{**row, "imsi": names[row["imsi"]]} for row in self.thefts],
        )


def read_truth(folder: Path, *, records: Path | None = None) -> Truth:
    """Read a truth folder.

    Args:
        folder: `OUT/truth` of a scenario.
        records: `OUT/records`, for what an old truth does not say (amounts, cell-days); None: beside the truth, if it is there.

    Raises:
        UsageError: This is no truth folder.
        MalformedInputError: A table lacks a column, or the manifest is no JSON object.
    """
    needed = [*(f"{name}.parquet" for name in REQUIRED), "manifest.json"]
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        raise UsageError(
            f"no {missing[0]} in this folder",
            where=folder.name,
            fix="Give the truth folder that `cellwarden simulate` wrote beside the records",
        )
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise MalformedInputError("the manifest is no JSON", where=folder.name, fix="Generate the scenario again") from error
    beside = records or folder.with_name("records")
    held = {name: _rows(folder, name) for name in (*REQUIRED, *OPTIONAL)}
    return Truth(
        manifest=manifest,
        cells=held["cells"],
        exposures=held["exposures"],
        thefts=_priced(held["fraud_payments"], beside),
        tracks=held["tracks"],
        complaints=held["complaints"],
        confounders=held["confounders"],
        absent=tuple(name for name in OPTIONAL if not (folder / f"{name}.parquet").is_file()),
        cell_days=_cell_days(beside) or manifest.get("cell_days"),
    )


_NEEDED = {
    "cells": (*CELL_KEY, "unit", "kind", "reason", "from_at", "to_at"),
    "exposures": ("imsi", *CELL_KEY, "unit", "from_at", "to_at", "events", "identity"),
    "fraud_payments": ("payment_id", "imsi", "cell", "unit"),
    "tracks": ("unit", "at", "lat", "lon"),
    "complaints": ("complaint_id", "cause"),
    "confounders": (*CELL_KEY, "subject_kind", "reason", "from_at", "to_at"),
}


def _rows(folder: Path, name: str) -> list[Row]:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        return []
    table = pq.read_table(path, partitioning=None)
    lacking = [column for column in _NEEDED.get(name, ()) if column not in table.column_names]
    if lacking:
        raise MalformedInputError(
            f"there is no column {lacking[0]}", where=path.name, fix="Generate the scenario with this version"
        )
    return list(table.to_pylist())


def _priced(thefts: list[Row], records: Path) -> list[Row]:
    """Return the thefts with time, amount and status; those of the demo city are looked up in its own payments."""
    wanted = ("at", "amount", "status")
    if all(name in row for row in thefts for name in wanted):
        return thefts
    paid = {row["payment_id"]: row for row in _columns(records, "payments", ("payment_id", *wanted))}
    return [
        {**dict.fromkeys(wanted), **{name: paid.get(row["payment_id"], {}).get(name) for name in wanted}, **row}
        for row in thefts
    ]


def _files(records: Path, name: str) -> list[Path]:
    single = records / f"{name}.parquet"
    return [single] if single.is_file() else sorted((records / name).rglob("*.parquet"))


def _columns(records: Path, name: str, columns: tuple[str, ...]) -> list[Row]:
    rows: list[Row] = []
    for path in _files(records, name):
        if set(columns) <= set(pq.read_schema(path).names):
            rows += pq.read_table(path, columns=list(columns), partitioning=None).to_pylist()
    return rows


def _cell_days(records: Path) -> int | None:
    """Count (cell, UTC day) pairs with enough rows in the access records; None where there are none.

    Files that lack a column, as those of a broken feed, are left out: their cell-days judge nobody, and the count is no higher than the truth.
    """
    rows: Counter[tuple[Any, ...]] = Counter()
    for path in _files(records, "access"):
        if not {*CELL_KEY, "at"} <= set(pq.read_schema(path).names):
            continue
        table = pq.read_table(path, columns=[*CELL_KEY, "at"], partitioning=None)
        by_day = table.set_column(len(CELL_KEY), "at", pc.floor_temporal(table["at"], unit="day"))
        pairs = by_day.group_by([*CELL_KEY, "at"]).aggregate([([], "count_all")])
        counts = pairs["count_all"].to_pylist()
        rows.update(dict(zip(zip(*(pairs[name].to_pylist() for name in (*CELL_KEY, "at")), strict=True), counts, strict=True)))
    return sum(count >= LEAST_ROWS for count in rows.values()) or None
