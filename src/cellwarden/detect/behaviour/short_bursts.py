"""Cells that are on air for an hour or two with many people on them, and silent before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a burst by how many cells of that kind with so many people show one on a usual day."""
    for row in rows:
        weight = detector.rarity(row["seen"], row["among"], of="cells")
        if weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                known_at=row["known_at"],
                cell=row["cell"],
                people=row["subscribers"],
                minutes=round((row["to_at"] - row["from_at"]).total_seconds() / 60),
            )


DETECTOR = Detector(
    name="short_bursts",
    version=3,
    looks_for="a cell that was on air for three hours or less with many people on it, and silent for six hours before and after",
    innocent_causes=(
        "a power cut or a gateway restart that cut a day to pieces (explanations iot_power_loss, gateway_restart)",
        "maintenance that tried the cell (explanation maintenance)",
        "a kind of cell that is switched on for an event: then many are",
        "records that begin or end there",
    ),
    references=("TS 33.320 §4.4.9",),
    thresholds={
        "burst_minutes": Threshold(180, "minutes", "what a van stays at most; whoever opens a shop opens it longer"),
        "silent_hours": Threshold(6, "hours", "as long as ends an episode"),
        "min_people": Threshold(12, "people", "a household does not have so many, a shop has them all day"),
        "expected_share": Threshold(
            0.03, "share of cells", "of those with so many people on a usual day; the class's own takes over"
        ),
        "expected_share_cells": Threshold(50, "cells", "what that expectation is worth: few cells have so many people"),
        "share_of_rogues": Threshold(0.5, "share of rogues", "others stay all night under one id; assumption until calibrated"),
        "max_weight": Threshold(2.5, "nats", "whoever pulls a plug does so too"),
    },
    needs=("access",),
    helps=("access.source",),
    evidence={
        "en": "cell {cell} was on air for {minutes} minutes with {people} people and silent for six hours before and after",
        "ko": "셀 {cell}: {minutes}분 동안만 {people}명이 접속했고 그 앞뒤 6시간은 침묵",
    },
    script=Script.beside(__file__, "short_bursts.sql"),
    judge=judge,
)
