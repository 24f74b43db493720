"""Cells that speak out of another device's tunnel: the id claimed at S1 is not the one authenticated at the gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a foreign id in a device's tunnel by how many of the devices known to the registry carry one."""
    for row in rows:
        weight = detector.rarity(row["seen"], row["among"], of="devices")
        if weight > 0:
            is_one = row["first_cell"] == row["last_cell"]
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                cell=row["cell"],
                device=row["serial"],
                address=row["source"],
                own=row["first_cell"] if is_one else f"{row['first_cell']}…{row['last_cell']}",
            )


DETECTOR = Detector(
    name="id_not_of_this_device",
    version=2,
    looks_for="a cell that set up or served out of the tunnel of a device to which the registry never gave that cell",
    innocent_causes=(
        "renumbering whose row has not come yet (explanation renumbering)",
        "inventory lag (explanation inventory_lag)",
        "an inner address that went to another device while the log lost a row (explanation data_faults)",
        "equipment with several cells: all of them are its own",
    ),
    references=("TS 33.320 §7.2", "TS 33.320 §4.4.5", "TS 36.413 §8.7.3"),
    thresholds={
        "expected_share": Threshold(
            0.002, "share of devices", "renumbering and lost log rows; the fleet's own rate takes over"
        ),
        "expected_share_devices": Threshold(500, "devices", "what that expectation is worth"),
        "max_weight": Threshold(5.0, "nats", "a renumbered cell looks so until its row comes: alone it is a matter for review"),
    },
    needs=("links", "links.serial", "links.inner_ip", "equipment", "equipment.serial"),
    helps=("access.source",),
    evidence={
        "en": "cell {cell} spoke from {address}, the tunnel of {device}, which the registry has as cell {own}",
        "ko": "셀 {cell}: {device}의 터널({address})에서 서비스했으나 대장상 이 장비의 셀은 {own}",
    },
    script=Script.beside(__file__, "id_not_of_this_device.sql"),
    judge=judge,
)
