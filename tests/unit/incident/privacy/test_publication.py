"""What may be published of a result: a reader who adds and subtracts over all of it learns no small count."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "filing"))

from filed_matter import CENSUS, census, summary

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.privacy.publication import KINDS, PEOPLE, TABLES, Withheld, publication
from cellwarden.incident.privacy.suppression import K


def headlines(found):
    return {line.name: line.value for line in found.lines}


def is_withheld(value):
    return isinstance(value, Withheld)


def test_figures_that_do_not_reconcile_are_not_published():
    with pytest.raises(MalformedInputError, match="61 people exposed, and the kinds add up to 60"):
        publication(summary(people_signal_exposed=61), [])


def test_a_small_headline_is_withheld_and_so_is_what_would_give_it_away():
    found = headlines(publication(summary(people_imsi=3, people_possible=15, people_guti=42), []))
    assert {name for name, value in found.items() if is_withheld(value)} == {"people_imsi", "people_possible"}


def test_money_of_a_few_payments_is_withheld_with_them():
    found = headlines(publication(summary(payments_linked=4), []))
    assert is_withheld(found["payments_linked"])
    assert is_withheld(found["money_linked"])


def test_cells_are_not_published():
    assert set(publication(summary(), CENSUS).tables) == set(TABLES)


def test_a_small_district_cannot_be_had_from_the_total_less_the_others():
    rows = census(("district", "North", 15, 10, 20), ("district", "South", 3, 5, 4), ("district", "West", 2, 0, 1))
    found = publication(summary(), rows).tables["district"]
    shown = {row["part"]: row[PEOPLE] for row in found}
    assert is_withheld(shown["West"])
    assert [is_withheld(value) for value in shown.values()].count(True) >= 2


GRADES = st.tuples(*[st.integers(0, 30)] * 3)


@settings(max_examples=40, deadline=None)
@given(st.lists(GRADES, min_size=1, max_size=5), st.integers(0, 2**60))
def test_no_sum_over_the_publication_lacks_one_figure_alone(districts, seed):
    """The same people by district and by controller; each total with its parts has no lone gap next to a small count."""
    total = [sum(column) for column in zip(*districts, strict=True)]
    other = [seed // 31**place % (count + 1) for place, count in enumerate(total)]
    rows = [("district", f"D{place}", *grades) for place, grades in enumerate(districts)]
    rows += [("controller", "own", *(a - b for a, b in zip(total, other, strict=True))), ("controller", "else", *other)]
    figures = dict(zip(KINDS, total, strict=True))
    found = publication(summary(people_signal_exposed=sum(total), **figures), census(*rows))
    told = headlines(found)
    whole = {PEOPLE: told["people_signal_exposed"], **{kind: told[kind] for kind in KINDS}}
    for table in (found.tables["district"], found.tables["controller"]):
        gaps = [[row[of] for of in (PEOPLE, *KINDS)] for row in table]
        gaps += [[whole[of], *(row[of] for row in table)] for of in (PEOPLE, *KINDS)]
        assert all([is_withheld(value) for value in gap].count(True) != 1 for gap in gaps)
    for value in (*whole.values(), *(row[of] for rows in found.tables.values() for row in rows for of in (PEOPLE, *KINDS))):
        assert is_withheld(value) or value == 0 or value >= K
