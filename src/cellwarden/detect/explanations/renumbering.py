"""A night of new numbers: old ids stop, new ones begin at the same places, in bulk, and the people stay as many."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse the new numbers of places that switched together; or those that the calendar names, if the old ones kept silent."""
    switched = {row["source"]: row["new_since_at"] for row in rows if is_switch(row, explanation)}
    window = timedelta(hours=explanation.threshold("max_gap_h"))
    for row in rows:
        together = _neighbours(switched, row, window)
        is_bulk = row["source"] in switched and together >= explanation.threshold("min_places")
        if is_bulk or _is_announced(row, explanation):
            yield explanation.excuse(row, cell=row["cell"], places=max(together, 1), at=iso(row["new_since_at"]))


def is_switch(row: Row, explanation: Explanation) -> bool:
    """Say whether the listed cells of a place stopped when the unlisted ones began, and served as many people a day."""
    if row["old_until_at"] is None:
        return False
    gap = row["new_since_at"] - row["old_until_at"]
    slack, longest = timedelta(hours=1), timedelta(hours=explanation.threshold("max_gap_h"))
    if not -slack <= gap <= longest:
        return False
    old, new = row["old_subscribers"] / row["old_days"], row["new_subscribers"] / row["new_days"]
    factor = explanation.threshold("max_volume_factor")
    return bool(old / factor <= new <= old * factor and row["new_cells"] <= row["old_cells"])


def _neighbours(switched: dict[str, datetime], row: Row, window: timedelta) -> int:
    return sum(abs(at - row["new_since_at"]) <= window for at in switched.values())


def _is_announced(row: Row, explanation: Explanation) -> bool:
    if row["announced_at"] is None or row["from_at"] < row["announced_at"]:
        return False
    slack = timedelta(hours=explanation.threshold("max_gap_h"))
    return bool(row["announced_old_until_at"] is None or row["announced_old_until_at"] <= row["announced_to_at"] + slack)


EXPLANATION = Explanation(
    name="renumbering",
    version=1,
    looks_for="places where listed macro cells fell silent and unlisted ones took over within hours, in bulk, with as many people",
    accounts_for=("unregistered_cell", "revived_cell", "setup_conflict", "stranger_surge", "misplaced_cell", "tac_mismatch"),
    references=("TS 36.413 §9.2.1.37", "TS 36.300 §22.3"),
    thresholds={
        "min_places": Threshold(3, "places", "one place could be one box that took an address over; a plan changes many"),
        "max_gap_h": Threshold(6, "hours", "a maintenance window, in thin records of the small hours"),
        "max_volume_factor": Threshold(2.5, "times", "the same people use the same place, give or take a weekend"),
    },
    needs=("access", "access.source", "equipment"),
    helps=("events",),
    evidence={
        "en": "cell {cell} took over from listed cells of the same place at {at}, as at {places} places in those hours",
        "ko": "셀 {cell}: {at} 같은 장소의 등록 셀을 대체함(같은 시간대 {places}개 장소)",
    },
    script=Script.beside(__file__, "renumbering.sql"),
    judge=judge,
)
