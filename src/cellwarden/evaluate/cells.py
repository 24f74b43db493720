"""Cells: which were named rightly, which wrongly, which not at all, and how often an honest one is accused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.judging import LEVELS, Air, Judged, days_of, key_of, named_at, overlap_s
from cellwarden.evaluate.proportions import harmonic, share, upper_bound

if TYPE_CHECKING:
    from datetime import date

    from cellwarden.evaluate.judging import Key
    from cellwarden.evaluate.truth import Truth

PER = 100_000
"""Cell-days in the unit of the false accusation rate (simulation.md 8(c))."""
QUEUES = (10, 50)
"""Lines that an analyst looks at."""


def cell_scores(truth: Truth, lines: list[Judged]) -> dict[str, Any]:
    """Return precision, recall and F1 at each grade, by cell and by cell and UTC day, and the order of the scores.

    `by_reason` says how many ids of each situation (`deleted_id`, ...) were named at grade `suspect`.
    """
    air = Air(truth.rogue)
    rogue = {key_of(row) for row in truth.rogue}
    rogue_days = {(key_of(row), day) for row in truth.rogue for day, _ in days_of(row)}
    levels = {}
    for level in LEVELS:
        named = named_at(lines, level)
        keys, right = {line.key for line in named}, {line.key for line in named if line.unit}
        days_right, days_wrong = accused_days(named, air)
        levels[level] = {
            "cell": _figures(len(right), len(keys - right), len(rogue)),
            "cell_day": _figures(len(days_right & rogue_days), len(days_wrong), len(rogue_days)),
        }
    accused = named_at(lines, "suspect")
    found = {line.key for line in accused if line.unit}
    situations = {(key_of(row), str(row["reason"])) for row in truth.rogue}
    return {
        "rogue_cells": len(rogue),
        "rogue_cell_days": len(rogue_days),
        "levels": levels,
        "missed": sorted((_told(key) for key in rogue - found), key=str),
        "by_reason": {
            reason: {
                "cells": sum(why == reason for _, why in situations),
                "found": sum(why == reason and key in found for key, why in situations),
            }
            for reason in sorted({why for _, why in situations})
        },
        "ranking": _ranking(lines, rogue),
    }


def accused_days(lines: list[Judged], air: Air) -> tuple[set[tuple[Key, date]], set[tuple[Key, date]]]:
    """Return the cell-days named rightly and wrongly.

    A day is named rightly where the part of the line in that day touches a tunnel. A cell-day may be in both sets: the rogue's
    spell and the honest owner's were both named.
    """
    right: set[tuple[Key, date]] = set()
    wrong: set[tuple[Key, date]] = set()
    for line in lines:
        for day, part in days_of(line.row):
            (right if air.tunnels(line.key, part) else wrong).add((line.key, day))
    return right, wrong


def false_accusations(truth: Truth, lines: list[Judged]) -> dict[str, Any]:
    """Return how many honest cell-days were accused (grade `suspect` or more), the rate, and the 95 % upper bound.

    The bound is one-sided, by Clopper and Pearson; with none accused in N cell-days it is about 3 / N.
    """
    named = named_at(lines, "suspect")
    _, wrong = accused_days(named, Air(truth.rogue))
    rogue_days = {(key_of(row), day) for row in truth.rogue for day, _ in days_of(row)}
    honest = None if truth.cell_days is None else max(len(wrong), truth.cell_days - len(rogue_days))
    rate, bound = (None, None) if honest is None else (share(len(wrong), honest), upper_bound(len(wrong), honest))
    return {
        "cell_days_accused": len(wrong),
        "cells_accused": len({key for key, _ in wrong}),
        "honest_cell_days": honest,
        "per_100000": None if rate is None else rate * PER,
        "upper_95_per_100000": None if bound is None else bound * PER,
        "by_reason": dict(Counter(_reason(truth, line) for line in named if not line.unit).most_common()),
        "by_cell_type": dict(sorted(Counter(str(key[2]) for key in {key for key, _ in wrong}).items())),
        "cells": [
            {
                **_told(line.key),
                "from_at": line.row["from_at"],
                "to_at": line.row["to_at"],
                "grade": line.row["grade"],
                "detectors": line.row["detectors"],
                "reason": _reason(truth, line),
            }
            for line in named
            if not line.unit
        ],
    }


def _reason(truth: Truth, line: Judged) -> str:
    """Name the innocent thing that an accused honest cell was: a decoy's reason, or `ordinary`."""
    return next(
        (
            str(row["reason"])
            for row in truth.decoys
            if key_of(row) == line.key and (row["to_at"] is None or overlap_s(row, line.row) >= 0)
        ),
        "ordinary",
    )


def _figures(right: int, wrong: int, real: int) -> dict[str, Any]:
    precision, recall = share(right, right + wrong), share(right, real)
    return {"right": right, "wrong": wrong, "missed": real - right, "precision": precision, "recall": recall, "f1": harmonic(precision, recall)}  # fmt: skip


def _told(key: Key) -> dict[str, Any]:
    plmn, rat, cell_type, cell = key
    return {"plmn": plmn, "rat": rat, "cell_type": cell_type, "cell": cell}


def _ranking(lines: list[Judged], rogue: set[Key]) -> dict[str, Any]:
    """Return average precision over cells in the order of their best score, and precision among the first k.

    Average precision is the sum of precision at each rogue cell found, over all rogue cells; ties count against us.
    """
    best: dict[Key, tuple[float, bool]] = {}
    for line in lines:
        score, is_rogue = best.get(line.key, (-1.0, False))
        best[line.key] = (max(score, line.row["score"]), is_rogue or line.unit is not None)
    order = [is_rogue for _, is_rogue in sorted(best.values(), key=lambda each: (-each[0], each[1]))]
    gained = [sum(order[: place + 1]) / (place + 1) for place, is_rogue in enumerate(order) if is_rogue]
    first = {f"precision_at_{k}": share(sum(order[:k]), min(k, len(order))) for k in QUEUES}
    return {"average_precision": share(sum(gained), len(rogue)), **first}
