"""The mains came back: meters and other things of a district attach at once, with the permanent identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse that part of a cell's identities of such a day which things gave; the people's remain."""
    for row in rows:
        if row["by_things"]:
            yield explanation.excuse(
                row,
                share=row["by_things"] / row["identified"],
                things=row["things"],
                cells=row["cells"],
                cell=row["cell"],
                day=iso(row["from_at"])[:10],
            )


EXPLANATION = Explanation(
    name="iot_power_loss",
    version=1,
    looks_for="a day on which many things gave their permanent identity under many cells, several times as many as usually",
    accounts_for=("identity_exposure_excess", "short_bursts"),
    references=("TS 24.301 §5.5.1.2.2", "TS 22.368 §4.1"),
    thresholds={
        "min_things": Threshold(10, "things", "a handful of meters reboot on any day"),
        "min_cells": Threshold(3, "cells", "a rogue is one cell; a power cut is a district"),
        "min_ratio": Threshold(3, "times an ordinary day", "things attach rarely, and then one by one"),
    },
    needs=("access", "access.identity", "subscribers.device_class"),
    evidence={
        "en": "{things} things gave their permanent identity under {cells} cells on {day}, some at cell {cell}, as after a power cut",
        "ko": "{day}: 사물 단말 {things}대가 셀 {cells}개에서 영구 식별자로 접속(셀 {cell} 포함), 정전 복구로 보임",
    },
    script=Script.beside(__file__, "iot_power_loss.sql"),
    judge=judge,
)
