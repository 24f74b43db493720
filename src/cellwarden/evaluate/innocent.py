"""Innocent explanations: whether the odd but honest cells were cleared, and under the right name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.judging import Judged, key_of, overlap_s
from cellwarden.evaluate.proportions import share
from cellwarden.records.vocabulary import ACCUSING

if TYPE_CHECKING:
    from collections.abc import Collection

    from cellwarden.evaluate.truth import Row, Truth


def explanation_scores(truth: Truth, lines: list[Judged]) -> dict[str, Any]:
    """Return for each reason how its cells were treated, and the share of explained ones that got the right name.

    `accuracy` is over lines of grade `explained` on a decoy's cell in its time; a decoy that was never listed raised no
    suspicion, which is as well (records.md, "Explained cells"). `explained_rogue` counts rogue lines that were explained away.

    A cell can be odd in two ways, such as a shop behind another provider's line, or one whose core restarted. Any of the reasons that the
    truth has for it, or for all cells at that time, is a right name, and the cell then counts as right under each.
    """
    by_key: dict[Any, list[Judged]] = defaultdict(list)
    for line in lines:
        by_key[line.key].append(line)
    reasons_of: dict[Any, set[str]] = defaultdict(set)
    for decoy in truth.decoys:
        reasons_of[key_of(decoy)].add(decoy["reason"])
    reasons: dict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("cells", "accused", "review", "right", "wrong", "unlisted"), 0)
    )
    for decoy in truth.decoys:
        reasons[decoy["reason"]]["cells"] += 1
        reasons[decoy["reason"]][_treated(decoy, by_key[key_of(decoy)], reasons_of[key_of(decoy)], truth.widespread)] += 1
    right, wrong = (sum(row[name] for row in reasons.values()) for name in ("right", "wrong"))
    return {
        "decoys": len(truth.decoys),
        "explained": right + wrong,
        "right": right,
        "accuracy": share(right, right + wrong),
        "explained_rogue": sum(line.unit is not None and line.row["grade"] == "explained" for line in lines),
        "reasons": dict(sorted(reasons.items())),
    }


def _treated(decoy: Row, lines: list[Judged], reasons: Collection[str], widespread: list[Row]) -> str:
    """Say what was made of a decoy: the heaviest line on it that is not a rogue's."""
    near = [line.row for line in lines if not line.unit and (decoy["to_at"] is None or overlap_s(decoy, line.row) >= 0)]
    if not near:
        return "unlisted"
    if any(row["grade"] in ACCUSING for row in near):
        return "accused"
    if any(row["grade"] == "review" for row in near):
        return "review"
    return "right" if any(_is_right(row, reasons, widespread) for row in near) else "wrong"


def _is_right(line: Row, reasons: Collection[str], widespread: list[Row]) -> bool:
    return line["explained_by"] in reasons or any(
        each["reason"] == line["explained_by"] and (each["to_at"] is None or overlap_s(each, line) >= 0) for each in widespread
    )
