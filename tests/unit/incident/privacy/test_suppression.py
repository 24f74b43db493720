"""What is withheld: nobody works a small count out by subtraction; the oracle writes down every table that fits."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.privacy.suppression import K, Sum, reach, withheld


def crossed(table, name="district"):
    """Return counts and sums of a table by row and grade, with its totals."""
    width = len(table[0])
    counts = {(name, str(r), str(c)): value for r, row in enumerate(table) for c, value in enumerate(row)}
    counts |= {(name, str(r), "people"): sum(row) for r, row in enumerate(table)}
    counts |= {("all", str(c)): sum(row[c] for row in table) for c in range(width)}
    counts["all", "people"] = sum(map(sum, table))
    grades = [str(c) for c in range(width)]
    sums = [Sum((name, str(r), "people"), tuple((name, str(r), c) for c in grades)) for r in range(len(table))]
    sums += [Sum(("all", c), tuple((name, str(r), c) for r in range(len(table)))) for c in [*grades, "people"]]
    return counts, [*sums, Sum(("all", "people"), tuple(("all", c) for c in grades))]


def fitting(counts, sums, hidden, name, most):
    """Return every value that a withheld count takes in some table that fits what is published."""
    names = sorted(hidden)
    values = set()
    for guess in product(range(1, most + 1), repeat=len(names)):
        held = {**counts, **dict(zip(names, guess, strict=True))}
        if all(held[each.total] == sum(held[part] for part in each.parts) for each in sums):
            values.add(held[name])
    return values


def test_a_small_count_takes_others_with_it_in_each_of_its_sums():
    counts, sums = crossed([[5, 40, 60], [70, 80, 90], [100, 11, 120]])
    gone = withheld(counts, sums)
    assert ("district", "0", "0") in gone
    assert all(sum(name in gone for name in (each.total, *each.parts)) != 1 for each in sums)
    assert len(gone) == 4, "a rectangle is enough"


def test_zeros_and_large_counts_stay():
    assert withheld(*crossed([[0, 10], [12, 0]])) == frozenset()
    assert withheld({}, []) == frozenset()


def test_a_lone_count_without_a_sum_is_withheld_alone():
    assert withheld({("payments",): 3, ("cells",): 20}, []) == {("payments",)}


def test_the_reach_is_that_of_every_table_that_fits():
    counts, sums = crossed([[2, 3, 14], [1, 5, 16]])
    hidden = {("district", str(r), str(c)) for r in (0, 1) for c in (0, 1)}
    for name in hidden:
        values = fitting(counts, sums, hidden, name, most=9)
        assert reach(counts, sums, hidden, name) == (min(values), max(values))


def test_a_table_that_shares_totals_gives_nothing_away_either():
    """Published alone, each table would be safe; the totals that one withholds must not stand as sums of the other."""
    first, sums = crossed([[4, 30], [40, 50]], "district")
    second, more = crossed([[20, 70], [24, 10]], "controller")
    gone = withheld(first | second, [*sums, *more])
    for name, count in (first | second).items():
        if 0 < count < K:
            low, high = reach(first | second, [*sums, *more], gone, name)
            assert high - low >= K


def test_what_a_law_wants_told_stays_even_where_it_is_small():
    counts = {("all",): 7, ("own",): 5, ("other",): 2}
    assert withheld(counts, [Sum(("all",), (("own",), ("other",)))], stated={("all",)}) == {("own",), ("other",)}


TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=2, max_size=4)
)


@settings(max_examples=60, deadline=None)
@given(TABLES, TABLES)
def test_no_small_count_can_be_worked_out(one, other):
    """Two tables side by side, the second cut to the width and the sums of the first."""
    width = min(len(one[0]), len(other[0]))
    one = [row[:width] for row in one]
    other = [row[:width] for row in other]
    one[-1] = [value + sum(row[c] for row in other) for c, value in enumerate(one[-1])]
    other[-1] = [value + sum(row[c] for row in one) - sum(row[c] for row in other) for c, value in enumerate(other[-1])]
    counts, sums = crossed(one, "district")
    more, further = crossed(other, "controller")
    counts, sums = counts | more, [*sums, *further]
    gone = withheld(counts, sums)
    assert {name for name, count in counts.items() if 0 < count < K} <= gone
    assert not any(counts[name] == 0 for name in gone)
    for name in gone:
        if counts[name] < K:
            low, high = reach(counts, sums, gone, name)
            assert low <= counts[name] <= high
            assert high - low >= K


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=2), min_size=2, max_size=2))
def test_a_reader_who_tries_every_table_finds_no_small_count_alone(table):
    counts, sums = crossed(table)
    gone = withheld(counts, sums, k=3)
    for name in gone:
        if counts[name] < 3 and len(gone) <= 5:
            assert len(fitting(counts, sums, gone, name, most=14)) > 3


def test_a_negative_count_is_refused():
    with pytest.raises(UsageError, match="negative"):
        withheld({("all",): -1}, [])
