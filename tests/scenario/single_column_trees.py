"""A small decision tree on one column at a time, trained on one city and tried on another: what a column gives away by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

DEPTH = 3
ORDER = "(order of the rows)"


@dataclass(frozen=True)
class Told:
    """What a tree on one view of one column said about rows it had not seen."""

    column: str
    view: str
    accuracy: float
    """Balanced: 0.5 is a coin."""
    hit: float
    """Share of the rogue rows that it calls rogue."""
    honest: int
    """Honest rows that it calls rogue, too."""


def told(train, train_is_rogue, test, test_is_rogue):
    """Train and try a tree on every view of every column; the last one is on the order of the rows."""
    weights = np.where(train_is_rogue, 0.5 / train_is_rogue.sum(), 0.5 / (~train_is_rogue).sum())
    found = []

    def tried(column, view, one, other):
        says = applied(grown(one, train_is_rogue, weights, DEPTH), other)
        hit, false = says[test_is_rogue].mean(), says[~test_is_rogue].mean()
        found.append(Told(column, view, (1 + hit - false) / 2, hit, int(says[~test_is_rogue].sum())))

    for column in train[0]:
        one, other = views([row[column] for row in train]), views([row[column] for row in test])
        for view, values in one.items():
            tried(column, view, *(values, other[view]) if isinstance(values, np.ndarray) else ranked(values, other[view], train_is_rogue, weights))  # fmt: skip
    tried(ORDER, "rank", np.arange(len(train)) / len(train), np.arange(len(test)) / len(test))
    return found


def views(column):
    """Return what may be asked about a column: arrays of numbers, and lists of texts for equality."""
    text = ["" if value is None else str(value) for value in column]
    made = {
        "null": np.array([value is None for value in column], dtype=float),
        "length": np.array([len(word) for word in text], dtype=float),
        "last": np.array([ord(word[-1]) if word else 0 for word in text], dtype=float),
        "prefix": [word[:7] for word in text],
        "value": text,
    }
    if all(isinstance(value, int | float | None) for value in column):
        made["number"] = np.array([-1e18 if value is None else float(value) for value in column])
    if any(isinstance(value, datetime) for value in column):
        made["fraction"] = np.array([0 if value is None else value.microsecond % 1000 for value in column], dtype=float)
        made["second"] = np.array([0 if value is None else value.second + value.microsecond / 1e6 for value in column])
    return made


def ranked(train, test, is_rogue, weights):
    """Turn texts into numbers: the weighted share of rogue rows among those with the same text; what was never seen is honest."""
    known, place = np.unique(train, return_inverse=True)
    share = np.bincount(place, weights=weights * is_rogue) / np.bincount(place, weights=weights)
    of = dict(zip(known.tolist(), share, strict=True))
    return share[place], np.array([of.get(word, -1.0) for word in test])


def grown(values, is_rogue, weights, depth):
    """Return a tree: whether a leaf is rogue, or (threshold, tree below or at it, tree above it), split by Gini impurity."""
    order = np.argsort(values, kind="stable")
    values, is_rogue, weights = values[order], is_rogue[order], weights[order]
    cut = np.flatnonzero(values[1:] != values[:-1])
    rogue, whole = np.cumsum(weights * is_rogue), np.cumsum(weights)
    if depth == 0 or not len(cut):
        return bool(2 * rogue[-1] >= whole[-1])
    low, low_whole = rogue[cut], whole[cut]
    impurity = low * (low_whole - low) / low_whole
    impurity += (rogue[-1] - low) * (whole[-1] - low_whole - rogue[-1] + low) / (whole[-1] - low_whole)
    best = cut[impurity.argmin()] + 1
    halves = [grown(values[part], is_rogue[part], weights[part], depth - 1) for part in (slice(best), slice(best, None))]
    return (values[best - 1] + values[best]) / 2, *halves


def applied(tree, values):
    """Return what a tree says of each value."""
    if isinstance(tree, bool):
        return np.full(len(values), tree)
    threshold, low, high = tree
    return np.where(values <= threshold, applied(low, values), applied(high, values))
