"""A café, a clinic, a shop: strangers all day, every day, in opening hours, and nobody asks them who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations import habit
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.visit import VISIT

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], surroundings: Surroundings) -> Iterable[Excuse]:
    """Excuse the strangers of a registered cell that has had them day after day and that is quiet at night.

    A rogue's id is not registered, or its box is another; an insider's is, but has no habit of weeks.
    """
    for each in habit.habits(rows, surroundings.operator.zone):
        is_open_by_day = (
            each.night_share <= explanation.threshold("max_night_share")
            and each.open_hours >= explanation.threshold("min_open_hours")
        )  # fmt: skip
        if each.is_daily(explanation) and is_open_by_day and explanation.is_ordinary(each.row):
            yield explanation.excuse(each.row, cell=each.row["cell"], days=each.row["busy_days"], of=each.row["served_days"])


EXPLANATION = Explanation(
    name="public_venue",
    version=3,
    looks_for="a registered fixed home cell with strangers on most of its days, in opening hours, and no more identities than others",
    accounts_for=("stranger_surge",),
    references=("TS 22.220 §5.3", "TS 33.320 §4.4.9"),
    thresholds={
        "min_strangers": habit.MIN_STRANGERS,
        "min_days": habit.MIN_DAYS,
        "min_share_of_days": habit.MIN_SHARE_OF_DAYS,
        "max_night_share": Threshold(0.08, "of visits from 01 to 05 h", "evenly spread visits would give a sixth"),
        "min_open_hours": Threshold(5, "hours of the day", "a stop of an hour is no opening time"),
        "max_identity_ratio": habit.MAX_IDENTITY_RATIO,
        "few_identities": habit.FEW_IDENTITIES,
    },
    needs=("access", "equipment"),
    helps=("access.identity", "links", "links.serial", "equipment.work_order"),
    prepares=(VISIT,),
    evidence={
        "en": "cell {cell} had strangers in opening hours on {days} of {of} days, like a public venue",
        "ko": "셀 {cell}: {of}일 중 {days}일 영업시간대에 낯선 방문자 접속, 공공장소로 보임",
    },
    script=habit.beside(__file__, "public_venue.sql"),
    judge=judge,
)
