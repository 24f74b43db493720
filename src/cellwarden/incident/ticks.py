"""Axes: round steps and wall-clock ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

_DAY = 1440
_STEPS = (10, 30, 60, 120, 180, 360, 720, *(_DAY * days for days in (1, 2, 7, 14, 30, 60, 120, 365)))
"""Minutes between ticks."""
_BINS = (10, 30, 60, 180, 360, 720, _DAY, 7 * _DAY)
"""Minutes a bar may stand for."""
_MOST_TICKS, _MOST_BARS = 9, 200


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """A stretch of time with its ticks."""

    first: datetime
    last: datetime
    ticks: list[tuple[datetime, str, bool]]
    """When, its label on the wall clock, and whether it names a day."""

    def share(self, at: datetime) -> float:
        """Return how far along the axis an instant lies, 0..1; outside is clipped."""
        return min(1.0, max(0.0, (at - self.first) / (self.last - self.first)))


def time_axis(first: datetime, last: datetime, zone: tzinfo) -> TimeAxis:
    """Lay an axis over a spell, at least half an hour long, with at most nine ticks at round times of the zone."""
    last = max(last, first + timedelta(minutes=30))
    minutes = (last - first).total_seconds() / 60
    step = next((s for s in _STEPS if minutes / s <= _MOST_TICKS - 1), math.ceil(minutes / (_MOST_TICKS - 1)))
    # Ticks advance on the wall clock, so that a day of 23 or 25 hours keeps its midnight.
    wall = first.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    ticks: list[tuple[datetime, str, bool]] = []
    while (at := wall.replace(tzinfo=zone).astimezone(UTC)) <= last:
        if at >= first:
            is_day = wall.hour == wall.minute == 0
            first_style = "%Y-%m-%d" if is_day else "%m-%d %H:%M"
            style = first_style if not ticks else "%m-%d" if is_day else "%H:%M"
            ticks.append((at, wall.strftime(style), is_day))
        wall += timedelta(minutes=step)
    return TimeAxis(first, last, ticks)


def bar_minutes(first: datetime, last: datetime) -> int:
    """Return how many minutes a bar stands for, so that at most 200 bars cover the spell (a week at most)."""
    minutes = (last - first).total_seconds() / 60
    return next((size for size in _BINS if minutes / size <= _MOST_BARS), _BINS[-1])


def nice_step(most: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that does not exceed `most`."""
    power = 10.0 ** math.floor(math.log10(most))
    return next(m * power for m in (5, 2, 1) if m * power <= most * (1 + 1e-9))
