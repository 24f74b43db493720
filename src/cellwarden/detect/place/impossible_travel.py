"""One id whose visitors are in two places at once, or cross it faster than anything on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.place.leap import LEAP
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a day of impossible travel by how many cells ever have one: what wrong places of masts do, they do to many."""
    for row in rows:
        weight = detector.rarity(row["seen"], row["among"], of="cells")
        if weight > 0:
            apart, flights = row["apart"], row["flights"]
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                known_at=row["to_at"],
                cell=row["cell"],
                km=row["metres"] / 1000,
                how={
                    "en": f"{apart} visitors at once" if apart else f"{flights} visitors on their way",
                    "ko": f"동시 접속 단말 {apart}대" if apart else f"이동 중 단말 {flights}대",
                },
            )


DETECTOR = Detector(
    name="impossible_travel",
    version=7,
    looks_for="a home cell behind one address whose visitors' neighbours lie farther apart within ten minutes than anybody drives, in two clusters or for one visitor",
    innocent_causes=(
        "a mast with a wrong place in the registry: then it happens to all cells around it",
        "a cell on a bus, train or ship: registered as mobile (explanation on_board_cell)",
        "a phone that hears one mast far away: one visitor makes no cluster",
        "clocks of two feeds that differ (explanation data_faults)",
    ),
    references=("TS 33.320 §4.4.9 (location verification)",),
    thresholds={
        "min_flights": Threshold(2, "visitors", "one may have a copied SIM or a clock that slipped"),
        "expected_share": Threshold(0.01, "share of cells", "wrong masts; the fleet's own rate takes over"),
        "expected_share_cells": Threshold(200, "cells", "what that expectation is worth"),
        "max_weight": Threshold(4.5, "nats", "registries of masts have errors too: alone it is not worth a line"),
    },
    needs=("access", "equipment.lat", "equipment.lon"),
    helps=("access.source",),
    prepares=(LEAP,),
    evidence={
        "en": "the neighbours of {how} place cell {cell} in two places {km:.1f} km apart within ten minutes",
        "ko": "셀 {cell}: {how}의 이웃 셀 기준 10분 안에 {km:.1f} km 떨어진 두 곳에 존재",
    },
    script=Script.beside(__file__, "impossible_travel.sql"),
    judge=judge,
)
