"""A cell that should stand still and whose visitors' neighbours say that it moved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.place.sighting import SIGHTING
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEGREE_M = 111_320.0
"""Metres in a degree of latitude (WGS84, rounded)."""


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a cell-day on which it was seen far apart by how often registered fixed cells are seen so."""
    floor_m = detector.threshold("min_distance_m")
    judged = [
        (row, distance_m(row["south"], row["west"], row["north"], row["east"])) for row in rows if row["kind"] != "mobile"
    ]
    fixed = [distance for row, distance in judged if row["status"] == "active"]
    weight = detector.rarity(sum(distance >= floor_m for distance in fixed), len(fixed), of="days")
    for row, distance in judged:
        if distance >= floor_m and weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                known_at=row["to_at"],
                cell=row["cell"],
                km=distance / 1000,
                visitors=row["visitors"],
            )


def distance_m(south: float, west: float, north: float, east: float) -> float:
    """Return the diagonal of a small box in metres; good to a percent within a city. A side that is inside out has no length."""
    height = max(0.0, north - south) * _DEGREE_M
    width = max(0.0, east - west) * _DEGREE_M * math.cos(math.radians((north + south) / 2))
    return math.hypot(height, width)


DETECTOR = Detector(
    name="moving_cell",
    version=10,
    looks_for="a fixed cell that its visitors' neighbouring cells place kilometres apart within one day",
    innocent_causes=(
        "a cell on a bus, train or ship: registered as mobile",
        "a household that moves, once",
        "sparse macro cells",
    ),
    references=("TS 33.320 §4.4.9 (location verification)",),
    thresholds={
        "min_visitors": Threshold(3, "visitors in 10 minutes", "one visitor's neighbour may be a mast beyond the river"),
        "min_distance_m": Threshold(
            2500, "m", "masts of a town lie up to about a kilometre apart, and a sighting is a median of them"
        ),
        "trimmed": Threshold(
            0.1,
            "of a day's sightings on each side",
            "the extremes of many lie apart by chance; a stop of half an hour is more than one of them",
        ),
        "errors": Threshold(
            2, "standard errors", "of each sighting, taken off the distance: what a wide crowd cannot tell apart"
        ),
        "expected_share": Threshold(
            0.005, "share of cell-days", "how often a fixed cell seems to move; the fleet's own rate takes over"
        ),
        "expected_share_days": Threshold(200, "cell-days", "what that expectation is worth"),
        "max_weight": Threshold(4.5, "nats", "holidays and unregistered buses exist"),
    },
    needs=("access", "equipment.lat"),
    helps=("access.source",),
    prepares=(SIGHTING,),
    evidence={
        "en": "the neighbours of {visitors} visitors place cell {cell} {km:.1f} km apart within one day",
        "ko": "셀 {cell}: 방문 단말 {visitors}대의 이웃 셀 기준 하루 사이 {km:.1f} km 이동",
    },
    script=Script.beside(__file__, "moving_cell.sql"),
    judge=judge,
)
