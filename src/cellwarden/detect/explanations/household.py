"""Stays of a home cell and the household that follows it: whether it moved for good, or was carried along and brought back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.detect.detector import CellKey, Row, Threshold
from cellwarden.detect.explanations.explanation import after
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cellwarden.detect.explanations.explanation import Explanation

HOUSEHOLD = Script.beside(__file__, "household.sql")
MIN_FAMILIAR = Threshold(
    0.5, "of the people of the stay", "more than half of a household comes along; a rogue's visitors never do"
)
MAX_STRANGERS = Threshold(2, "strangers a day beside as many as the household", "guests come to see the new flat")


def beside(module_file: str, file_name: str) -> Script:
    """Return the script that lies beside a module, with the steps of `household.sql` before it."""
    return after(HOUSEHOLD, Script.beside(module_file, file_name))


@dataclass(frozen=True, slots=True)
class Stay:
    """A later stay of a cell, at another tracking area or line than the stay before."""

    row: Row
    returns: bool
    """The cell came back from it, or came back with it, to where it had been."""


def moved(explanation: Explanation, rows: Iterable[Row]) -> list[Stay]:
    """Return the stays after a cell's first to which its household came along.

    Args:
        explanation: Whose thresholds hold.
        rows: Of `household`, all stays of a cell in a device.
    """
    stays: dict[tuple[CellKey, str], list[Row]] = defaultdict(list)
    for row in rows:
        stays[CellKey.of(row), row["device"]].append(row)
    found = []
    for key in sorted(stays):
        ours = sorted(stays[key], key=lambda row: row["turn"])
        signs = [row["sign"] for row in ours]
        for turn, row in enumerate(ours[1:], start=1):
            before, later = signs[:turn], signs[turn + 1 :]
            if _is_household(row, explanation):
                found.append(Stay(row, returns=row["sign"] in before or bool(set(before) & set(later))))
    return found


def _is_household(row: Row, explanation: Explanation) -> bool:
    if row["other_serial"] or not row["core"]:
        return False
    strangers = row["stranger_days"] / row["stay_days"]
    return bool(
        row["familiar"] > explanation.threshold("min_familiar") * row["core"]
        and strangers <= row["core"] + explanation.threshold("max_strangers")
    )
