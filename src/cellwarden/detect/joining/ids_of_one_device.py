"""One device that joins under one id after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh each id of such a device by how many devices of the fleet changed theirs as often."""
    for row in rows:
        weight = detector.rarity(row["seen"], row["among"], of="devices")
        if weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                known_at=row["known_at"],
                cell=row["cell"],
                device=row["hand"],
                cells=row["cells"],
                switches=row["switches"],
            )


DETECTOR = Detector(
    name="ids_of_one_device",
    version=3,
    looks_for="a device that joined out of one network under one id, then under another, and changed again: an id is issued to a device",
    innocent_causes=(
        "equipment with several cells: all of them come up together, each time",
        "renumbering, or a used box for a new customer: one change, and no way back",
        "a unit whose serial somebody copied: the copy comes out of another network",
        "a bench where a maker's whole series shows one serial",
    ),
    references=("TS 33.320 §7.2", "TS 36.300 §4.6.1"),
    thresholds={
        "min_switches": Threshold(2, "changes of id", "one is a new number or a new customer"),
        "expected_share": Threshold(0.001, "share of devices", "benches and numbering errors; the fleet's own rate takes over"),
        "expected_share_devices": Threshold(1000, "devices", "what that expectation is worth"),
        "share_of_rogues": Threshold(0.5, "share of rogues", "others keep one id; assumption until calibrated"),
        "max_weight": Threshold(
            5.0, "nats", "two customers may have had one box between them: alone it is a matter for review"
        ),
    },
    needs=("links", "links.serial"),
    helps=("links.asn",),
    evidence={
        "en": "{device} joined as cell {cell} and changed its id {switches} times among {cells} ids",
        "ko": "{device}: 셀 {cell}(으)로 접속, 식별자 {cells}개 사이에서 {switches}회 변경",
    },
    script=Script.beside(__file__, "ids_of_one_device.sql"),
    judge=judge,
)
