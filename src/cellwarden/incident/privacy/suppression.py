"""Tables that may be published: small cells are left out, and enough others that nobody can work them out from the totals.

A count from 1 to k - 1 is left out (primary). Where row and column totals are published, other counts are left out with it
(complementary), until no left-out count can be pinned to within fewer than k: a linear program over the published totals says how low and how
high each could be. References: Cox, "Suppression methodology and statistical disclosure control" (JASA 75, 1980), whose audit this is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from cellwarden.foundation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

K = 10
"""Fewest people that a published count may stand for; the usual threshold for frequency tables of health and census offices."""

Counts = list[list[int]]
Published = list[list[int | None]]


def suppressed(counts: Sequence[Sequence[int]], *, k: int = K) -> Published:
    """Return a table with what may not be published left out (None); row and column totals stay published.

    Args:
        counts: People by row and column, whole numbers from 0.
        k: Fewest people of a published count.

    Raises:
        UsageError: The table is ragged or has negative counts.
    """
    table = [list(row) for row in counts]
    if len({len(row) for row in table}) > 1 or any(value < 0 for row in table for value in row):
        raise UsageError("the table is ragged or has negative counts", where="published table", fix="Give whole numbers from 0")
    hidden = {(r, c) for r, row in enumerate(table) for c, value in enumerate(row) if 0 < value < k}
    while hidden and (weak := _weak(table, hidden, k)):
        chosen = _next(table, hidden, weak[0])
        if chosen is None:
            break  # the whole row and column are left out already: totals alone could tell, and `totals_to_hide` says which
        hidden.add(chosen)
    return [[None if (r, c) in hidden else value for c, value in enumerate(row)] for r, row in enumerate(table)]


def totals_to_hide(published: Published, counts: Sequence[Sequence[int]], *, k: int = K) -> tuple[list[int], list[int]]:
    """Return the rows and columns whose totals may not stand beside the table: small ones, and those that pin down a left-out count."""
    rows = [r for r, row in enumerate(counts) if 0 < sum(row) < k]
    columns = [c for c in range(len(counts[0]) if counts else 0) if 0 < sum(row[c] for row in counts) < k]
    hidden = {(r, c) for r, row in enumerate(published) for c, value in enumerate(row) if value is None}
    for r, c in _weak([list(row) for row in counts], hidden, k):
        rows.append(r)
        columns.append(c)
    return sorted(set(rows)), sorted(set(columns))


def bounds(counts: Sequence[Sequence[int]], hidden: set[tuple[int, int]], cell: tuple[int, int]) -> tuple[float, float]:
    """Return how low and how high a left-out count could be, for somebody who knows all published counts and totals."""
    places = sorted(hidden)
    rows, columns = sorted({r for r, _ in places}), sorted({c for _, c in places})
    equations = np.array(
        [[float(r == row) for r, _ in places] for row in rows] + [[float(c == column) for _, c in places] for column in columns]
    )
    sums = [sum(counts[r][c] for r, c in places if r == row) for row in rows]
    sums += [sum(counts[r][c] for r, c in places if c == column) for column in columns]
    aim = np.array([float(place == cell) for place in places])
    low = linprog(aim, A_eq=equations, b_eq=sums, bounds=(0, None), method="highs")
    high = linprog(-aim, A_eq=equations, b_eq=sums, bounds=(0, None), method="highs")
    return float(low.fun), float(-high.fun)


def _weak(table: Counts, hidden: set[tuple[int, int]], k: int) -> list[tuple[int, int]]:
    """Return left-out small counts that could be pinned to within fewer than k, the narrowest first."""
    narrow = []
    for r, c in sorted(hidden):
        if 0 < table[r][c] < k:
            low, high = bounds(table, hidden, (r, c))
            if high - low < k:
                narrow.append((high - low, r, c))
    return [(r, c) for _, r, c in sorted(narrow)]


def _next(table: Counts, hidden: set[tuple[int, int]], weak: tuple[int, int]) -> tuple[int, int] | None:
    """Return what to leave out next: in the row or column that has fewer left out, the least count that is worth it."""
    r, c = weak
    in_row = [(r, other) for other in range(len(table[r])) if (r, other) not in hidden and table[r][other] > 0]
    in_column = [(other, c) for other in range(len(table)) if (other, c) not in hidden and table[other][c] > 0]
    hidden_in_row = sum(row == r for row, _ in hidden)
    hidden_in_column = sum(column == c for _, column in hidden)
    first, second = (in_row, in_column) if hidden_in_row <= hidden_in_column else (in_column, in_row)
    beside = first or second
    if not beside:
        beside = [
            (row, column)
            for row, values in enumerate(table)
            for column, value in enumerate(values)
            if value > 0 and (row, column) not in hidden
        ]
    return min(beside, key=lambda place: (table[place[0]][place[1]], place), default=None)
