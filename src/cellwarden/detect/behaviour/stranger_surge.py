"""Far more first-time visitors than home cells have in those hours, and than this cell had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.explanations.visit import VISIT
from cellwarden.detect.share import Beta, expected_share, noted, q_values, weight
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], surroundings: Surroundings) -> Iterable[Finding]:
    """Test every cell-day at one false discovery rate; weigh those that stand out by the Bayes factor of two beta-binomials."""
    rogue = Beta(detector.threshold("rogue_alpha"), detector.threshold("rogue_beta"))
    default, least = detector.threshold("default_share"), int(detector.threshold("least_days"))
    honest = []
    for row in rows:
        noted(surroundings.calibration, detector.name, row, "share of first-time visitors", default=default, least=least)
        honest.append(
            expected_share(
                row,
                trust=detector.threshold("own_history_trust"),
                default=default,
                mean=max(default, row["expected"]),
                least_correlation=detector.threshold("least_spread"),
            )
        )
    tests = sum({(row["rat"], row["cell_type"]): int(row["tests"]) for row in rows}.values())
    chances = q_values([prior.tail(row["hits"], row["tries"]) for row, prior in zip(rows, honest, strict=True)], tests)
    for row, prior, chance in zip(rows, honest, chances, strict=True):
        found = weight(row, prior, rogue, most=detector.threshold("max_weight"))
        if chance <= detector.threshold("max_false_discoveries") and found > 0:
            yield detector.finding(
                row,
                weight=found,
                hand=row["hand"],
                known_at=row["to_at"],
                cell=row["cell"],
                hits=row["hits"],
                tries=row["tries"],
                usual=prior.mean,
            )


DETECTOR = Detector(
    name="stranger_surge",
    version=4,
    looks_for="a home cell with far more first-time visitors on a day than its class has in those hours and it had before, tested over all cells at once",
    innocent_causes=(
        "a café, a clinic, a shop in its first days (explanation public_venue)",
        "a place that never closes (explanation always_open_venue)",
        "a festival beside it (explanation festival)",
        "a temporary cell (explanation temporary_cell)",
        "a birthday at home: too few",
        "the first days of the records, when everybody is new",
    ),
    references=("Benjamini and Hochberg, JRSS B 57, 1995", "Kleinman, JASA 68, 1973"),
    thresholds={
        "min_visitors": Threshold(12, "visitors a day", "a birthday brings fewer"),
        "learning_days": Threshold(2, "days", "of the records, in which everybody seems new"),
        "most_counted": Threshold(5, "visitors a cell-day", "what one counts in the class: a household has about as many"),
        "default_share": Threshold(
            0.15, "share of visitors", "guests of households; the class's own by hour takes over where it is higher"
        ),
        "least_days": Threshold(20, "cell-days", "fewer do not show what is usual of a class"),
        "max_false_discoveries": Threshold(0.05, "share of what is called", "over all cell-days tested at once"),
        "rogue_alpha": Threshold(9, "pseudo-counts", "with rogue_beta: nine of ten who pass a catcher were never there before"),
        "rogue_beta": Threshold(1, "pseudo-counts", "see rogue_alpha"),
        "least_spread": Threshold(0.05, "correlation", "a class of households must not rule out that one cell is a shop"),
        "own_history_trust": Threshold(0.5, "of a count", "yesterday predicts today only in part"),
        "max_weight": Threshold(3.0, "nats", "every new café looks just so: it must stay far below a line"),
    },
    needs=("access",),
    helps=("access.source",),
    prepares=(VISIT,),
    evidence={
        "en": "{hits} of {tries} visitors of cell {cell} had never been there before ({usual:.0%} expected in those hours)",
        "ko": "셀 {cell}: 방문자 {tries}명 중 {hits}명이 처음 방문 (해당 시간대 예상 {usual:.0%})",
    },
    script=Script.beside(__file__, "stranger_surge.sql"),
    judge=judge,
)
