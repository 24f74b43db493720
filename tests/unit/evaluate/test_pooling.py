import pytest
from made_up_truth import CAFE, NAMED, decoy, found, suspect, truth

from cellwarden.evaluate.pooling import COLUMNS, bootstrap, markdown, pool
from cellwarden.evaluate.proportions import upper_bound
from cellwarden.evaluate.scores import score

PERFECT = score(truth(), found())
HALF = score(truth(), found(suspects=[NAMED[0], suspect(CAFE, "05 10:00", "05 11:00")], exposures=[], payment_links=[]))
QUIET = score(truth(cells=[decoy()], exposures=[], thefts=[]), found(suspects=[], exposures=[], payment_links=[]))


def test_counts_are_added_before_they_are_divided():
    told = pool([PERFECT, HALF])
    assert told["runs"] == 2
    assert (told["precision"], told["recall"]) == (4 / 5, 4 / 6)
    assert (told["cell_days_accused"], told["honest_cell_days"]) == (1, 2002)
    assert told["per_100000"] == pytest.approx(1 / 2002 * 100_000)
    assert told["upper_95_per_100000"] == pytest.approx(upper_bound(1, 2002) * 100_000)
    assert (told["link_precision"], told["link_recall"]) == (1.0, 0.5)
    assert told["undetected"] == 1


def test_more_quiet_runs_lower_the_bound():
    assert pool([QUIET] * 10)["upper_95_per_100000"] < pool([QUIET])["upper_95_per_100000"] / 9


def test_one_run_has_no_interval():
    told = pool([PERFECT])
    assert (told["recall_low"], told["recall_high"]) == (None, None)


def test_without_rogues_there_is_no_recall_and_no_delay():
    told = pool([QUIET, QUIET])
    assert (told["recall"], told["median_hours"], told["b_cubed_f1"], told["brier"]) == (None, None, None, None)


def test_more_than_half_undetected_is_for_ever():
    blind = score(truth(), found(suspects=[]))
    assert pool([blind, PERFECT, blind])["median_hours"] is None
    assert pool([PERFECT, PERFECT, blind])["median_hours"] == pytest.approx(5 / 60)


def test_unknown_cell_days_of_one_run_leave_no_rate():
    told = pool([PERFECT, score(truth(cell_days=None), found())])
    assert (told["per_100000"], told["honest_cell_days"]) == (None, None)


def test_the_interval_holds_the_pooled_share_and_follows_its_seed():
    counts = [(3, 4), (2, 4), (4, 4), (1, 4), (4, 4)]
    low, high = bootstrap(counts, seed=1)
    assert low < 14 / 20 < high
    assert (low, high) == bootstrap(counts, seed=1)


def test_runs_that_agree_leave_no_room():
    assert bootstrap([(3, 4), (3, 4)], seed=1) == (0.75, 0.75)
    assert bootstrap([(3, 4), (0, 0)], seed=1) is None


def test_the_table_has_a_line_a_system_and_dashes_for_the_unknown():
    lines = markdown([("S01", "cellwarden", pool([QUIET])), ("S02", "cellwarden", pool([PERFECT]))]).splitlines()
    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {len(COLUMNS) + 3}
    assert lines[2].startswith("| S01 | cellwarden | - | - | 0 |")
    assert lines[3].startswith("| S02 | cellwarden | 1 | 1 | 0 |")
