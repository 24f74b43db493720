"""A crowd came: the sectors of a place, and their neighbours, had many times their people on one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse the strangers of registered macro cells that spiked together, unless the cell also asked who they are."""
    for row in rows:
        if explanation.is_ordinary(row):
            yield explanation.excuse(row, cell=row["cell"], people=row["subscribers"], usual=row["usual"], cells=row["cells"])


EXPLANATION = Explanation(
    name="festival",
    version=1,
    looks_for="registered macro cells of one tracking area that had twice their people or more on one day, together",
    accounts_for=("stranger_surge", "complaint_surge"),
    references=("TS 22.011 §4",),
    thresholds={
        "min_days": Threshold(4, "days on air", "what is usual shows over some days"),
        "min_people": Threshold(20, "people a day", "twice three people are six people"),
        "min_ratio": Threshold(2, "times its other days", "weekends and weekdays differ by less"),
        "min_cells": Threshold(3, "cells of the area", "the sectors of one place; a rogue is one cell"),
        "min_cells_announced": Threshold(2, "cells of the area", "where the calendar has a festival that day"),
        "max_identity_ratio": Threshold(3, "times the usual share", "a crowd's phones are in the network already"),
        "few_identities": Threshold(3, "procedures", "a handful of phones that were just switched on"),
    },
    needs=("access", "equipment"),
    helps=("access.identity", "events"),
    evidence={
        "en": "cell {cell} had {people} people in a day ({usual:.0f} are usual), and so had {cells} cells of its area, like a festival",
        "ko": "셀 {cell}: 하루 {people}명(통상 {usual:.0f}명), 같은 지역 셀 {cells}개에서 동시 증가, 행사로 보임",
    },
    script=Script.beside(__file__, "festival.sql"),
    judge=judge,
)
