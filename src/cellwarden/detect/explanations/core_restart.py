"""A core forgot its temporary identities and the phones of many cells gave the permanent one at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.core_identity import CORE_IDENTITY
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse that part of each cell's identities which the core took in such an hour.

    An announcement is not needed: the other cells are the witness. What a cell took in the rest of the day remains.
    """
    for row in rows:
        yield explanation.excuse(
            row,
            share=row["here_then"] / row["here_that_day"],
            core=row["core"],
            cells=row["cells"],
            part=row["identified"] / row["openings"],
            hour=iso(row["from_at"]),
        )


EXPLANATION = Explanation(
    name="core_restart",
    version=4,
    looks_for="an hour in which one core took permanent identities from many cells at many times its usual share",
    accounts_for=("identity_exposure_excess",),
    references=("TS 23.007 §14", "TS 24.301 §5.5.1.2.2"),
    thresholds={
        "min_openings": Threshold(50, "procedures", "a share of fewer says nothing of a whole core"),
        "min_cells": Threshold(10, "cells", "a rogue is one cell; a restart is everywhere"),
        "min_ratio": Threshold(3, "times the usual share", "restarts raise it ten to a hundred times for part of an hour"),
        "min_share": Threshold(0.1, "of procedures", "three times nearly nothing is still nearly nothing"),
    },
    needs=("access", "access.core", "access.identity"),
    prepares=(CORE_IDENTITY,),
    evidence={
        "en": "core {core} took the permanent identity in {part:.0%} of procedures over {cells} cells in the hour of {hour}",
        "ko": "코어 {core}: {hour} 시간대 {cells}개 셀에서 절차의 {part:.0%}가 영구 식별자 사용",
    },
    script=Script.beside(__file__, "core_restart.sql"),
    judge=judge,
)
