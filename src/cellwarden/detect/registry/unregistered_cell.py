"""Cells that serve although the management system never issued them, deleted them, lost them, scrapped them or only plans them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENB_BITS = {"macro": 8, "home": 0, "short_macro": 10, "long_macro": 7, "gnb": 4}
"""Bits of the cell number behind the eNB id; for a gNB the shortest sector part, since the setup does not tell its length."""


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh each unregistered cell by how well the registry covers its kind on a usual day."""
    for row in rows:
        if row["subject_kind"] == "equipment":
            number = row["cell"] >> _ENB_BITS.get(row["cell_type"], 0)
            name = f"{row['plmn']} {row['cell_type'] or 'unknown type'} {'gNB' if row['rat'] == 'nr' else 'eNB'} id {number:#x}"
            # It joined; whether it harmed anybody is for the cell's own findings, so that nothing counts twice.
            yield detector.finding(
                row, weight=0.0, hand=None, subject_kind="equipment", subject=name, what=name, standing=row["standing"]
            )
            continue
        weight = detector.rarity(row["unregistered"], row["cells"], of="cells")
        if row["standing"] == "planned":
            weight *= detector.threshold("planned_factor")
        if weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=None,
                known_at=max(row["from_at"], row["known_at"]),
                what=f"cell {row['cell']}",
                standing=row["standing"],
            )


DETECTOR = Detector(
    name="unregistered_cell",
    version=3,
    looks_for="a cell in service whose registry state that day was none at all, or deleted, lost, scrapped, recovered or planned",
    innocent_causes=(
        "inventory lag: installed before it was recorded",
        "a registry that covers this kind of equipment badly",
        "renumbering",
    ),
    references=("TS 33.320 §4.4.9", "TS 36.413 §9.2.1.37"),
    thresholds={
        "expected_share": Threshold(
            0.001,
            "share of cells on a usual day",
            "inventory lag of a well-kept registry; the fleet's own rate takes over as it grows",
        ),
        "expected_share_cells": Threshold(1000, "cells", "what that expectation is worth: a fleet of this size counts as much"),
        "max_weight": Threshold(6.5, "nats", "a mismatch is evidence, not a verdict: alone it must stay a matter for review"),
        "planned_factor": Threshold(0.5, "of the weight", "planned equipment often comes on air before its status is changed"),
    },
    needs=("access", "equipment"),
    helps=("access.source",),
    evidence={
        "en": "{what} was in service while the registry had it as: {standing}",
        "ko": "{what}: 서비스 중이었으나 당시 장비 대장 상태는 '{standing}'",
    },
    script=Script.beside(__file__, "unregistered_cell.sql"),
    judge=judge,
)
