"""The records are wrong, not the cell: a core whose clock slipped, hours that were lost, identifiers that were cut short."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

BY_FAULT = {
    "slip": ("night_activity", "impossible_travel", "short_bursts"),
    "loss": ("short_bursts",),
    "ids": ("stranger_surge",),
}
"""What each fault can feign. Duplicates feign nothing here: people are counted, not rows."""
_TOLD = {
    "slip": ("the clock of core {core} slipped on {day}", "코어 {core}의 {day} 시각이 어긋남"),
    "loss": ("hours of all cores were lost on {day}", "{day} 전체 코어의 일부 시간대 유실"),
    "ids": (
        "{broken} of {people} identifiers at cell {cell} occur once and are no customer's",
        "셀 {cell}: 식별자 {people}개 중 {broken}개가 단 한 번 나타난 미등록 값",
    ),
}


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse what a fault can feign, on the days and cells that it struck.

    A core that has rows in some hours only while its siblings ran on has slipped; hours that all cores lack were lost.
    """
    hours: dict[tuple[datetime, str], set[int]] = defaultdict(set)
    cores: dict[datetime, set[str]] = defaultdict(set)
    for row in rows:
        if row["subject"] == "ids":
            yield _excuse(explanation, "ids", row, share=row["broken"] / row["people"], is_everywhere=False)
            continue
        cores[row["from_at"]].add(row["core"])
        if not row["first_at"] < row["from_at"] + timedelta(hours=row["hour_of_day"]) < row["last_at"]:
            continue  # before the records begin, and after they end, nothing is lost
        usual = (row["profile"] - row["openings"]) / (row["days"] - 1) if row["days"] > 1 else 0.0
        if usual >= explanation.threshold("min_usual") and row["openings"] <= explanation.threshold("max_rest") * usual:
            hours[row["from_at"], row["core"]].add(row["hour_of_day"])
    for day in sorted(cores):
        lost = set.intersection(*(hours[day, core] for core in cores[day]))
        span = {"from_at": day, "to_at": day + timedelta(days=1), "core": "", "day": iso(day)[:10]}
        if lost:
            yield _excuse(explanation, "loss", span, share=1.0, is_everywhere=True)
        for core in sorted(cores[day]):
            if len(hours[day, core] - lost) >= explanation.threshold("min_silent_hours") and len(cores[day]) > 1:
                yield _excuse(explanation, "slip", {**span, "core": core}, share=1.0, is_everywhere=True)


def _excuse(explanation: Explanation, fault: str, row: Row, *, share: float, is_everywhere: bool) -> Excuse:
    what = {language: text.format(**row) for language, text in zip(("en", "ko"), _TOLD[fault], strict=True)}
    excuse = explanation.excuse(row, share=share, detectors=BY_FAULT[fault], is_everywhere=is_everywhere, what="{what}")
    excuse.evidence.update({language: text.format(what=what[language]) for language, text in excuse.evidence.items()})
    return excuse


EXPLANATION = Explanation(
    name="data_faults",
    version=2,
    looks_for="a core that is silent in hours in which its siblings run on, hours that all cores lack, or ids that occur once and are nobody's",
    accounts_for=("night_activity", "impossible_travel", "short_bursts", "stranger_surge"),
    references=("TS 32.298 §5.1.2", "TS 23.003 §2.2"),
    thresholds={
        "min_usual": Threshold(10, "procedures in that hour", "of a core's quiet hours nothing can be said"),
        "max_rest": Threshold(0.1, "of the usual", "what a slipped or lost hour still shows"),
        "min_silent_hours": Threshold(4, "hours of a day", "a core may be out of service for an hour or two"),
        "min_known": Threshold(0.8, "of everybody seen", "a customer base with holes makes nobody's id a broken one"),
        "min_broken": Threshold(3, "identifiers", "one mistyped id is one id"),
        "min_broken_share": Threshold(0.2, "of the cell's people that day", "less does not make a surge"),
    },
    needs=("access",),
    helps=("access.core", "subscribers"),
    evidence={"en": "the records are at fault: {what}", "ko": "기록 오류: {what}"},
    script=Script.beside(__file__, "data_faults.sql"),
    judge=judge,
)
