"""Published tables: nobody works a small count out from the totals; every possible table is tried here."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.privacy.suppression import K, bounds, suppressed, totals_to_hide


def hidden(published):
    return {(r, c) for r, row in enumerate(published) for c, value in enumerate(row) if value is None}


def test_a_small_count_goes_and_takes_three_others_with_it():
    counts = [[5, 40, 60], [70, 80, 90], [100, 11, 120]]
    gone = hidden(suppressed(counts))
    assert (0, 0) in gone
    assert len([place for place in gone if place[0] == 0]) >= 2
    assert len([place for place in gone if place[1] == 0]) >= 2
    low, high = bounds(counts, gone, (0, 0))
    assert high - low >= K


def test_zeros_and_large_counts_stay():
    assert suppressed([[0, 10], [12, 0]]) == [[0, 10], [12, 0]]
    assert suppressed([]) == []


def test_bounds_are_those_of_every_table_that_fits():
    """The oracle is to write down every table with these totals."""
    counts = [[2, 3, 4], [1, 5, 6]]
    gone = {(0, 0), (0, 1), (1, 0), (1, 1)}
    row, columns = counts[0][0] + counts[0][1], (3, 8)
    fits = [a for a, b in product(range(row + 1), repeat=2) if a + b == row and a <= columns[0] and b <= columns[1]]
    assert bounds(counts, gone, (0, 0)) == (min(fits), max(fits))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=2, max_size=4)
    )
)
def test_no_small_count_can_be_worked_out_unless_its_totals_are_named(counts):
    published = suppressed(counts)
    gone = hidden(published)
    assert {(r, c) for r, row in enumerate(counts) for c, value in enumerate(row) if 0 < value < K} <= gone
    assert all(value is None or value == counts[r][c] for r, row in enumerate(published) for c, value in enumerate(row))
    rows, columns = totals_to_hide(published, counts)
    for r, c in gone:
        if 0 < counts[r][c] < K:
            low, high = bounds(counts, gone, (r, c))
            assert high - low >= K or (r in rows and c in columns)


def test_a_ragged_table_is_refused():
    with pytest.raises(UsageError, match="ragged"):
        suppressed([[1], [1, 2]])
    with pytest.raises(UsageError, match="negative"):
        suppressed([[-1]])
