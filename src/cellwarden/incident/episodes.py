"""The dossier read once: which findings, people, activity and places belong to which episode."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cellwarden.incident.drawing import Bin, Position
from cellwarden.incident.figures import instant
from cellwarden.incident.ticks import bar_minutes
from cellwarden.records.results import CELL_KEY
from cellwarden.records.vocabulary import ACCUSING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cellwarden.incident.dossier import Dossier, Row

_TRACK_BIN = timedelta(minutes=10)
_MOST_POSITIONS = 150
_FIRST = "0001-01-01T00:00:00+00:00"


def key_of(row: Row) -> tuple[Any, ...]:
    """Return what names the row's cell."""
    return tuple(row.get(name) for name in CELL_KEY)


class Episodes:
    """A dossier with its parts found by episode; episodes of one unit stand together, the unit with most people first."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.summary = dossier.summary
        self.zone = ZoneInfo(self.summary.get("operator", {}).get("time_zone") or "UTC")
        self.zone_name = self.zone.key
        self._census = {_episode(row): row for row in dossier.census}
        self._activity: dict[tuple[Any, ...], list[Row]] = {}
        for row in dossier.activity:
            self._activity.setdefault(_episode(row), []).append(row)
        self.has_access = instant((self.summary.get("window") or {}).get("from")) is not None
        """Whether there are access records at all; without them nothing is found, and that means nothing."""
        self.accused = self._in_order(row for row in dossier.suspects if row["grade"] in ACCUSING)
        self.cleared = sorted(
            (row for row in dossier.suspects if row["grade"] not in ACCUSING),
            key=lambda row: (row["grade"] != "review", -(row.get("score") or 0.0), str(key_of(row)), _time(row)),
        )

    def _in_order(self, suspects: Iterable[Row]) -> list[Row]:
        rows = sorted(suspects, key=lambda row: (_time(row), str(key_of(row))))
        people: dict[str, int] = {}
        first: dict[str, int] = {}
        for place, row in enumerate(rows):
            unit = self.unit(row)
            census = self.census(row)
            people[unit] = people.get(unit, 0) + (int(census["people"]) if census else 0)
            first.setdefault(unit, place)
        return sorted(rows, key=lambda row: (-people[self.unit(row)], first[self.unit(row)]))

    @staticmethod
    def unit(row: Row) -> str:
        """Return the unit's label; a row without one is a unit by its cell."""
        return str(row.get("unit") or row["cell"])

    def census(self, suspect: Row) -> Row | None:
        """Return who was on it, or None where nobody counted."""
        return self._census.get(_episode(suspect))

    def findings(self, suspect: Row) -> list[Row]:
        """Return what the verdict adds up: of each detector the weightiest finding, weightiest first.

        Which these are the suspect's `finding_ids` say; a suspect without has those of its cell that touch the episode.
        """
        counted = suspect.get("finding_ids")
        first, last = instant(suspect["from_at"]), instant(suspect["to_at"])

        def is_about(row: Row) -> bool:
            if counted is not None:
                return row.get("finding_id") in counted
            begin, end = instant(row.get("from_at")), instant(row.get("to_at"))
            return not ((begin and last and begin > last) or (end and first and end < first))

        about = [row for row in self.dossier.findings if key_of(row) == key_of(suspect) and is_about(row)]
        about.sort(key=lambda row: (-row["weight"], row["detector"], str(row.get("finding_id"))))
        strongest: dict[str, Row] = {}
        for row in about:
            strongest.setdefault(row["detector"], row)
        return list(strongest.values())

    def findings_of_unit(self, unit: str) -> list[Row]:
        """Return the findings whose subject is the unit itself."""
        about = [row for row in self.dossier.findings if row.get("subject_kind") == "unit" and str(row.get("subject")) == unit]
        return sorted(about, key=lambda row: (-row["weight"], row["detector"], str(row.get("finding_id"))))

    def findings_apart(self) -> list[Row]:
        """Return the findings about equipment or certificates rather than a cell or a unit; they accuse no cell."""
        about = [row for row in self.dossier.findings if row.get("subject_kind") not in ("cell", "unit")]
        return sorted(about, key=lambda row: (row["detector"], str(row.get("subject")), str(row.get("finding_id"))))

    def bins(self, suspect: Row) -> tuple[list[Bin], int]:
        """Return the episode's activity by bars of a readable width, and the width in minutes.

        Events add up; people are the most within any 10 minutes, for distinct people do not add up.
        """
        first, last = instant(suspect["from_at"]), instant(suspect["to_at"])
        rows = self._activity.get(_episode(suspect), [])
        if first is None or last is None or not rows:
            return [], 10
        minutes = bar_minutes(first, last)
        midnight = first.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        width = timedelta(minutes=minutes)
        bars: dict[int, tuple[int, int]] = {}
        for row in rows:
            at = instant(row["at"])
            if at is None:
                continue
            bar = (at - midnight) // width
            events, people = bars.get(bar, (0, 0))
            bars[bar] = (events + int(row["events"]), max(people, int(row["people"])))
        return [Bin(midnight + bar * width, *bars[bar]) for bar in sorted(bars)], minutes

    def positions(self, suspect: Row) -> tuple[list[Position], int]:
        """Return where the cell was in the episode, thinned to what a map can show, and how many there were.

        Without a track the place of the suspect itself is used, if it has one.
        """
        first, last = instant(suspect["from_at"]), instant(suspect["to_at"])
        found = []
        for row in self.dossier.tracks:
            at = instant(row["at"])
            if at is None or first is None or last is None or not _is_same_cell(row, suspect):
                continue
            if first - _TRACK_BIN < at <= last and row.get("lat") is not None and row.get("lon") is not None:
                found.append(Position(at, row["lat"], row["lon"], row.get("radius_m") or 0.0))
        if not found and suspect.get("lat") is not None and suspect.get("lon") is not None and first is not None:
            found = [Position(first, suspect["lat"], suspect["lon"], suspect.get("radius_m") or 0.0)]
        found.sort(key=lambda p: (p.at, p.lat, p.lon))
        if len(found) <= _MOST_POSITIONS:
            return found, len(found)
        thin = [found[i * (len(found) - 1) // (_MOST_POSITIONS - 1)] for i in range(_MOST_POSITIONS)]
        return thin, len(found)

    def payment_times(self, suspect: Row) -> list[datetime]:
        """Return when payments linked to the cell were made."""
        times = (instant(row["at"]) for row in self.dossier.payments if _is_same_cell(row, suspect))
        return sorted(at for at in times if at is not None)


def _is_same_cell(row: Row, suspect: Row) -> bool:
    """Tell whether a row that may lack parts of the key is about the suspect's cell, in the suspect's unit."""
    names = (*CELL_KEY, "unit")
    return all(row.get(name) in (None, suspect.get(name)) for name in names) and row.get("cell") is not None


def _episode(row: Row) -> tuple[Any, ...]:
    """Return what names the row's episode: a clone has the key of the cell it copies, and another unit."""
    return (*key_of(row), row.get("unit"), instant(row["from_at"]))


def _time(row: Row) -> str:
    at = instant(row["from_at"])
    return at.isoformat() if at else _FIRST
