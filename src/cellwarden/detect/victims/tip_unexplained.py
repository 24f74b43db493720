"""A report of victims for whom our records hold no cell: a lead to follow, which accuses nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Name every report whose victims, as far as we know them, have no home or unknown cell in common."""
    for row in rows:
        if row["together"] >= detector.threshold("min_together"):
            continue
        district = row["district"]
        # A report is a lead, whatever it says: weight would let outsiders accuse a cell by telephone.
        yield detector.finding(
            row,
            weight=0.0,
            hand=None,
            known_at=max(row["from_at"], row["known_at"]),
            subject_kind="tip",
            subject=row["tip_id"],
            victims=row["victims"],
            district={"en": district or "a district not told", "ko": district or "지역 미상"},
            losers=row["losers"],
        )


DETECTOR = Detector(
    name="tip_unexplained",
    version=1,
    looks_for="a report of victims in a district and a time for whom our records show no home or unknown cell that two of them were on",
    innocent_causes=(
        "another kind of fraud: messages, malware, a quarrel at home",
        "victims who are another operator's customers",
        "a wrong district or a wrong time in the report",
    ),
    references=("public case of 2025: the police knew of victims before the operator did",),
    thresholds={
        "min_together": Threshold(
            2, "people", "on one cell within 48 hours before their losses: then there is a cell to look at"
        ),
    },
    needs=("access", "tips"),
    helps=("payments", "payments.disputed_at", "complaints.payment_id", "subscribers.district", "tips.district"),
    evidence={
        "en": "{victims} victims were reported in {district}; we know {losers} losses there and then, and no cell in common: a lead, no cell is accused",
        "ko": "{district}에서 피해자 {victims}명 신고; 당시 확인된 손실 고객 {losers}명, 공통 셀 없음: 단서일 뿐 어느 셀도 지목하지 않음",
    },
    script=Script.beside(__file__, "tip_unexplained.sql"),
    judge=judge,
)
