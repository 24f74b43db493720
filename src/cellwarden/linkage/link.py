"""What every link is: something that befell a subscriber, the exposure that may have made it possible, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LEAST = 0.01
"""Below this a link is not written (records.md)."""
LINKED = 0.5
"""From here on it counts as linked (records.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One linked row of complaints, logins or tips."""

    subject: dict[str, Any]
    """Its own key: `complaint_id`; `at`, `service` and `event`; or `tip_id`."""
    imsi: int | None
    """Pseudonym; None where the row names nobody."""
    cell: int
    unit: str
    probability: float
    reason: dict[str, str]
    """By language."""


def after_chance(found: int, expected: float, *, prior: tuple[float, float]) -> float:
    """Return how probable a meeting is no chance one.

    Args:
        found: Meetings found.
        expected: Meetings that chance alone would give.
        prior: (true, all) meetings before looking, so that a handful does not pretend to certainty.

    >>> after_chance(10, 1.0, prior=(1.0, 2.0))
    0.8333333333333334
    """
    true, every = prior
    return (max(0.0, found - expected) + true) / (found + every)
