"""One home cell in two hands at the same time: one of the two is a clone, and it is not the household's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.joining.addresses import is_within
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Accuse the hand that is less genuine; each pair comes in both orders, so each side is judged once as `hand`."""
    for row in rows:
        mine, other = _genuineness(row, ""), _genuineness(row, "other_")
        if mine < other or (mine == other and row["since_at"] > row["other_since_at"]):
            # Both must have been at work for the overlap to be seen: ten minutes of it, by the query's own rule.
            yield detector.finding(
                row,
                weight=detector.threshold("weight"),
                hand=row["hand"],
                known_at=row["from_at"] + timedelta(minutes=10),
                cell=row["cell"],
                hand_name=row["hand"],
                other=row["other_hand"],
            )


def _genuineness(row: Row, side: str) -> int:
    """Count what the registry confirms of one side; the serial weighs most, since an address can be leased anew."""
    confirmed = (
        4 * row[f"{side}has_registered_serial"] + 2 * row[f"{side}has_registered_line"] + int(row[f"{side}has_registered_tac"])
    )
    networks, address = row["source_networks"], row[f"{side}source_ip"]
    if networks and address:
        confirmed += 2 * bool(is_within(address, networks.split()))
    return int(confirmed)


DETECTOR = Detector(
    name="two_places_at_once",
    version=1,
    looks_for="one home cell id served from two addresses during the same ten minutes or more",
    innocent_causes=("two gateways that log one tunnel under two addresses", "an address change with late rows"),
    references=("TS 36.413 §8.7.3", "TS 33.320 §4.4.9"),
    thresholds={
        "weight": Threshold(6.0, "nats", "a home eNB id is one device; no honest cause lasts ten minutes but double logging")
    },
    needs=("access", "access.source"),
    helps=("links", "equipment"),
    evidence={
        "en": "cell {cell} was served by {hand_name} while {other}, which the registry confirms better, served it too",
        "ko": "셀 {cell}: 대장과 더 일치하는 {other}(이)가 서비스하는 동안 {hand_name}도 동시에 서비스",
    },
    script=Script.beside(__file__, "two_places_at_once.sql"),
    judge=judge,
)
