"""A customer carried the cell along, on holiday or to the office, and brought it back: the household was with it throughout."""

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
    """Excuse a stay elsewhere with the household, and the return; a clone's visitors are no household of this cell."""
    for stay in household.moved(explanation, rows):
        if stay.returns:
            row = stay.row
            yield explanation.excuse(row, cell=row["cell"], people=row["familiar"], of=row["core"], until=iso(row["to_at"]))


EXPLANATION = Explanation(
    name="carried_cell",
    version=3,
    looks_for="a home cell that was at another place for some days with the people of its own place, and came back",
    accounts_for=(
        "moving_cell",
        "misplaced_cell",
        "setup_conflict",
        "foreign_source",
        "address_hopping",
        "tac_mismatch",
        "impossible_travel",
    ),
    references=("TS 33.320 §4.4.9", "TS 22.220 §5.3"),
    thresholds={"min_familiar": household.MIN_FAMILIAR, "max_strangers": household.MAX_STRANGERS},
    needs=("access", "equipment"),
    helps=("links", "links.access_line", "links.serial"),
    prepares=(VISIT,),
    evidence={
        "en": "cell {cell} was carried along: {people} of its {of} people until {until} are those of its other stays, to which it returned",
        "ko": "셀 {cell}: {until}까지 이용자 {of}명 중 {people}명이 원래 위치와 동일하고 되돌아옴, 휴대 이동으로 보임",
    },
    script=household.beside(__file__, "carried_cell.sql"),
    judge=judge,
)
