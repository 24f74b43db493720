"""The cell was installed properly and recorded late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse a cell whose late row is ordered and describes the very device that joined; without links, half of it."""
    for row in rows:
        if row["other_serial"]:
            continue
        share = 1.0 if row["same_serial"] else explanation.threshold("share_without_device")
        yield explanation.excuse(row, share=share, cell=row["cell"], order=row["work_order"], recorded=iso(row["recorded_at"]))


EXPLANATION = Explanation(
    name="inventory_lag",
    version=2,
    looks_for="a registry row with a work order that was recorded after the cell was on air and describes the device that joined",
    accounts_for=("unregistered_cell", "setup_conflict", "revived_cell", "tac_mismatch"),
    references=("TS 33.320 §4.4.9",),
    thresholds={
        "share_without_device": Threshold(
            0.5, "of the weight", "where no link shows the device, the late row could be an insider's"
        ),
    },
    needs=("access", "equipment", "equipment.work_order"),
    helps=("links", "links.serial"),
    evidence={
        "en": "cell {cell} was installed by {order} and recorded late, at {recorded}",
        "ko": "셀 {cell}: 작업지시 {order}로 설치되었고 대장에는 {recorded}에 늦게 기록됨",
    },
    script=Script.beside(__file__, "inventory_lag.sql"),
    judge=judge,
)
