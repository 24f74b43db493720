"""A retired id that was rightly given to another customer: new device, new order, and the old device stays away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse an id whose new device is the ordered one; without links to show the device, half of it."""
    for row in rows:
        if row["other_serial"]:
            continue
        share = 1.0 if row["same_serial"] else explanation.threshold("share_without_device")
        yield explanation.excuse(row, share=share, cell=row["cell"], order=row["work_order"], since=iso(row["valid_from"]))


EXPLANATION = Explanation(
    name="reissued_id",
    version=1,
    looks_for="a retired id that was issued again by a work order, for another device, which is the one that joined",
    accounts_for=("revived_cell", "setup_conflict", "tac_mismatch"),
    references=("TS 33.320 §4.4.9",),
    thresholds={
        "share_without_device": Threshold(0.5, "of the weight", "where no link shows the device, it could be the old one"),
    },
    needs=("access", "equipment", "equipment.serial", "equipment.work_order"),
    helps=("links", "links.serial"),
    evidence={
        "en": "the id of cell {cell} was issued anew by {order} for another device, valid since {since}",
        "ko": "셀 {cell}: 식별자가 작업지시 {order}에 따라 다른 장비에 재발급됨({since}부터)",
    },
    script=Script.beside(__file__, "reissued_id.sql"),
    judge=judge,
)
