import pytest
from made_up_truth import CAFE, NAMED, decoy, found, suspect, truth

from cellwarden.evaluate.bars import BARS
from cellwarden.evaluate.pooled_bars import pooled_bars
from cellwarden.evaluate.scores import score

PERFECT = score(truth(), found())
HALF = score(truth(), found(suspects=[NAMED[0], suspect(CAFE, "05 10:00", "05 11:00")], exposures=[], payment_links=[]))
QUIET = score(truth(cells=[decoy()], exposures=[], thefts=[]), found(suspects=[], exposures=[], payment_links=[]))


def told(runs, name):
    (row,) = [each for each in pooled_bars(runs) if each["name"].startswith(name)]
    return row["value"], row["is_met"]


def test_every_bar_is_there_in_its_order():
    assert [row["name"] for row in pooled_bars([PERFECT])] == [bar.name for bar in BARS]


def test_one_run_says_what_it_says_alone():
    alone = {row["name"]: (row["value"], row["is_met"]) for row in HALF["bars"]}
    for row in pooled_bars([HALF]):
        value, is_met = alone[row["name"]]
        assert (row["value"], row["is_met"]) == (value if value is None else pytest.approx(value), is_met)


def test_counts_are_added_up_before_they_are_divided():
    assert told([PERFECT, HALF], "Rogue cells found") == (4 / 6, False)
    assert told([PERFECT, HALF], "False accusations") == (pytest.approx(1 / 2002 * 100_000), False)
    assert told([PERFECT, HALF], "Payment links within") == (0.5, False)
    assert told([PERFECT] * 19 + [HALF], "Rogue cells found") == (pytest.approx(58 / 60), True)


def test_a_run_that_could_not_measure_is_left_out():
    assert told([QUIET, PERFECT], "Brier") == told([PERFECT], "Brier")
    assert told([QUIET], "Rogue cells found") == (None, None)
