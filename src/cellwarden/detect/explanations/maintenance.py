"""Somebody worked on the cell: the calendar says so, or a whole batch came back with the same new software that night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.visit import VISIT
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse that part of a registered cell's day which fell into the work on it, and no more."""
    for row in rows:
        if not row["work_events"]:
            continue
        yield explanation.excuse(
            row, share=row["work_events"] / row["day_events"], cell=row["cell"], at=iso(row["from_at"]), cells=row["cells"]
        )


EXPLANATION = Explanation(
    name="maintenance",
    version=4,
    looks_for="work on a registered cell: announced, or shown by a batch of cells with the same new software within hours",
    accounts_for=("night_activity", "short_bursts", "fleeting_cell", "reject_chain"),
    references=("TS 32.592 §6", "TR-069"),
    thresholds={
        "min_cells": Threshold(5, "cells", "a campaign upgrades a batch; one box with new software is one box"),
    },
    needs=("access", "equipment"),
    helps=("events", "links", "links.software"),
    prepares=(VISIT,),
    evidence={
        "en": "cell {cell} was worked on about {at}, one of {cells} of its batch",
        "ko": "셀 {cell}: {at} 무렵 작업 대상 {cells}개 중 하나",
    },
    script=Script.beside(__file__, "maintenance.sql"),
    judge=judge,
)
