"""A security gateway came back and all its cells joined again within minutes, most often at night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.visit import VISIT
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable

OF_THE_JOINING = ("address_hopping",)
"""Findings about how a cell joined: the restart accounts for all of them."""


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse how the cells that were there before joined again, and that part of their day's doings which fell into the restart.

    A box that joins for the first time while a gateway restarts was not restarted by it.
    """
    for row in rows:
        slots = {
            "cell": row["cell"],
            "gateway": row["gateway"],
            "cells": row["cells"],
            "of": row["known_cells"],
            "hour": iso(row["from_at"]),
        }
        yield explanation.excuse(row, detectors=OF_THE_JOINING, **slots)
        if row["restart_events"]:
            of_the_day = tuple(name for name in explanation.accounts_for if name not in OF_THE_JOINING)
            yield explanation.excuse(row, share=row["restart_events"] / row["day_events"], detectors=of_the_day, **slots)


EXPLANATION = Explanation(
    name="gateway_restart",
    version=3,
    looks_for="an hour in which many cells of one security gateway, known before, joined again at once",
    accounts_for=("address_hopping", "night_activity", "short_bursts", "identity_exposure_excess"),
    references=("TS 33.320 §7.2.3", "RFC 7296 §2.4"),
    thresholds={
        "min_cells": Threshold(5, "cells", "a street's power cut takes a few; a gateway takes all that hang on it"),
        "min_share_of_cells": Threshold(0.3, "of the gateway's cells", "the return may straddle a full hour"),
        "min_cells_announced": Threshold(2, "cells", "where the calendar names the restart the cells need not prove it"),
    },
    needs=("access", "links", "links.gateway"),
    helps=("links.serial", "events"),
    prepares=(VISIT,),
    evidence={
        "en": "{cells} of {of} cells of {gateway} joined again in the hour of {hour}, cell {cell} among them",
        "ko": "{hour} 시간대에 {gateway}의 셀 {of}개 중 {cells}개가 재접속, 셀 {cell} 포함",
    },
    script=Script.beside(__file__, "gateway_restart.sql"),
    judge=judge,
)
