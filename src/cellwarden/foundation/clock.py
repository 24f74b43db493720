"""Times: UTC inside, the operator's zone where a person reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    Clock = Callable[[], datetime]
    """Gives the present instant, aware and in UTC; handed in, so that tests can stop it."""


def aware(at: datetime) -> datetime:
    """Return a naive UTC time (as the lake keeps it) with its zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def naive(at: datetime) -> datetime:
    """Return an aware time as the lake keeps it: UTC, without zone."""
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)


def iso(at: datetime) -> str:
    """Write a time as ISO 8601 in UTC with `Z`."""
    return aware(at).isoformat().removesuffix("+00:00") + "Z"


def local_days(first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[tuple[date, datetime, datetime]]:
    """Yield (local date, first instant, first instant of the next day), both naive UTC, that cover `first`..`last`.

    Days of 23 and 25 hours come out as they are: the bounds are local midnights.
    """
    day = aware(first).astimezone(zone).date()
    while True:
        start, end = (naive(datetime(d.year, d.month, d.day, tzinfo=zone)) for d in (day, day + timedelta(days=1)))
        yield day, start, end
        if end > naive(last):
            return
        day += timedelta(days=1)
