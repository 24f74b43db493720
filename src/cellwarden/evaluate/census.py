"""The census: who was counted, who was left out, and whether the identity grade is the true one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.judging import Judged, key_of, named_at, overlap_s
from cellwarden.evaluate.proportions import harmonic, share
from cellwarden.records.vocabulary import IDENTITY_GRADES

if TYPE_CHECKING:
    from cellwarden.evaluate.found import Found
    from cellwarden.evaluate.judging import Key
    from cellwarden.evaluate.truth import Row, Truth

Pairs = list[tuple["Row", "Row"]]
"""(true row, found row) that speak of the same person at the same cell at the same time."""


def census_scores(truth: Truth, found: Found, lines: list[Judged]) -> dict[str, Any]:
    """Return precision and recall of episodes and of people, and the confusion of identity grades.

    An episode is (subscriber, cell, span); a true and a found one are the same where subscriber and cell are equal and the spans
    overlap. Recall is over the cells found: the people of missed cells stand beside it, in `people.only_at_missed_cells`.
    """
    reached = {(line.key, line.row["from_at"], line.row["to_at"]) for line in named_at(lines, "suspect") if line.unit}
    spans = defaultdict(list)
    for key, from_at, to_at in reached:
        spans[key].append({"from_at": from_at, "to_at": to_at})
    at_found = [row for row in truth.exposures if any(overlap_s(span, row) >= 0 for span in spans[key_of(row)])]
    pairs, spare = _paired(at_found, found.exposures)
    real, counted = {row["imsi"] for row in truth.exposures}, {row["imsi"] for row in found.exposures}
    wanted = {row["imsi"] for row in at_found}
    precision, recall = share(len(found.exposures) - spare, len(found.exposures)), share(len(pairs), len(at_found))
    return {
        "episodes": {
            "true": len(truth.exposures),
            "at_found_cells": len(at_found),
            "counted": len(found.exposures),
            "missing": len(at_found) - len(pairs),
            "extra": spare,
            "precision": precision,
            "recall": recall,
            "f1": harmonic(precision, recall),
            "exact": sum(_same(true, got) for true, got in pairs),
            "mean_overlap": share(sum(_overlap(true, got) for true, got in pairs), len(pairs)),
        },
        "people": {
            "true": len(real),
            "counted": len(counted),
            "precision": share(len(real & counted), len(counted)),
            "recall": share(len(wanted & counted), len(wanted)),
            "recall_overall": share(len(real & counted), len(real)),
            "count_error": len(counted) - len(real),
            "count_error_share": share(len(counted) - len(real), len(real)),
            "only_at_missed_cells": len(real - wanted),
        },
        "identity": _confusion(pairs),
    }


def _paired(true: list[Row], found: list[Row]) -> tuple[Pairs, int]:
    """Pair each true row with the found row that overlaps it most; return the pairs and how many found rows overlap none."""
    at_key: dict[tuple[str, Key], list[int]] = defaultdict(list)
    for place, row in enumerate(found):
        at_key[row["imsi"], key_of(row)].append(place)
    pairs, met = [], set()
    for row in true:
        near = [place for place in at_key[row["imsi"], key_of(row)] if overlap_s(found[place], row) >= 0]
        met.update(near)
        if near:
            pairs.append((row, found[max(near, key=lambda place: overlap_s(found[place], row))]))
    return pairs, len(found) - len(met)


def _same(true: Row, got: Row) -> bool:
    return all(true[name] == got[name] for name in ("from_at", "to_at", "events", "identity"))


def _overlap(true: Row, got: Row) -> float:
    """Return intersection over union of two spans that touch; 1 for two equal instants."""
    whole = float((max(true["to_at"], got["to_at"]) - min(true["from_at"], got["from_at"])).total_seconds())
    return overlap_s(true, got) / whole if whole else 1.0


def _confusion(pairs: Pairs) -> dict[str, Any]:
    """Return how often each true grade was told as each grade, `{true: {told: episodes}}`, and the share told wrongly."""
    matrix = {true: dict.fromkeys(IDENTITY_GRADES, 0) for true in IDENTITY_GRADES}
    for true, got in pairs:
        matrix[true["identity"]][got["identity"]] += 1
    wrong = sum(true["identity"] != got["identity"] for true, got in pairs)
    return {"matrix": matrix, "wrong": wrong, "wrong_share": share(wrong, len(pairs))}
