"""A cell that serves under another tracking area than its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a foreign tracking area by how many cells of that type serve under one: areas are re-planned in bulk."""
    for row in rows:
        weight = detector.rarity(row["seen"], row["among"], of="cells")
        if weight > 0:
            own = row["registered_tac"]
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                cell=row["cell"],
                tac=row["tac"],
                instead={
                    "en": "which no equipment is configured for" if own is None else f"not under its own, {own}",
                    "ko": "대장에 없는 추적 영역" if own is None else f"대장상 추적 영역은 {own}",
                },
            )


DETECTOR = Detector(
    name="tac_mismatch",
    version=2,
    looks_for="a cell that served under another tracking area than the registry configured, or, unregistered, under one that no equipment has",
    innocent_causes=(
        "tracking areas that were re-planned in bulk: then many cells are so",
        "a household that moved into another area (explanation house_move)",
        "renumbering (explanation renumbering)",
        "a carrier shared with another operator (explanation shared_carrier)",
    ),
    references=("TS 23.401 §4.3.5.3", "TS 36.413 §9.2.3.7"),
    thresholds={
        "expected_share": Threshold(
            0.02, "share of cells", "rows that lag behind re-planning; the fleet's own rate takes over"
        ),
        "expected_share_cells": Threshold(100, "cells", "what that expectation is worth"),
        "share_of_rogues": Threshold(0.5, "share of rogues", "the tracking area is easily copied; assumption until calibrated"),
        "max_weight": Threshold(2.5, "nats", "registries lag behind re-planning: a hint beside others"),
    },
    needs=("access", "equipment.tac"),
    helps=("access.source",),
    evidence={
        "en": "cell {cell} served under tracking area {tac}, {instead}",
        "ko": "셀 {cell}: 추적 영역 {tac}(으)로 서비스 ({instead})",
    },
    script=Script.beside(__file__, "tac_mismatch.sql"),
    judge=judge,
)
