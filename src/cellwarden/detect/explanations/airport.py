"""Arrivals: at an airport or a ferry pier people from abroad attach with the permanent identity, flight after flight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse that part of a registered cell's identities which roamers gave, where they do so day after day.

    A roamer is who the customer base does not name and who gives it on a few days. What customers gave remains: a rogue near an airport takes those too.
    """
    for row in rows:
        is_covered = row["known"] >= explanation.threshold("min_known") * row["people"]
        share = row["by_visitors"] / row["identified"]
        is_daily = row["arrival_days"] >= max(
            explanation.threshold("min_days"), explanation.threshold("min_share_of_days") * row["served_days"]
        )
        if is_covered and is_daily and row["visitors"] >= explanation.threshold("min_visitors") and share > 0:
            yield explanation.excuse(row, share=share, cell=row["cell"], visitors=row["visitors"], part=share)


EXPLANATION = Explanation(
    name="airport",
    version=4,
    looks_for="a registered fixed cell at which people who are no customers, different ones each day, give their permanent identity",
    accounts_for=("identity_exposure_excess", "stranger_surge", "identity_response_without_request"),
    references=("TS 24.301 §5.5.1.2.2", "TS 23.122 §4.4"),
    thresholds={
        "min_known": Threshold(0.5, "of everybody seen", "a customer base with holes makes nobody a visitor"),
        "min_visitors": Threshold(5, "visitors", "a family of tourists is no airport"),
        "max_days": Threshold(4, "days", "there and back, twice; who gives it on more days works there, or tests there"),
        "min_days": Threshold(3, "days", "planes come every day"),
        "min_share_of_days": Threshold(0.3, "of its days", "in thin records a sector has days without an arrival"),
    },
    needs=("access", "access.identity", "equipment", "subscribers"),
    helps=("links", "links.serial"),
    evidence={
        "en": "{part:.0%} of the permanent identities at cell {cell} were given by {visitors} people who are no customers, day after day, like arrivals",
        "ko": "셀 {cell}: 영구 식별자의 {part:.0%}가 자사 가입자가 아닌 {visitors}명의 것, 매일 반복되는 입국자로 보임",
    },
    script=Script.beside(__file__, "airport.sql"),
    judge=judge,
)
