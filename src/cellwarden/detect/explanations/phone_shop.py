"""A telephone shop: phones with new SIMs attach with the permanent identity, every day the shop is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations import habit
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.visit import VISIT

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], surroundings: Surroundings) -> Iterable[Excuse]:
    """Excuse the identities of a registered cell whose strangers have given them day after day, in opening hours only."""
    for each in habit.habits(rows, surroundings.operator.zone):
        is_open_by_day = each.night_share <= explanation.threshold("max_night_share")
        if each.is_daily(explanation, "identified_days") and is_open_by_day and not explanation.is_ordinary(each.row):
            row = each.row
            yield explanation.excuse(row, cell=row["cell"], days=row["identified_days"], of=row["served_days"])


EXPLANATION = Explanation(
    name="phone_shop",
    version=3,
    looks_for="a registered fixed home cell whose strangers attach with the permanent identity on most of its days, in opening hours only",
    accounts_for=("identity_exposure_excess", "stranger_surge"),
    references=("TS 24.301 §5.5.1.2.2",),
    thresholds={
        "min_strangers": habit.MIN_STRANGERS,
        "min_days": habit.MIN_DAYS,
        "min_share_of_days": habit.MIN_SHARE_OF_DAYS,
        "max_night_share": Threshold(0.02, "of visits from 01 to 05 h", "no shop sells telephones then"),
        "max_identity_ratio": habit.MAX_IDENTITY_RATIO,
        "few_identities": habit.FEW_IDENTITIES,
    },
    needs=("access", "access.identity", "equipment"),
    helps=("links", "links.serial", "equipment.work_order"),
    prepares=(VISIT,),
    evidence={
        "en": "strangers gave their permanent identity at cell {cell} on {days} of {of} days, in opening hours only, like new SIMs in a shop",
        "ko": "셀 {cell}: {of}일 중 {days}일 영업시간에만 방문자가 영구 식별자로 접속, 신규 개통 매장으로 보임",
    },
    script=habit.beside(__file__, "phone_shop.sql"),
    judge=judge,
)
