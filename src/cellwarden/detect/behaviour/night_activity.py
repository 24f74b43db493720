"""A home cell that strangers come to by night, when its kind of cell and it itself have hardly any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.behaviour import night
from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.explanations.visit import VISIT
from cellwarden.detect.share import Beta, expected_share, noted, weight

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], surroundings: Surroundings) -> Iterable[Finding]:
    """Weigh a night by how much larger a part of the day's strangers came in it than in the class and before.

    What never closes has as many by day: its share by night is that of the hours, and its own nights before are like it.
    """
    rogue = Beta(detector.threshold("rogue_alpha"), detector.threshold("rogue_beta"))
    default, least = detector.threshold("default_share"), int(detector.threshold("least_days"))
    for row in rows:
        noted(surroundings.calibration, detector.name, row, "share of strangers by night", default=default, least=least)
        honest = expected_share(
            row,
            trust=detector.threshold("own_history_trust"),
            default=default,
            least_correlation=detector.threshold("least_spread"),
        )
        found = weight(row, honest, rogue, most=detector.threshold("max_weight"))
        if found > 0:
            yield detector.finding(
                row,
                weight=found,
                hand=row["hand"],
                known_at=row["night_at"],
                cell=row["cell"],
                hits=row["hits"],
                tries=row["tries"],
                usual=honest.mean,
            )


DETECTOR = Detector(
    name="night_activity",
    version=6,
    looks_for="a home cell whose strangers of a day came mostly in the five quietest hours of this operator, unlike its class and its own days before",
    innocent_causes=(
        "a hospital, a bath house, a depot that never closes (explanation always_open_venue)",
        "maintenance by night (explanation maintenance)",
        "a gateway restart by night (explanation gateway_restart)",
        "a household with guests: too few",
        "people on night shift: the same every night",
    ),
    references=("TS 22.220 §5.3",),
    thresholds={
        "night_hours": night.HOURS,
        "min_strangers": Threshold(6, "strangers", "guests of a household are fewer"),
        "most_counted": Threshold(
            5, "strangers a cell-day", "what one counts in the class: a class is its cells, not its crowds"
        ),
        "default_share": Threshold(
            0.1, "share of strangers", "half of what evenly spread visits would give; the class's own takes over"
        ),
        "least_days": Threshold(20, "cell-days", "fewer do not show what is usual of a class"),
        "rogue_alpha": Threshold(9, "pseudo-counts", "with rogue_beta: a unit that works by night works by night"),
        "rogue_beta": Threshold(1, "pseudo-counts", "see rogue_alpha"),
        "least_spread": Threshold(0.05, "correlation", "a class of households must not rule out that one cell is a shop"),
        "own_history_trust": Threshold(0.5, "of a count", "yesterday predicts today only in part"),
        "max_weight": Threshold(3.0, "nats", "a night clinic in its first nights looks just so"),
    },
    needs=("access",),
    helps=("access.source", "access.core"),
    prepares=(VISIT,),
    evidence={
        "en": "{hits} of the day's {tries} strangers at cell {cell} came in the quietest hours of the night ({usual:.0%} expected)",
        "ko": "셀 {cell}: 그날의 낯선 방문자 {tries}명 중 {hits}명이 가장 한산한 심야에 접속 (예상 {usual:.0%})",
    },
    script=night.beside(__file__, "night_activity.sql"),
    judge=judge,
)
