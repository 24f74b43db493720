"""Complaints of one theme that crowd in one district, and among the people of one cell, scored against how many could have complained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.stats import binom

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.share import Beta, expected_share, q_values, weight
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Name districts as leads without weight; weigh cells by the Bayes factor of two beta-binomials, one test for all."""
    yield from _districts(detector, [row for row in rows if row["subject_kind"] == "district"])
    yield from _cells(detector, [row for row in rows if row["subject_kind"] == "cell"])


def _districts(detector: Detector, rows: list[Row]) -> Iterable[Finding]:
    """Compare a district with the theme's other complaints of the day: a news day lets all districts grow alike."""
    chances = [float(binom.sf(row["hits"] - 1, row["tries"], row["expected"])) for row in rows]
    tests = max((row["tests"] for row in rows), default=0)
    for row, chance in zip(rows, q_values(chances, tests), strict=True):
        if chance <= detector.threshold("max_false_discoveries"):
            yield _finding(detector, row, weight=0.0, usual=row["expected"])


def _cells(detector: Detector, rows: list[Row]) -> Iterable[Finding]:
    rogue = Beta(detector.threshold("rogue_alpha"), detector.threshold("rogue_beta"))
    honest = [expected_share(_others(row), trust=0.0, default=detector.threshold("default_share")) for row in rows]
    chances = [prior.tail(row["hits"], row["tries"]) for row, prior in zip(rows, honest, strict=True)]
    tests = sum({(row["theme"], row["cell_type"]): int(row["tests"]) for row in rows}.values())
    for row, prior, chance in zip(rows, honest, q_values(chances, tests), strict=True):
        found = weight(row, prior, rogue, most=detector.threshold("max_weight"))
        if chance <= detector.threshold("max_false_discoveries") and found > 0:
            yield _finding(detector, row, weight=found, usual=prior.mean)


def _others(row: Row) -> Row:
    """Return the class without the cell itself, which would otherwise be a part of its own measure."""
    hits, tries = row["hits"], row["tries"]
    return {
        "days": row["days"] - 1,
        "n": row["n"] - tries,
        "x": row["x"] - hits,
        "nn": row["nn"] - tries**2,
        "xx_n": row["xx_n"] - hits**2 / tries,
        "hits_before": 0,
        "tries_before": 0,
    }


def _finding(detector: Detector, row: Row, *, weight: float, usual: float) -> Finding:
    is_cell = row["subject_kind"] == "cell"
    return detector.finding(
        row,
        weight=weight,
        hand=row["hand"] or None,
        known_at=max(row["from_at"], row["known_at"]),
        subject_kind=row["subject_kind"],
        subject=None if is_cell else row["district"],
        theme=row["theme"],
        who={"en": f"people at cell {row['cell']}", "ko": f"셀 {row['cell']} 접속자"} if is_cell else {"en": f"complaints from {row['district']}", "ko": f"{row['district']} 민원"},
        hits=row["hits"],
        tries=row["tries"],
        usual=usual,
    )  # fmt: skip


DETECTOR = Detector(
    name="complaint_surge",
    version=2,
    looks_for="complaints of one theme from one district beyond its part of the people, and among the people of one cell beyond those of other cells",
    innocent_causes=(
        "a news day: all districts and all cells grow alike",
        "a large district: it has more people",
        "a neighbourhood with a festival or an outage (explanation festival)",
        "bulk complaints bought against a rival: they come from people who were not there",
    ),
    references=("Benjamini and Hochberg, JRSS B 57, 1995",),
    thresholds={
        "before_days": Threshold(7, "days", "bills and alerts come within a week"),
        "min_complaints": Threshold(5, "complaints a day", "of a district; fewer are an ordinary day"),
        "min_complainants": Threshold(3, "people", "of a cell; two may be one family"),
        "max_false_discoveries": Threshold(
            0.05, "share of what is called", "over all districts and days, or all cells, at once"
        ),
        "default_share": Threshold(0.01, "share of people", "who complain in a week, where nothing is known"),
        "rogue_alpha": Threshold(1, "pseudo-counts", "with rogue_beta: one in ten of the robbed district complains"),
        "rogue_beta": Threshold(9, "pseudo-counts", "see rogue_alpha"),
        "max_weight": Threshold(2.0, "nats", "complaints are cheap, and can be bought"),
    },
    needs=("access", "complaints"),
    helps=("complaints.imsi", "complaints.topic", "complaints.district", "subscribers.district"),
    evidence={
        "en": "{hits} of {tries} {who} were complaints of theme {theme} ({usual:.1%} expected)",
        "ko": "{who} {tries}건 중 {hits}건이 '{theme}' 민원 (예상 {usual:.1%})",
    },
    script=Script.beside(__file__, "complaint_surge.sql"),
    judge=judge,
)
