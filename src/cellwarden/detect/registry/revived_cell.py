"""Cells that were silent for months and then came alive without having been issued anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a retired id more than a dormant customer who plugs in again."""
    for row in rows:
        weight = detector.threshold("retired_weight" if row["is_retired"] else "active_weight")
        days = (row["from_at"] - row["silent_from"]).days
        yield detector.finding(row, weight=weight, hand=None, cell=row["cell"], days=days, since=iso(row["silent_from"]))


DETECTOR = Detector(
    name="revived_cell",
    version=1,
    looks_for="a cell that was silent for 90 days or more and then served again, not issued anew meanwhile",
    innocent_causes=(
        "a customer who was away and plugged in again",
        "a seasonal business",
        "a re-issued id whose row came late",
    ),
    references=("TS 33.320 §4.4.9",),
    thresholds={
        "min_covered_days": Threshold(30, "days", "fewer days with records do not show silence"),
        "retired_weight": Threshold(
            3.0, "nats", "about one in twenty retired ids that return honestly; assumption until calibrated"
        ),
        "active_weight": Threshold(1.5, "nats", "a fifth of an honest fleet is dormant at any time, so a return is common"),
    },
    needs=("access",),
    helps=("links", "equipment"),
    evidence={
        "en": "cell {cell} had been silent for {days} days since {since} and served again",
        "ko": "셀 {cell}: {since}부터 {days}일간 침묵하다가 다시 서비스",
    },
    script=Script.beside(__file__, "revived_cell.sql"),
    judge=judge,
)
