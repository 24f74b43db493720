"""A cell whose visitors come from the neighbourhood of another place than the one where the registry has it installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.place.sighting import SIGHTING
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], surroundings: Surroundings) -> Iterable[Finding]:
    """Weigh a cell-day far from its place by how many active cells of this registry are ever seen so far from theirs."""
    for row in rows:
        floor_m = detector.threshold("min_distance_m")
        surroundings.calibration.number(
            detector.name,
            "home cells",
            "distance that is far",
            learnt=max(floor_m, detector.threshold("typical_ratio") * (row["typical_m"] or 0.0)),
            default=floor_m,
            history=row["among"],
            least=int(detector.threshold("least_cells")),
            unit="m",
        )
        weight = detector.rarity(row["seen"], row["among"], of="cells")
        if weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                known_at=row["to_at"],
                cell=row["cell"],
                km=row["metres"] / 1000,
                visitors=row["visitors"],
            )


DETECTOR = Detector(
    name="misplaced_cell",
    version=6,
    looks_for="a fixed cell that its visitors' neighbouring cells place kilometres from where the registry has it installed",
    innocent_causes=(
        "a registry of wrong addresses: then many cells are so",
        "a household that moved and whose row has not come (explanation house_move)",
        "a cell carried along by its owner (explanation carried_cell)",
        "a cell on a bus, train or ship: registered as mobile (explanation on_board_cell)",
        "sparse macro cells: then all cells seem far",
        "an id issued anew elsewhere (explanation reissued_id)",
    ),
    references=("TS 33.320 §4.4.9 (location verification)", "TS 22.220 §5.6"),
    thresholds={
        "min_visitors": Threshold(3, "visitors in 10 minutes", "one visitor's neighbour may be a mast beyond the river"),
        "min_sightings": Threshold(2, "sightings a day", "a median of one is that one"),
        "min_distance_m": Threshold(
            2500, "m", "masts of a town lie up to about a kilometre apart, and a phone may hear the second next"
        ),
        "typical_ratio": Threshold(
            4, "times the median distance", "of this operator's cells; in the country masts lie further apart"
        ),
        "least_cells": Threshold(20, "cells", "fewer do not show what is typical; until then the stated distance holds"),
        "expected_share": Threshold(0.02, "share of cells", "registries have wrong addresses; the fleet's own rate takes over"),
        "expected_share_cells": Threshold(100, "cells", "what that expectation is worth"),
        "max_weight": Threshold(4.5, "nats", "people move without telling: alone it is not worth a line"),
    },
    needs=("access", "equipment.lat", "equipment.lon"),
    helps=("access.source",),
    prepares=(SIGHTING,),
    evidence={
        "en": "the neighbours of {visitors} visitors place cell {cell} {km:.1f} km from its registered place",
        "ko": "셀 {cell}: 방문 단말 {visitors}대의 이웃 셀 기준 대장상 설치 위치에서 {km:.1f} km 떨어져 있음",
    },
    script=Script.beside(__file__, "misplaced_cell.sql"),
    judge=judge,
)
