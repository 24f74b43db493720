"""Strangers who confirm payments through a cell: it served the verification call or the code message minutes before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.share import Beta, expected_share, noted, weight
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], surroundings: Surroundings) -> Iterable[Finding]:
    """Weigh a cell-day by how much larger a part of its people paid through it than in its class; no dispute need be known yet."""
    rogue = Beta(detector.threshold("rogue_alpha"), detector.threshold("rogue_beta"))
    default, least = detector.threshold("default_share"), int(detector.threshold("least_days"))
    for row in rows:
        noted(surroundings.calibration, detector.name, row, "share of people who pay through it", default=default, least=least)
        honest = expected_share(row, trust=detector.threshold("own_history_trust"), default=default)
        found = weight(row, honest, rogue, most=detector.threshold("max_weight"))
        if found > 0:
            yield detector.finding(
                row,
                weight=found,
                hand=row["hand"],
                known_at=max(row["from_at"], row["paid_at"]),
                cell=row["cell"],
                hits=row["hits"],
                tries=row["tries"],
                disputed=row["disputed"],
                usual=honest.mean,
            )


DETECTOR = Detector(
    name="verification_through_cell",
    version=2,
    looks_for="a cell-day on which many people who do not belong there confirmed payments by a call or a code that the cell served minutes before",
    innocent_causes=(
        "a shop or an office whose people pay there: they come every day",
        "a day of sales or tickets on which everybody pays: then all cells show it",
        "a place where people wait and pay, a station or a clinic: its own past is like it",
        "a busy cell with a few payers: the share decides",
    ),
    references=("public case of 2025: verification calls answered by the cell",),
    thresholds={
        "leg_minutes": Threshold(10, "minutes", "a code is void after three to five; calls repeat"),
        "min_payers": Threshold(3, "people", "two are a couple on a visit"),
        "default_share": Threshold(0.01, "share of people a day", "where a class has no history; its own takes over"),
        "least_days": Threshold(20, "cell-days", "fewer do not show what is usual of a class"),
        "rogue_alpha": Threshold(
            1, "pseudo-counts", "with rogue_beta: a mean of one in ten, since thieves choose among the people"
        ),
        "rogue_beta": Threshold(9, "pseudo-counts", "see rogue_alpha"),
        "own_history_trust": Threshold(0.5, "of a count", "yesterday predicts today only in part"),
        "max_weight": Threshold(4.5, "nats", "people do pay on the way: alone it is not worth a line"),
    },
    needs=("access", "payments", "usage", "usage.peer"),
    helps=("payments.disputed_at", "usage.source", "access.source"),
    evidence={
        "en": "{hits} of {tries} people at cell {cell}, strangers there, confirmed payments through it within minutes ({usual:.1%} expected; {disputed} payments are disputed)",
        "ko": "셀 {cell}: {tries}명 중 낯선 방문자 {hits}명이 이 셀로 인증한 뒤 수 분 내 결제 (예상 {usual:.1%}, 이의제기 결제 {disputed}건)",
    },
    script=Script.beside(__file__, "verification_through_cell.sql"),
    judge=judge,
)
