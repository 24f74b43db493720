"""Cells whose number is of one kind and whose way to the core is of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

_WAYS = (
    {"en": "a macro-size id came through the security gateway", "ko": "매크로용 번호가 보안 게이트웨이로 접속"},
    {"en": "a home id came from the address of a macro station", "ko": "가정용 번호가 매크로 기지국 주소로 접속"},
)


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a way by how many cells of that kind take it: operators that tunnel their macro stations are no news."""
    for row in rows:
        weight = detector.rarity(row["seen"], row["among"], of="cells")
        if weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                cell=row["cell"],
                way=_WAYS[row["is_home"]],
                seen=row["seen"],
                among=row["among"],
            )


DETECTOR = Detector(
    name="kind_mismatch",
    version=2,
    looks_for="a macro-size id that reached the core through the security gateway, or a home id that reached it from a macro station's address",
    innocent_causes=(
        "an operator that tunnels its macro stations too",
        "a small cell with a macro-size id on a customer's line",
        "a gateway that hides home cells behind one address",
        "a temporary cell on wheels behind a tunnel (explanation temporary_cell)",
    ),
    references=("TS 36.413 §9.2.1.37", "TS 33.320 §4.2"),
    thresholds={
        "min_station_cells": Threshold(
            2, "wide cells", "an address that only one wide cell speaks from may itself be the odd one"
        ),
        "expected_share": Threshold(
            0.05, "share of cells", "how operators build differs; the share among this one's cells takes over"
        ),
        "expected_share_cells": Threshold(
            50, "cells", "what that expectation is worth: a town's worth of stations shows the build"
        ),
        "max_weight": Threshold(4.5, "nats", "small cells with macro-size ids exist: alone it is not worth a line"),
    },
    needs=("access", "access.source", "links", "links.inner_ip"),
    helps=("equipment",),
    evidence={
        "en": "cell {cell}: {way}; {seen} of {among} cells of that kind do so",
        "ko": "셀 {cell}: {way} (같은 종류 {among}개 중 {seen}개)",
    },
    script=Script.beside(__file__, "kind_mismatch.sql"),
    judge=judge,
)
