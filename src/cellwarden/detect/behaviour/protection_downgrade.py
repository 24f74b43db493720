"""Phones left without ciphering, or IMS without encryption, where this model and kind of cell normally have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.behaviour import conduct
from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.share import Beta, expected_share, noted, weight

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHAT = (
    {"en": "security mode commands chose null ciphering", "ko": "보안 모드 명령에서 널 암호화 선택"},
    {"en": "IMS registrations were not encrypted", "ko": "IMS 등록이 암호화되지 않음"},
)


def judge(detector: Detector, rows: list[Row], surroundings: Surroundings) -> Iterable[Finding]:
    """Weigh a cell-day by the Bayes factor of two beta-binomials; a model that never protects says nothing of its cells."""
    rogue = Beta(detector.threshold("rogue_alpha"), detector.threshold("rogue_beta"))
    default, least = detector.threshold("default_share"), int(detector.threshold("least_days"))
    for row in rows:
        what = _WHAT[row["is_ims"]]
        noted(surroundings.calibration, detector.name, row, f"share in which {what['en']}", default=default, least=least)
        honest = expected_share(row, trust=detector.threshold("own_history_trust"), default=default)
        found = weight(row, honest, rogue, most=detector.threshold("max_weight"), day=row["day_number"])
        if found > 0:
            yield detector.finding(
                row,
                weight=found,
                hand=row["hand"],
                known_at=row["to_at"],
                cell=row["cell"],
                hits=row["hits"],
                tries=row["tries"],
                what=what,
                usual=honest.mean,
            )


DETECTOR = Detector(
    name="protection_downgrade",
    version=5,
    looks_for="a cell-day with null ciphering or unencrypted IMS far more often than its model, its kind of cell and its own past have it",
    innocent_causes=(
        "a model or an operator that never protects: then it is usual",
        "emergency calls without a SIM: few at any cell",
        "a test laboratory (explanation test_laboratory)",
        "one visitor's phone without algorithms: few of the procedures",
    ),
    references=("TS 33.401 §5.1.3.1", "TS 33.203 §6.3", "TS 24.301 §5.4.3"),
    thresholds={
        "min_hits": Threshold(3, "procedures", "emergency calls without a SIM are two in an evening at most"),
        "min_tries": Threshold(5, "procedures", "a share of fewer says nothing"),
        "min_model_cells": Threshold(5, "cells", "of a model with fewer, one cell would be its own measure"),
        "default_share": Threshold(0.01, "share of procedures", "where a class has no history; its own takes over"),
        "least_days": Threshold(20, "cell-days", "fewer do not show what is usual of a class"),
        "rogue_alpha": Threshold(2, "pseudo-counts", "with rogue_beta: even between none and all of them"),
        "rogue_beta": Threshold(2, "pseudo-counts", "see rogue_alpha"),
        "own_history_trust": Threshold(0.5, "of a count", "yesterday predicts today only in part"),
        "max_weight": Threshold(4.5, "nats", "wrong settings exist: alone it is not worth a line"),
    },
    needs=("access",),
    helps=("access.ciphering", "access.ims_protection", "access.source", "equipment.software"),
    prepares=(conduct.CONDUCT,),
    evidence={
        "en": "at cell {cell}, {hits} of {tries} {what} ({usual:.1%} expected)",
        "ko": "셀 {cell}: {tries}건 중 {hits}건에서 {what} (예상 {usual:.1%})",
    },
    script=conduct.beside(__file__, "protection_downgrade.sql"),
    judge=judge,
)
