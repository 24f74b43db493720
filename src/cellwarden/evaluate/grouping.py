"""Units: whether the ids of one box, and no others, were put together."""

from __future__ import annotations

from collections import Counter
from math import comb
from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.judging import Judged, named_at
from cellwarden.evaluate.proportions import harmonic

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


def grouping(lines: list[Judged]) -> dict[str, Any]:
    """Return B-cubed precision, recall and F1, and the adjusted Rand index, over the accused ids.

    One item is an (id, true unit, label); an id that got two labels is two items, so that tearing it apart costs recall. An honest
    cell is a true unit of its own, so that sharing a label with a rogue costs precision. Missed ids are told by the recall of cells.
    """
    items = {(line.key, line.unit or line.key, line.row["unit"]) for line in named_at(lines, "suspect")}
    pairs = [(true, label) for _, true, label in items]
    precision, recall = b_cubed(pairs) if pairs else (None, None)
    return {
        "ids": len(items),
        "true_units": len({true for true, _ in pairs}),
        "labels": len({label for _, label in pairs}),
        "b_cubed_precision": precision,
        "b_cubed_recall": recall,
        "b_cubed_f1": harmonic(precision, recall),
        "adjusted_rand_index": adjusted_rand_index(pairs) if pairs else None,
    }


def b_cubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> tuple[float, float]:
    """Return precision and recall, averaged over items; `pairs` are (true group, label), one an item, at least one.

    An item's precision is the share of its label's items that are of its true group; its recall, of its true group's that
    carry its label.

    References: A. Bagga, B. Baldwin, LREC workshop 1998; E. Amigó et al., Information Retrieval 12 (2009) 461.
    """
    both, true, label = Counter(pairs), Counter(t for t, _ in pairs), Counter(found for _, found in pairs)
    precision = sum(count * count / label[found] for (_, found), count in both.items())
    recall = sum(count * count / true[group] for (group, _), count in both.items())
    return precision / len(pairs), recall / len(pairs)


def adjusted_rand_index(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return the agreement of two partitions, corrected for chance: 1 equal, about 0 by chance; 1 where none could differ.

    References: L. Hubert, P. Arabie, Journal of Classification 2 (1985) 193.
    """
    together = sum(comb(count, 2) for count in Counter(pairs).values())
    true = sum(comb(count, 2) for count in Counter(group for group, _ in pairs).values())
    label = sum(comb(count, 2) for count in Counter(found for _, found in pairs).values())
    expected = true * label / comb(len(pairs), 2) if len(pairs) > 1 else 0.0
    most = (true + label) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)
