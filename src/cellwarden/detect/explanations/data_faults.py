"""The records are wrong, not the cell: a core whose clock slipped, hours that were lost, identifiers that were cut short."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.core_visit import CORE_VISIT
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

BY_FAULT = {
    "slip": ("night_activity", "impossible_travel", "short_bursts", "fleeting_cell"),
    "copy": (
        *(
            "unregistered_cell",
            "revived_cell",
            "inventory_row_without_order",
            "moving_cell",
            "misplaced_cell",
            "impossible_travel",
        ),
        *("tac_mismatch", "identity_exposure_excess", "identity_response_without_request", "reject_chain"),
        *(
            "protection_downgrade",
            "stranger_surge",
            "night_activity",
            "short_bursts",
            "fleeting_cell",
            "common_cell_of_victims",
        ),
        *("verification_through_cell", "complaint_surge"),
    ),
    "loss": ("short_bursts",),
    "ids": ("stranger_surge",),
}
"""What each fault can feign; a copy, whatever a cell can do on the air. Duplicates feign nothing here: people are counted, not rows."""
_TOLD = {
    "slip": (
        "the clock of core {core} was {hours:+d} hours off around {day}",
        "{day} 전후 코어 {core}의 시각이 {hours:+d}시간 어긋남",
    ),
    "copy": (
        "cell {cell} was not on the air then: only core {core} shows it, whose clock was {hours:+d} hours off",
        "셀 {cell}: 그 시각에는 서비스하지 않았음. 시각이 {hours:+d}시간 어긋난 코어 {core}의 기록에만 나타남",
    ),
    "loss": ("hours of all cores were lost on {day}", "{day} 전체 코어의 일부 시간대 유실"),
    "ids": (
        "{broken} of {people} identifiers at cell {cell} occur once and are no customer's",
        "셀 {cell}: 식별자 {people}개 중 {broken}개가 단 한 번 나타난 미등록 값",
    ),
}


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse what a fault can feign, on the days and cells that it struck.

    A core whose missing hours turn up later or earlier that day has a slipped clock (`data_faults.sql`); hours that all cores lack were lost.
    """
    hours: dict[tuple[datetime, str], set[int]] = defaultdict(set)
    cores: dict[datetime, set[str]] = defaultdict(set)
    for row in rows:
        if row["subject"] != "hour":
            fault = row["subject"]
            share = row["broken"] / row["people"] if fault == "ids" else 1.0
            told = {**row, "day": iso(row["from_at"])[:10], "hours": row["hours"]}
            yield _excuse(explanation, fault, told, share=share, is_everywhere=fault == "slip")
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


def _excuse(explanation: Explanation, fault: str, row: Row, *, share: float, is_everywhere: bool) -> Excuse:
    what = {language: text.format(**row) for language, text in zip(("en", "ko"), _TOLD[fault], strict=True)}
    excuse = explanation.excuse(row, share=share, detectors=BY_FAULT[fault], is_everywhere=is_everywhere, what="{what}")
    excuse.evidence.update({language: text.format(what=what[language]) for language, text in excuse.evidence.items()})
    return excuse


EXPLANATION = Explanation(
    name="data_faults",
    version=7,
    looks_for="a core whose rows of some hours turn up hours later or earlier, hours that all cores lack, or ids that occur once and are nobody's",
    accounts_for=BY_FAULT["copy"],
    references=("TS 32.298 §5.1.2", "TS 23.003 §2.2"),
    thresholds={
        "min_usual": Threshold(10, "procedures in that hour", "of a core's quiet hours nothing can be said"),
        "max_rest": Threshold(0.1, "of the usual", "what a slipped or lost hour still shows"),
        "min_silent_hours": Threshold(2, "hours in a row", "zones differ by whole hours, and a missing hour may be lost"),
        "min_returned": Threshold(
            0.5,
            "of what a gap lacks",
            "found on top of the usual within the day: an outage gives nothing back but a rush of some minutes",
        ),
        "min_known": Threshold(0.8, "of everybody seen", "a customer base with holes makes nobody's id a broken one"),
        "min_broken": Threshold(3, "identifiers", "one mistyped id is one id"),
        "min_broken_share": Threshold(0.2, "of the cell's people that day", "less does not make a surge"),
    },
    needs=("access",),
    helps=("access.core", "subscribers"),
    prepares=(CORE_VISIT,),
    evidence={"en": "the records are at fault: {what}", "ko": "기록 오류: {what}"},
    script=Script.beside(__file__, "data_faults.sql"),
    judge=judge,
)
