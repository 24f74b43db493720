"""Time: how long each unit worked before the first alert, and what that cost."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.judging import Judged, named_at

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.evaluate.truth import Row, Truth

SAME_NIGHT = timedelta(hours=6)
"""Tunnels of a unit that are not further apart belong to one active night (the gap of an episode, records.md)."""


def first_alerts(lines: list[Judged]) -> dict[str, datetime]:
    """Return when each rogue unit was first alerted on; a unit without an alert is missing."""
    alerts: dict[str, datetime] = {}
    for line in named_at(lines, "suspect"):
        at = line.row["alert_at"]
        if line.unit and at is not None:
            alerts[line.unit] = min(at, alerts.get(line.unit, at))
    return alerts


def delays(truth: Truth, lines: list[Judged]) -> dict[str, Any]:
    """Return hours from the first activity of each unit to its first alert, and the exposed and the money before it.

    A unit without an alert has `hours` None (for ever) and everything it did before it; the median counts it as
    infinite and is None where it falls on such a unit. Money counts approved thefts alone, in minor units.
    """
    alerts = first_alerts(lines)
    units = [_unit(truth, unit, alerts.get(unit)) for unit in sorted({str(row["unit"]) for row in truth.rogue})]
    hours = [float("inf") if row["hours"] is None else row["hours"] for row in units]
    money = [row["stolen_before"] for row in units]
    return {
        "units": units,
        "undetected": sum(row["hours"] is None for row in units),
        "median_hours": _finite(median(hours)) if hours else None,
        "longest_hours": _finite(max(hours)) if hours else None,
        "within_first_night": sum(row["within_first_night"] for row in units),
        "exposed_before": sum(row["exposed_before"] for row in units),
        "stolen_before": None if None in money else sum(money),
    }


def _finite(hours: float) -> float | None:
    return None if hours == float("inf") else hours


def _unit(truth: Truth, unit: str, alert_at: datetime | None) -> Row:
    tunnels = sorted((row for row in truth.rogue if row["unit"] == unit), key=lambda row: row["from_at"])
    began, night_ends = tunnels[0]["from_at"], tunnels[0]["to_at"]
    for row in tunnels:
        if row["from_at"] - night_ends <= SAME_NIGHT:
            night_ends = max(night_ends, row["to_at"])
    exposed = [row for row in truth.exposures if row["unit"] == unit]
    thefts = [row for row in truth.thefts if row["unit"] == unit]
    return {
        "unit": unit,
        "from_at": began,
        "alert_at": alert_at,
        "hours": None if alert_at is None else (alert_at - began).total_seconds() / 3600,
        "within_first_night": alert_at is not None and alert_at <= night_ends,
        "exposed": len({row["imsi"] for row in exposed}),
        "exposed_before": len({row["imsi"] for row in exposed if alert_at is None or row["from_at"] < alert_at}),
        "stolen": _money(thefts, None),
        "stolen_before": _money(thefts, alert_at),
    }


def _money(thefts: list[Row], until: datetime | None) -> int | None:
    """Sum approved thefts before an instant; None where a time, an amount or a status is not known."""
    if any(row[name] is None for row in thefts for name in ("at", "amount", "status")):
        return None
    amounts: list[int] = [
        row["amount"] for row in thefts if row["status"] == "approved" and (until is None or row["at"] < until)
    ]
    return sum(amounts)
