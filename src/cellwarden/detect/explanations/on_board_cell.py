"""A cell on a bus, a train or a ship: registered as mobile, or keeping a timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.place.moving_cell import distance_m
from cellwarden.detect.place.sighting import SIGHTING
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse the movement of what is registered as mobile; of another registered cell, half of it, if it keeps a timetable.

    An unregistered cell is not excused for being punctual: a van may be, too.
    """
    for row in rows:
        if row["kind"] == "mobile":
            yield explanation.excuse(row, cell=row["cell"], days=row["timed_days"], length=corridor_m(row) / 1000)
            continue
        is_punctual = (
            row["timed_days"] >= explanation.threshold("min_days")
            and row["pairs"] >= explanation.threshold("min_pairs")
            and row["same_time_spread"] <= explanation.threshold("max_wander") * row["spread"]
        )
        if is_punctual and corridor_m(row) >= explanation.threshold("min_corridor_m"):
            share = explanation.threshold("share_by_timetable")
            yield explanation.excuse(row, share=share, cell=row["cell"], days=row["timed_days"], length=corridor_m(row) / 1000)


def corridor_m(row: Row) -> float:
    """Return the diagonal of where the cell was seen, in metres."""
    return distance_m(row["north"] - row["height"], 0.0, row["north"], row["width"])


EXPLANATION = Explanation(
    name="on_board_cell",
    version=5,
    looks_for="a registered cell that moves because it is registered as mobile, or along one corridor at the same times every day",
    accounts_for=(
        "moving_cell",
        "misplaced_cell",
        "stranger_surge",
        "impossible_travel",
        "tac_mismatch",
        "address_hopping",
        "short_bursts",
    ),
    references=("TS 22.261 §6.23", "TS 36.300 §4.6"),
    thresholds={
        "min_days": Threshold(3, "days", "two trips along one road are no timetable"),
        "min_pairs": Threshold(6, "pairs of days in the same ten minutes", "fewer may agree by chance"),
        "max_wander": Threshold(
            0.3, "of the cell's spread at the same time of day", "a cell that stands still, seen with errors, has all of it"
        ),
        "min_corridor_m": Threshold(2500, "m", "what moves less is not called moving"),
        "share_by_timetable": Threshold(0.5, "of the weight", "the registry does not say that it may move"),
    },
    needs=("access", "equipment"),
    helps=("equipment.lat", "links", "links.serial"),
    prepares=(SIGHTING,),
    evidence={
        "en": "cell {cell} rides along a corridor of {length:.1f} km, at the same times on {days} days: a cell on board",
        "ko": "셀 {cell}: {length:.1f} km 구간을 {days}일간 같은 시각에 운행, 차량 탑재 셀로 보임",
    },
    script=Script.beside(__file__, "on_board_cell.sql"),
    judge=judge,
)
