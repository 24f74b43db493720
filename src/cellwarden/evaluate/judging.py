"""Holds each line of a result against what was on the air: whose cell it was at that time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cellwarden.records.results import CELL_KEY
from cellwarden.records.vocabulary import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.evaluate.truth import Row

Key = tuple[Any, ...]
LEVELS = {grade: GRADES[: place + 1] for place, grade in enumerate(GRADES[:3])}
"""Grades that count as named at `rogue`, at `suspect` (the accusations) and at `review`."""


def key_of(row: Row) -> Key:
    """Return what names a cell."""
    return tuple(row[name] for name in CELL_KEY)


def overlap_s(one: Row, other: Row) -> float:
    """Return for how many seconds two spans overlap; negative: they do not, 0: they touch, which counts."""
    return float((min(one["to_at"], other["to_at"]) - max(one["from_at"], other["from_at"])).total_seconds())


def days_of(row: Row) -> Iterator[tuple[date, Row]]:
    """Yield each UTC day of a span with the part of the span that lies in it."""
    day = row["from_at"].astimezone(UTC).date()
    while day <= row["to_at"].astimezone(UTC).date():
        start = datetime.combine(day, time(), UTC)
        end = start + timedelta(days=1) - timedelta(microseconds=1)
        yield day, {"from_at": max(row["from_at"], start), "to_at": min(row["to_at"], end)}
        day += timedelta(days=1)


class Air:
    """Which rogue unit used which cell when."""

    def __init__(self, rogue: list[Row]) -> None:
        self._tunnels: dict[Key, list[Row]] = defaultdict(list)
        for row in rogue:
            self._tunnels[key_of(row)].append(row)

    def tunnels(self, key: Key, span: Row) -> list[Row]:
        """Return the tunnels of a cell that a span touches, the longest overlap first."""
        touched = [row for row in self._tunnels.get(key, ()) if overlap_s(row, span) >= 0]
        return sorted(touched, key=lambda row: (-overlap_s(row, span), row["from_at"], str(row["unit"])))

    def unit(self, key: Key, span: Row) -> str | None:
        """Name the unit that used a cell in a span; None: nobody but its honest owner."""
        return next((str(row["unit"]) for row in self.tunnels(key, span)), None)


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of `suspects` and who it was.

    A line says which id was misused, not by which link. Where a live id was cloned, a line that names the genuine owner at
    the very time of the clone therefore passes here; it shows in the census, where the owner's household is then too many.
    """

    row: Row
    unit: str | None
    """The rogue unit on the air under this key in the line's span; None: an honest cell."""

    @property
    def key(self) -> Key:
        """Return what names the cell."""
        return key_of(self.row)


def judged(suspects: list[Row], air: Air) -> list[Judged]:
    """Return every line with who it was, in the same order."""
    return [Judged(row, air.unit(key_of(row), row)) for row in suspects]


def named_at(lines: list[Judged], level: str) -> list[Judged]:
    """Return the lines of a grade or a stronger one."""
    return [line for line in lines if line.row["grade"] in LEVELS[level]]
