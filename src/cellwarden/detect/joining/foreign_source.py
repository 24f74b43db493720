"""Equipment that joins from another operator's network, from abroad, or from outside the operator's own networks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.joining.addresses import is_within
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cellwarden.records.operator import Operator


def judge(detector: Detector, rows: list[Row], surroundings: Surroundings) -> Iterable[Finding]:
    """Name what is foreign about each arrival and weigh it by how many honest ones share it."""
    home = _Home(surroundings.operator, rows, min_share=detector.threshold("common_asn_share"))
    judged = [(row, home.foreign(row)) for row in rows]
    # The fleet's own habit is read off equipment whose serial is the registered one: a rogue cannot make itself common.
    # Where no serial can be confirmed, off all of it: a registry that is missing must not make anybody rarer.
    fleet = [(row, why) for row, why in judged if row["is_registered"]] or judged
    honest = {(row["cell"], row["hand"]): False for row, _ in fleet}
    honest.update({(row["cell"], row["hand"]): True for row, why in fleet if why})
    weight = detector.rarity(sum(honest.values()), len(honest), of="cells")
    for row, why in judged:
        if why and weight > 0:
            yield detector.finding(
                row, weight=weight, hand=row["hand"], cell=row["cell"], hand_name=row["hand"], address=row["source_ip"], why=why
            )


class _Home:
    """What counts as the operator's own network, stated or learnt."""

    def __init__(self, operator: Operator, rows: list[Row], *, min_share: float) -> None:
        self._networks = operator.own_networks
        self._country = operator.country
        self._asns = set(operator.own_asns)
        if not self._asns:
            # Not stated: the autonomous systems from which a fair share of the fleet comes.
            cells = Counter(asn for asn, _ in {(row["asn"], row["cell"]) for row in rows if row["asn"] is not None})
            total = sum(cells.values())
            self._asns = {asn for asn, count in cells.items() if count / total >= min_share}
        self._known: dict[str, bool | None] = {}

    def foreign(self, row: Row) -> str:
        """Return what is foreign about an arrival; empty if nothing is, or if the registry has this device on that line."""
        if row["agreed_networks"] and is_within(row["source_ip"], row["agreed_networks"].split()):
            return ""
        if self._country and row["country"] and row["country"] != self._country:
            return f"country {row['country']}"
        if self._asns and row["asn"] is not None and row["asn"] not in self._asns:
            return f"AS {row['asn']}"
        if row["source_ip"] not in self._known:
            self._known[row["source_ip"]] = is_within(row["source_ip"], self._networks)
        return "outside the operator's networks" if self._known[row["source_ip"]] is False else ""


DETECTOR = Detector(
    name="foreign_source",
    version=4,
    looks_for="a tunnel or setup whose outer address lies outside the operator's own wireline networks, in another AS or abroad, and outside the networks agreed for the device",
    innocent_causes=(
        "a customer who carried the box along on holiday",
        "a customer on another provider's line (explanation other_line)",
        "own networks or AS numbers that operator.toml does not name",
    ),
    references=("TS 33.320 §7.5",),
    thresholds={
        "expected_share": Threshold(
            0.005,
            "share of registered equipment",
            "customers who plug in elsewhere; assumption until the fleet's own rate is known",
        ),
        "expected_share_cells": Threshold(200, "cells", "what that expectation is worth"),
        "common_asn_share": Threshold(
            0.02, "share of cells", "an AS with fewer of the fleet is not the operator's own, where it is not stated"
        ),
        "max_weight": Threshold(
            4.5, "nats", "resale and holidays exist in every fleet, however rare in this one: alone it is not worth a line"
        ),
    },
    needs=("links", "links.source_ip"),
    helps=("links.asn", "links.country", "equipment.serial", "equipment.work_order", "equipment.source_networks"),
    evidence={
        "en": "{hand_name} joined as cell {cell} from {address}: {why}",
        "ko": "{hand_name}: {address}에서 셀 {cell}(으)로 접속, 사유: {why}",
    },
    script=Script.beside(__file__, "foreign_source.sql"),
    judge=judge,
)
