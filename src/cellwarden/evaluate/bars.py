"""The quality bars: what a result must reach, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the design (detection.md, "Quality bars")."""

    name: str
    figure: str
    """Path of the figure among the scores."""
    limit: float
    at_most: bool = False
    """The figure must not exceed the limit; else it must reach it."""


BARS = (
    Bar("Rogue cells found", "cells.levels.suspect.cell.recall", 0.95),
    Bar("False accusations per 100,000 cell-days", "false_accusations.per_100000", 0.1, at_most=True),
    Bar("Units first alerted on after their first active night", "delay.late", 0, at_most=True),
    Bar("Ids grouped to units, B-cubed F1", "grouping.b_cubed_f1", 0.95),
    Bar("Census episodes, precision", "census.episodes.precision", 0.999),
    Bar("Census episodes at found cells, recall", "census.episodes.recall", 0.999),
    Bar("Identity grade wrong, share of episodes", "census.identity.wrong_share", 0.001, at_most=True),
    Bar("Payment links, precision where thefts follow within the hour", "links.precision_within_hour", 0.99),
    Bar("Payment links within the hour, recall", "links.recall_within_hour", 0.99),
    Bar("Place error, median, m", "place.median_m", 150, at_most=True),
    Bar("Place error, 95 %, m", "place.p95_m", 500, at_most=True),
    Bar("Brier score of the cell scores", "calibration.brier", 0.02, at_most=True),
    Bar("Explained cells with the right explanation", "explanations.accuracy", 0.90),
    Bar("Results with less data that accuse more", "ablations.risers", 0, at_most=True),
)


def bars(scores: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each bar with its figure, its limit and `is_met`; both are None where the figure was not measured.

    A scenario without a rogue has no recall, and one without thefts no links: what cannot be measured is not met, and not missed.
    """
    derived = {
        "delay.late": len(scores["delay"]["units"]) - scores["delay"]["within_first_night"]
        if scores["delay"]["units"]
        else None,
        "ablations.risers": len(scores["ablations"]["risen"]) if scores["ablations"] else None,
    }
    rows = []
    for bar in BARS:
        value = derived[bar.figure] if bar.figure in derived else _at(scores, bar.figure)
        is_met = None if value is None else bool(value <= bar.limit if bar.at_most else value >= bar.limit)
        rows.append(
            {
                "name": bar.name,
                "figure": bar.figure,
                "value": value,
                "limit": bar.limit,
                "at_most": bar.at_most,
                "is_met": is_met,
            }
        )
    return rows


def _at(scores: dict[str, Any], path: str) -> float | None:
    here: Any = scores
    for name in path.split("."):
        if here is None:
            return None
        here = here[name]
    value: float | None = here
    return value
