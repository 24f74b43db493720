"""A hospital, a bath house, a taxi depot: strangers at three in the morning too, every night, at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations import habit
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.visit import VISIT

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], surroundings: Surroundings) -> Iterable[Excuse]:
    """Excuse strangers and nights of a registered cell that has both around the clock, night after night."""
    for each in habit.habits(rows, surroundings.operator.zone):
        nights = max((each.visit_days.get(hour, 0) for hour in habit.NIGHT), default=0)
        is_open_at_night = (
            each.night_share > explanation.threshold("min_night_share")
            and nights >= explanation.threshold("min_nights_an_hour")
            and each.open_hours >= explanation.threshold("min_open_hours")
        )
        if each.is_daily(explanation) and is_open_at_night and explanation.is_ordinary(each.row):
            yield explanation.excuse(each.row, cell=each.row["cell"], days=each.row["busy_days"], of=each.row["served_days"])


EXPLANATION = Explanation(
    name="always_open_venue",
    version=3,
    looks_for="a registered fixed home cell with strangers around the clock on most of its days, and no more identities than others",
    accounts_for=("stranger_surge", "night_activity"),
    references=("TS 22.220 §5.3", "TS 33.320 §4.4.9"),
    thresholds={
        "min_strangers": habit.MIN_STRANGERS,
        "min_days": habit.MIN_DAYS,
        "min_share_of_days": habit.MIN_SHARE_OF_DAYS,
        "min_night_share": Threshold(0.08, "of visits from 01 to 05 h", "evenly spread visits would give a sixth"),
        "min_nights_an_hour": Threshold(3, "nights", "three of four campaigns were over by then"),
        "min_open_hours": Threshold(18, "hours of the day", "a van works a part of the night; a hospital never closes"),
        "max_identity_ratio": habit.MAX_IDENTITY_RATIO,
        "few_identities": habit.FEW_IDENTITIES,
    },
    needs=("access", "equipment"),
    helps=("access.identity", "links", "links.serial", "equipment.work_order"),
    prepares=(VISIT,),
    evidence={
        "en": "cell {cell} had strangers around the clock on {days} of {of} days, like a place that never closes",
        "ko": "셀 {cell}: {of}일 중 {days}일 24시간 낯선 방문자 접속, 상시 개방 장소로 보임",
    },
    script=habit.beside(__file__, "always_open_venue.sql"),
    judge=judge,
)
