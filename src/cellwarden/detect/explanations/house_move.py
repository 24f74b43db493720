"""A customer moved house and took the cell along: the device is the same, and so are the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.explanations import household
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.visit import VISIT
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cellwarden.detect.detector import Row, Surroundings


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse a new place to which the household came along, for good; a clone finds no household where it goes."""
    for stay in household.moved(explanation, rows):
        if not stay.returns:
            row = stay.row
            yield explanation.excuse(row, cell=row["cell"], people=row["familiar"], of=row["core"], until=iso(row["to_at"]))


EXPLANATION = Explanation(
    name="house_move",
    version=3,
    looks_for="a home cell with a new tracking area or line to which the people of the old place came along, for good",
    accounts_for=("moving_cell", "misplaced_cell", "setup_conflict", "address_hopping", "tac_mismatch", "impossible_travel"),
    references=("TS 33.320 §4.4.9", "TS 22.220 §5.3"),
    thresholds={"min_familiar": household.MIN_FAMILIAR, "max_strangers": household.MAX_STRANGERS},
    needs=("access", "equipment"),
    helps=("links", "links.access_line", "links.serial"),
    prepares=(VISIT,),
    evidence={
        "en": "cell {cell} has another place, and {people} of its {of} people there until {until} are those of the old place: a household that moved",
        "ko": "셀 {cell}: {until}까지 새 위치의 이용자 {of}명 중 {people}명이 이전 위치와 동일, 이사한 가구로 보임",
    },
    script=household.beside(__file__, "house_move.sql"),
    judge=judge,
)
