"""Equipment that joins under an id and is not what the registry says this id is, or what the id was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROPERTIES = {"serial": "serial_weight", "device": "device_weight", "tac": "tac_weight", "line": "line_weight"}
_REGISTRY = {"en": "the registry has", "ko": "대장과"}
_PAST = {"en": "the id had before", "ko": "이 식별자의 과거와"}


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Add up what differs, up to a bound: another serial often comes with another tracking area."""
    for row in rows:
        differs = [name for name in _PROPERTIES if row[f"other_{name}"]]
        weight = min(detector.threshold("max_weight"), sum(detector.threshold(_PROPERTIES[name]) for name in differs))
        yield detector.finding(
            row,
            weight=weight,
            hand=row["hand"],
            cell=row["cell"],
            hand_name=row["hand"],
            differs=", ".join(differs),
            before=_PAST if row["other_device"] else _REGISTRY,
        )


DETECTOR = Detector(
    name="setup_conflict",
    version=2,
    looks_for="a setup whose serial, tracking area or access line is not the one that the registry has for this id; where it has none, not the one of the device that had this id first",
    innocent_causes=(
        "a swapped box whose row came late",
        "a re-homed cell with a new tracking area",
        "a customer who changed the line",
    ),
    references=("TS 36.413 §9.1.8.4", "TS 33.320 §4.4.9"),
    thresholds={
        "serial_weight": Threshold(
            3.0, "nats", "swaps are recorded late in about one of twenty cases; assumption until calibrated"
        ),
        "device_weight": Threshold(
            2.5,
            "nats",
            "without a registry nobody tells a swap from a theft; boxes last for years; assumption until calibrated",
        ),
        "tac_weight": Threshold(1.0, "nats", "tracking areas are re-planned in bulk, and registries lag behind"),
        "line_weight": Threshold(0.5, "nats", "customers change lines without telling the management system"),
        "max_weight": Threshold(4.0, "nats", "one swap explains all differences at once"),
    },
    needs=("links",),
    helps=("links.serial", "links.tac", "equipment", "equipment.serial"),
    evidence={
        "en": "{hand_name} joined as cell {cell} with another {differs} than {before}",
        "ko": "{hand_name}: 셀 {cell}(으)로 접속하며 {before} 다른 값 제시 ({differs})",
    },
    script=Script.beside(__file__, "setup_conflict.sql"),
    judge=judge,
)
