"""Ids that are on the air for a few hours of the night, among strangers, and never else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.behaviour import night
from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.explanations.visit import VISIT

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh each night of such an id by how many home cells on a usual day are one."""
    for row in rows:
        weight = detector.rarity(row["seen"], row["among"], of="cells")
        if weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=None,
                known_at=row["known_at"],
                cell=row["cell"],
                people=row["people"],
                hours=row["hours"],
                nights=row["turns"],
            )


DETECTOR = Detector(
    name="fleeting_cell",
    version=3,
    looks_for="a home id whose whole time on the air were some hours of the night, each time with many people, hardly any of whom came again",
    innocent_causes=(
        "a cell that is tried in the night of its installation: from then on it is on the air",
        "a laboratory or a demonstration by night (explanation test_laboratory): the same few identities",
        "records of a slipped clock (explanation data_faults)",
        "maintenance that tried the cell (explanation maintenance)",
    ),
    references=("TS 33.320 §4.4.9", "TS 22.220 §5.3"),
    thresholds={
        "night_hours": night.HOURS,
        "most_hours": Threshold(6, "clock hours a night", "the night, begun and ended within the hours around it"),
        "min_people": Threshold(8, "people a night", "a household does not have so many by night"),
        "min_night_share": Threshold(0.8, "of its visits", "in the quietest hours: what opens by day is something else"),
        "max_returning": Threshold(0.2, "of its visitors", "who works, lives or stays somewhere comes again"),
        "silent_hours": Threshold(6, "hours", "as long as ends an episode"),
        "expected_share": Threshold(
            0.003, "share of home cells on a usual day", "trials and demonstrations; assumption until the fleet's own is known"
        ),
        "expected_share_cells": Threshold(1000, "cells", "what that expectation is worth: few have so many people by night"),
        "share_of_rogues": Threshold(0.5, "share of rogues", "others stand still for days; assumption until calibrated"),
        "max_weight": Threshold(5.0, "nats", "somebody may try out equipment by night: alone it is a matter for review"),
    },
    needs=("access",),
    helps=("access.core",),
    prepares=(VISIT,),
    evidence={
        "en": "cell {cell} was on the air for {hours} hours of a night with {people} people, and in all the records on {nights} such nights only",
        "ko": "셀 {cell}: 심야 {hours}시간 동안 {people}명이 접속했고, 전체 기록에서 이런 밤 {nights}일에만 나타남",
    },
    script=night.beside(__file__, "fleeting_cell.sql"),
    judge=judge,
)
