"""Two versions of a census: who moved between grades, and why. An earlier number was right for the records of its time, or it was not.

A person moves because an id was accused that was not before (or no longer is), because another episode of the same id was, or because the
same episode shows more. Each has its cause in what changed between the two investigations: sources, records, rules, detectors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cellwarden.records.vocabulary import IDENTITY_GRADES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Row = dict[str, Any]
Cell = tuple[str, str, str, int]
"""`plmn`, `rat`, `cell_type`, `cell`; a type that is not known is empty."""

CHANGES = ("added", "removed", "upgraded", "downgraded")
WHYS = ("new_id", "id_withdrawn", "new_episode", "episode_withdrawn", "more_rows", "fewer_rows", "graded_anew")
"""Why one person moved: through ids, through episodes of ids accused both times, or through rows of the same episode."""
CAUSES = ("new_source", "lost_source", "later_records", "other_records", "rule_change", "detector_change", "unit")
"""Why an id or an episode is accused in one census only; `unit`: the hardware behind it was, which vouches against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """One result, as far as it bears on who was exposed."""

    exposures: list[Row]
    """Rows of `exposures.parquet`."""
    suspects: list[Row]
    """Rows of `suspects.parquet` of the accusing grades."""
    findings: list[Row]
    """Rows of `findings.parquet` about cells."""
    sources: frozenset[str]
    """Tables that held anything."""
    silent: dict[str, list[str]]
    """Detectors and explanations that could not look, with the sources they lacked."""
    inputs: dict[str, str]
    """SHA-256 by file."""
    last_at: datetime | None
    """Of the last access row; None without any."""
    rules: dict[str, float]
    versions: dict[str, int]
    """By detector and explanation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One person whose grade is another in the later census."""

    imsi: str
    change: str
    """One of CHANGES."""
    before: str | None
    """Strongest grade then; None: not exposed."""
    after: str | None
    why: str
    """One of WHYS: of several the one that explains most, in the order of WHYS."""
    causes: list[str]
    cells: list[Cell]
    """Those through which it came about."""


@dataclass(slots=True, kw_only=True)
class Restatement:
    """What changed."""

    moves: list[Move] = field(default_factory=list)
    """By change, then by person."""
    cells: list[Row] = field(default_factory=list)
    """Ids that are accused in one census only: key, `change` (`new_id`, `id_withdrawn`), `causes`, `because` (names), `people`."""
    before: dict[str, int] = field(default_factory=dict)
    """People by grade, with `total`."""
    after: dict[str, int] = field(default_factory=dict)

    def count(self, change: str) -> int:
        """Return how many people moved so."""
        return sum(move.change == change for move in self.moves)

    def reconciles(self) -> bool:
        """Say whether earlier people, plus the added, less the removed, are the later people."""
        return self.before["total"] + self.count("added") - self.count("removed") == self.after["total"]


def cell_of(row: Row) -> Cell:
    """Return what names the cell of a result row."""
    return row["plmn"], row["rat"], row["cell_type"] or "", row["cell"]


def restated(before: Census, after: Census) -> Restatement:
    """Compare two censuses of the same people under the same pseudonyms."""
    causes = _Causes(before, after)
    old, new = _strongest(before.exposures), _strongest(after.exposures)
    rows_before, rows_after = _by_person(before.exposures), _by_person(after.exposures)
    moves = []
    for imsi in sorted(old.keys() | new.keys()):
        was, now = old.get(imsi), new.get(imsi)
        if was == now:
            continue
        change = _change(was, now)
        grows = change in ("added", "upgraded")
        why, cells, told = _why(rows_before.get(imsi, []), rows_after.get(imsi, []), now if grows else was, causes, grows=grows)
        moves.append(Move(imsi=imsi, change=change, before=was, after=now, why=why, causes=told, cells=cells))
    return Restatement(
        moves=sorted(moves, key=lambda move: (CHANGES.index(move.change), move.imsi)),
        cells=causes.cells(rows_before, rows_after),
        before=_counts(old.values()),
        after=_counts(new.values()),
    )


def _why(
    before: list[Row], after: list[Row], grade: str | None, causes: _Causes, *, grows: bool
) -> tuple[str, list[Cell], list[str]]:
    """Say why one person moved, through which cells, and what caused that.

    Looked at are the rows that prove the stronger of the two grades: they are what one census has and the other lacks.
    """
    here, there = (after, before) if grows else (before, after)
    proof = [row for row in here if row["identity"] == grade]
    other_ids = causes.ids_before if grows else causes.ids_after
    through_ids = sorted({cell_of(row) for row in proof} - other_ids)
    if through_ids:
        told = {cause for cell in through_ids for cause in causes.of_id(cell, is_new=grows)}
        return "new_id" if grows else "id_withdrawn", through_ids, _in_order(told)
    lacking = [row for row in proof if not any(_is_same_stay(row, other) for other in there)]
    if lacking:
        told = {cause for row in lacking for cause in causes.of_episode(cell_of(row), row["from_at"], is_new=grows)}
        return "new_episode" if grows else "episode_withdrawn", sorted({cell_of(row) for row in lacking}), _in_order(told)
    events = sum(row["events"] for row in proof)
    others = sum(other["events"] for other in there if any(_is_same_stay(row, other) for row in proof))
    cells = sorted({cell_of(row) for row in proof})
    if events == others:
        return "graded_anew", cells, causes.of_rows()
    return "more_rows" if (events > others) == grows else "fewer_rows", cells, causes.of_rows()


def _is_same_stay(row: Row, other: Row) -> bool:
    """Say whether two rows of one person are of one stay on a cell: further records may lengthen it at both ends."""
    return cell_of(row) == cell_of(other) and bool(row["from_at"] <= other["to_at"] and other["from_at"] <= row["to_at"])


class _Causes:
    """What changed between two investigations, and so why each id is accused in one of them only."""

    def __init__(self, before: Census, after: Census) -> None:
        self._before, self._after = before, after
        self.ids_before = {cell_of(row) for row in before.suspects}
        self.ids_after = {cell_of(row) for row in after.suspects}
        self._weights = [_weights(census.findings) for census in (before, after)]

    def of_id(self, cell: Cell, *, is_new: bool) -> list[str]:
        """Return why an id is accused in one census only."""
        return _in_order({cause for cause, _ in self._told(cell, is_new=is_new)})

    def of_episode(self, cell: Cell, at: datetime, *, is_new: bool) -> list[str]:
        """Return why an episode of an id that both accuse is in one census only; `at` is a row's time inside it."""
        last_at = self._before.last_at
        if is_new and last_at is not None and at > last_at:
            return ["later_records"]
        return self.of_id(cell, is_new=is_new) or self.of_rows()

    def of_rows(self) -> list[str]:
        """Return what may change what the rows of one and the same episode show."""
        return _in_order({cause for cause, _ in self._general(is_new=True)})

    def cells(self, rows_before: dict[str, list[Row]], rows_after: dict[str, list[Row]]) -> list[Row]:
        """Return the ids that are accused in one census only."""
        found = []
        for change, ids, rows in (
            ("new_id", self.ids_after - self.ids_before, rows_after),
            ("id_withdrawn", self.ids_before - self.ids_after, rows_before),
        ):
            for cell in sorted(ids):
                told = self._told(cell, is_new=change == "new_id")
                found.append(
                    {
                        **dict(zip(("plmn", "rat", "cell_type", "cell"), cell, strict=True)),
                        "change": change,
                        "causes": _in_order({cause for cause, _ in told}),
                        "because": sorted({name for _, name in told}),
                        "people": sum(any(cell_of(row) == cell for row in theirs) for theirs in rows.values()),
                    }
                )
        return found

    def _told(self, cell: Cell, *, is_new: bool) -> set[tuple[str, str]]:
        """Return (cause, name) for each detector that says more of the cell in the census that accuses it."""
        here, there = (self._after, self._before) if is_new else (self._before, self._after)
        ours, theirs = (self._weights[1], self._weights[0]) if is_new else self._weights
        told: set[tuple[str, str]] = set()
        for detector, (weight, from_at) in ours.get(cell, {}).items():
            if weight <= theirs.get(cell, {}).get(detector, (0.0, from_at))[0]:
                continue
            if detector == "unit_membership":
                told.add(("unit", detector))
            elif detector in there.silent:
                told |= {("new_source" if is_new else "lost_source", source) for source in there.silent[detector]}
            elif self._is_changed(detector):
                told.add(
                    (
                        "detector_change" if here.versions.get(detector) != there.versions.get(detector) else "rule_change",
                        detector,
                    )
                )
            elif is_new and there.last_at is not None and from_at > there.last_at:
                told.add(("later_records", detector))
        # What shares hardware with an accused id has been accused with it: what accuses the hardware now is told too.
        return told | self._general(is_new=is_new) if {cause for cause, _ in told} <= {"unit"} else told

    def _is_changed(self, detector: str) -> bool:
        names = {name for name in (*self._before.rules, *self._after.rules) if name.startswith(f"{detector}.")}
        moved = any(self._before.rules.get(name) != self._after.rules.get(name) for name in names)
        return moved or self._before.versions.get(detector) != self._after.versions.get(detector)

    def _general(self, *, is_new: bool) -> set[tuple[str, str]]:
        """Return what changed between the two investigations as wholes."""
        here, there = (self._after, self._before) if is_new else (self._before, self._after)
        told = {("new_source" if is_new else "lost_source", source) for source in here.sources - there.sources}
        told |= {("rule_change", name) for name, value in here.rules.items() if there.rules.get(name) != value}
        told |= {("detector_change", name) for name, version in here.versions.items() if there.versions.get(name) != version}
        if told:
            return told
        if here.last_at and there.last_at and here.last_at > there.last_at:
            return {("later_records", "access")}
        other = {file for file, digest in here.inputs.items() if there.inputs.get(file) != digest}
        return {("other_records", file) for file in other}


def _in_order(causes: Iterable[str]) -> list[str]:
    return sorted(causes, key=CAUSES.index)


def _change(was: str | None, now: str | None) -> str:
    if was is None:
        return "added"
    if now is None:
        return "removed"
    return "upgraded" if IDENTITY_GRADES.index(now) < IDENTITY_GRADES.index(was) else "downgraded"


def _strongest(exposures: Iterable[Row]) -> dict[str, str]:
    grades: dict[str, str] = {}
    for row in exposures:
        known = grades.get(row["imsi"])
        if known is None or IDENTITY_GRADES.index(row["identity"]) < IDENTITY_GRADES.index(known):
            grades[row["imsi"]] = row["identity"]
    return grades


def _by_person(exposures: Iterable[Row]) -> dict[str, list[Row]]:
    people: dict[str, list[Row]] = {}
    for row in exposures:
        people.setdefault(row["imsi"], []).append(row)
    return people


def _weights(findings: Iterable[Row]) -> dict[Cell, dict[str, tuple[float, datetime]]]:
    """Return the strongest weight of each detector by cell, with the beginning of what it is about."""
    strongest: dict[Cell, dict[str, tuple[float, datetime]]] = {}
    for row in findings:
        known = strongest.setdefault(cell_of(row), {})
        if row["weight"] > known.get(row["detector"], (0.0, None))[0]:
            known[row["detector"]] = row["weight"], row["from_at"]
    return strongest


def _counts(grades: Iterable[str]) -> dict[str, int]:
    listed = list(grades)
    return {"total": len(listed), **{grade: listed.count(grade) for grade in IDENTITY_GRADES}}
