"""Cells that the registry knows, by a row that nobody ordered: the mark of a row put in by an insider."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNUSUAL = {
    "no_line": {"en": "no access line", "ko": "회선 없음"},
    "backdated": {"en": "backdated", "ko": "소급 기록"},
    "odd_hour": {"en": "recorded at an hour of few rows", "ko": "이례적인 시간대에 기록"},
    "odd_hand": {"en": "recorded by a hand of few rows", "ko": "이례적인 기록자"},
}


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh each unordered row by how rare all that is unusual about it is together, so that nothing counts twice.

    A row that stood for long before the cell was seen is more likely an old slip: who slips one in uses it soon.
    """
    settled = timedelta(days=detector.threshold("settled_days"))
    for row in rows:
        unusual = [words for name, words in _UNUSUAL.items() if row[name]]
        weight = detector.rarity(
            row["seen"],
            row["among"],
            of="rows",
            expected=detector.threshold("expected_share") / 2 ** len(unusual),
            share="share_of_settled" if row["from_at"] - row["recorded_at"] > settled else "share_of_rogues",
        )
        if weight > 0:
            told = {language: "".join(f"; {words[language]}" for words in unusual) for language in detector.evidence}
            yield detector.finding(
                row,
                weight=weight,
                hand=None,
                cell=row["cell"],
                recorded=iso(row["recorded_at"]),
                unusual=told,
                seen=row["seen"],
                among=row["among"],
            )


DETECTOR = Detector(
    name="inventory_row_without_order",
    version=3,
    looks_for="a cell in service whose registry row has no work order, less so where that row is old, more so where it also has no line, is backdated, or came at an odd hour or by an odd hand",
    innocent_causes=(
        "a registry that keeps few work orders",
        "a migration that recorded many rows at once",
        "a row that lost its order and got it later",
        "inventory lag (explanation inventory_lag)",
        "a test laboratory (explanation test_laboratory)",
    ),
    references=("TS 33.320 §4.4.9",),
    thresholds={
        "expected_share": Threshold(
            0.05, "share of rows", "rows without an order; halved for each further oddity; the registry's own rate takes over"
        ),
        "expected_share_rows": Threshold(100, "rows", "what that expectation is worth"),
        "share_of_rogues": Threshold(
            0.5, "share of rogues", "a rogue needs no row of its own: some borrow an honest one; assumption until calibrated"
        ),
        "settled_days": Threshold(365, "days", "longer than the longest id of 2025 served, which was 305 days"),
        "share_of_settled": Threshold(
            0.05, "share of rogues", "a rogue that serves by a row older than that; assumption until calibrated"
        ),
        "backdated_days": Threshold(3, "days", "a row is usually written within a weekend of what it tells"),
        "rare_share": Threshold(0.01, "share of rows", "fewer rows than that make an hour or a hand unusual"),
        "min_rows": Threshold(30, "rows", "a registry of fewer has no habits yet"),
        "max_weight": Threshold(5.0, "nats", "clerks forget: alone it is a matter for review"),
    },
    needs=("access", "equipment", "equipment.work_order"),
    helps=("equipment.recorded_by", "equipment.access_line"),
    evidence={
        "en": "cell {cell} serves by a registry row of {recorded} without a work order{unusual}; {seen} of {among} rows are like it",
        "ko": "셀 {cell}: 작업지시 없는 {recorded}자 대장 행으로 서비스{unusual} (같은 유형 {among}행 중 {seen}행)",
    },
    script=Script.beside(__file__, "inventory_row_without_order.sql"),
    judge=judge,
)
