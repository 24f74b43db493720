"""Missing data: what is lost without a source, and that nobody is accused for the want of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.judging import Air, judged, key_of, named_at
from cellwarden.evaluate.proportions import share

if TYPE_CHECKING:
    from cellwarden.evaluate.found import Found
    from cellwarden.evaluate.truth import Truth


def ablation_scores(truth: Truth, whole: Found, reduced: list[Found]) -> dict[str, Any]:
    """Return accusations and recall with everything and with each source left out.

    Args:
        truth: What happened.
        whole: The result on all records.
        reduced: Results on the same records less something, each called by the name of its folder.

    Returns:
        `results`, the whole one first, and `is_monotone`: no result accuses more cells than the whole one, or more honest ones (None without
        ablations). `risen` names those that do.
    """
    first = _row(truth, whole)
    rows = [_row(truth, each) for each in reduced]
    for row in rows:
        row["recall_lost"] = None if row["recall"] is None else (first["recall"] or 0.0) - row["recall"]
    risen = [
        row["name"] for row in rows if row["accused"] > first["accused"] or row["honest_accused"] > first["honest_accused"]
    ]
    return {"results": [first, *rows], "is_monotone": not risen if rows else None, "risen": risen}


def _row(truth: Truth, found: Found) -> dict[str, Any]:
    named = named_at(judged(found.suspects, Air(truth.rogue)), "suspect")
    right = {line.key for line in named if line.unit}
    return {
        "name": found.name,
        "accused": len({(line.key, line.unit is not None) for line in named}),
        "honest_accused": len({line.key for line in named if not line.unit}),
        "recall": share(len(right), len({key_of(row) for row in truth.rogue})),
        "recall_lost": 0.0,
    }
