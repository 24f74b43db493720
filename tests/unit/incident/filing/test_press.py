from zoneinfo import ZoneInfo

import pytest
from filed_matter import summary
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.filing.press import K, lines, press_parts

SEOUL = ZoneInfo("Asia/Seoul")
KINDS = ("people_imsi", "people_possible", "people_guti")


def told(**changed):
    return {line.name: line for line in lines(summary(**changed))}


def test_every_figure_has_its_query_and_its_sentence():
    (part,) = press_parts(summary(), SEOUL, "en")
    assert len(part.rows) == len(summary()["headlines"])
    assert all(row[2].endswith(".sql") for row in part.rows)
    assert (
        "The phones of 60 people connected to them between 2025-08-04 and 2025-08-15.",
        "60",
        "people_signal_exposed.sql",
    ) in part.rows


def test_figures_that_do_not_reconcile_make_no_sheet():
    with pytest.raises(MalformedInputError, match="61 people exposed, and the kinds add up to 60"):
        lines(summary(people_signal_exposed=61))


def test_a_small_figure_is_withheld_and_so_is_what_would_give_it_away():
    found = told(people_imsi=3, people_possible=15, people_guti=42)
    assert {name for name, line in found.items() if line.is_withheld} == {"people_imsi", "people_possible"}
    (part,) = press_parts(summary(people_imsi=3, people_possible=15, people_guti=42), SEOUL, "ko")
    assert not any("3명" in row[0] and "63" not in row[0] for row in part.rows if "유심" in row[0])


def test_money_of_a_few_payments_is_withheld_with_them():
    found = told(payments_linked=4)
    assert found["money_linked"].is_withheld


def test_zero_is_no_secret():
    assert not told(people_imsi=0, people_possible=35)["people_imsi"].is_withheld


@given(st.lists(st.integers(0, 40), min_size=3, max_size=3))
def test_nothing_withheld_can_be_had_by_subtraction(kinds):
    found = {
        line.name: line for line in lines(summary(people_signal_exposed=sum(kinds), **dict(zip(KINDS, kinds, strict=True))))
    }
    hidden = [name for name in ("people_signal_exposed", *KINDS) if found[name].is_withheld]
    assert len(hidden) != 1
    assert all(
        found[name].value is None or found[name].value == 0 or found[name].value >= K
        for name in ("people_signal_exposed", *KINDS)
    )


def test_what_is_not_known_is_not_called_small():
    found = told(payments_linked=None, money_linked=None)
    assert not found["payments_linked"].is_withheld
    (part,) = press_parts(summary(payments_linked=None, money_linked=None), SEOUL, "en")
    assert ("(not known)", "\u2013", "payments_linked.sql") in part.rows
