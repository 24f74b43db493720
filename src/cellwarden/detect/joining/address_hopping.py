"""Equipment that should hang on one line and comes up from one outer address after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a day of many addresses by how much of the fleet ever has as many."""
    for row in rows:
        weight = detector.rarity(row["seen"], row["among"], of="hands")
        if weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                known_at=row["known_at"],
                cell=row["cell"],
                hand_name=row["hand"],
                addresses=row["addresses"],
                asns=max(1, row["asns"]),
                seen=row["seen"],
                among=row["among"],
            )


DETECTOR = Detector(
    name="address_hopping",
    version=2,
    looks_for="equipment that came up from three or more outer addresses within 24 hours, as a unit on mobile modems does",
    innocent_causes=(
        "lines whose address changes with every reconnection: then the fleet does so",
        "a gateway restart after which everybody comes up again, from the same addresses (explanation gateway_restart)",
        "a customer who carried the box along: two addresses",
        "a cell on a bus, train or ship: registered as mobile (explanation on_board_cell)",
    ),
    references=("TS 33.320 §7.5", "TS 33.320 §4.4.9 (location verification)"),
    thresholds={
        "min_addresses": Threshold(3, "addresses in 24 hours", "there and back is a visit, and one change is a reconnection"),
        "expected_share": Threshold(0.02, "share of equipment", "lines that flap; the fleet's own rate takes over"),
        "expected_share_hands": Threshold(200, "pieces of equipment", "what that expectation is worth"),
        "share_of_rogues": Threshold(0.5, "share of rogues", "others stay behind one modem; assumption until calibrated"),
        "max_weight": Threshold(3.5, "nats", "a flapping line looks so: alone it must stay far below a line in the report"),
    },
    needs=("links", "links.serial", "links.source_ip"),
    helps=("equipment",),
    evidence={
        "en": "{hand_name}, as cell {cell}, came up from {addresses} addresses in {asns} networks within 24 hours; {seen} of {among} did so",
        "ko": "{hand_name}(셀 {cell}): 24시간 안에 {asns}개 망의 주소 {addresses}개로 접속 (장비 {among}대 중 {seen}대)",
    },
    script=Script.beside(__file__, "address_hopping.sql"),
    judge=judge,
)
