"""A customer's own cell on another provider's line: the registered device, and day after day the people who live with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Threshold
from cellwarden.detect.explanations import habit, household
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.visit import VISIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cellwarden.detect.detector import Row, Surroundings


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse the address of a registered device that serves its household and, on its busiest day, few beside.

    A catcher wants those whom it does not know yet; whoever passes it once is nobody's household. A single day of strangers is
    enough to say nothing. What comes after a move is the matter of `house_move` and `carried_cell`.
    """
    for row in rows:
        most = row["residents"] * explanation.threshold("max_guests_a_resident")
        if row["residents"] and row["guests"] <= max(most, explanation.threshold("few_guests")):
            yield explanation.excuse(
                row,
                share=explanation.threshold("share"),
                cell=row["cell"],
                residents=row["residents"],
                guests=row["guests"],
                days=row["served_days"],
            )


EXPLANATION = Explanation(
    name="other_line",
    version=1,
    looks_for="a registered fixed home cell in its registered device, which serves the same few people day after day, whosever line it joins by",
    accounts_for=("foreign_source",),
    references=("TS 22.220 §5.3", "TS 33.320 §7.5"),
    thresholds={
        "min_days": habit.MIN_DAYS,
        "min_share_of_days": Threshold(0.4, "of its days on air", "whom thin records show so often lives there"),
        "max_guests_a_resident": Threshold(1, "guests on the busiest day", "a family has no more visitors than members"),
        "few_guests": Threshold(2, "guests on the busiest day", "a couple may be had to dinner by one"),
        "share": Threshold(
            0.8, "of the weight", "a cell that watches one household would look the same: the rest counts beside other evidence"
        ),
    },
    needs=("access", "equipment", "equipment.serial", "links", "links.serial"),
    prepares=(VISIT,),
    evidence={
        "en": "cell {cell}, in its registered device, served the {residents} people who live with it on {days} days, and never more than {guests} guests a day: a customer's cell on another provider's line",
        "ko": "셀 {cell}: 등록된 장비로 {days}일 동안 거주자 {residents}명이 이용, 하루 손님 최대 {guests}명. 타사 회선을 쓰는 가입자의 셀로 보임",
    },
    script=household.beside(__file__, "other_line.sql"),
    judge=judge,
)
