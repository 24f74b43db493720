"""Shares: the mathematics is held against scipy and statsmodels, the behaviour against what a reader would expect."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, false_discovery_control
from statsmodels.stats.multitest import multipletests

from cellwarden.detect.calibration import Calibration
from cellwarden.detect.share import Beta, expected_share, noted, q_values, weight


def class_of(hits, tries, *, before=(0, 0)):
    """A row with the sums over a class's cell-days."""
    hits, tries = np.asarray(hits, float), np.asarray(tries, float)
    return {
        "rat": "lte", "cell_type": "home", "days": len(tries), "n": tries.sum(), "x": hits.sum(), "nn": (tries**2).sum(),
        "xx_n": (hits**2 / tries).sum(), "hits_before": before[0], "tries_before": before[1],
    }  # fmt: skip


@given(tries=st.integers(1, 300), share=st.floats(0, 1), alpha=st.floats(0.1, 50), beta=st.floats(0.1, 50))
def test_a_marginal_is_the_beta_binomials_up_to_the_ways_to_order_it(tries, share, alpha, beta):
    hits = round(share * tries)
    ways = betabinom.logpmf(hits, tries, 1, 1) + np.log(tries + 1)  # 0: the uniform one puts 1 / (n + 1) on each count
    assert ways == pytest.approx(0, abs=1e-9)
    ours = Beta(alpha, beta).log_marginal(hits, tries) - Beta(1, 1).log_marginal(hits, tries)
    theirs = betabinom.logpmf(hits, tries, alpha, beta) - betabinom.logpmf(hits, tries, 1, 1)
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_a_tail_is_the_sum_of_what_is_as_extreme():
    summed = sum(betabinom.pmf(count, 40, 1.5, 9) for count in range(12, 41))
    assert Beta(1.5, 9).tail(12, 40) == pytest.approx(summed)
    assert Beta(1.5, 9).tail(0, 40) == pytest.approx(1)


@pytest.mark.parametrize("correlation", [0.02, 0.1, 0.2])
def test_the_spread_of_a_class_is_found_again(correlation):
    strength = (1 - correlation) / correlation
    rng = np.random.default_rng(7)
    tries = rng.integers(10, 80, 4000)
    hits = rng.binomial(tries, rng.beta(0.1 * strength, 0.9 * strength, 4000))
    found = expected_share(class_of(hits, tries), trust=0.5)
    assert found.mean == pytest.approx(0.1, rel=0.1)
    assert 1 / (1 + found.alpha + found.beta) == pytest.approx(correlation, rel=0.15)


def test_the_cells_own_past_pulls_its_expectation():
    usual = class_of([1] * 50, [20] * 50)
    venue = class_of([1] * 50, [20] * 50, before=(80, 100))
    assert expected_share(usual, trust=0.5).mean < 0.06
    assert expected_share(venue, trust=0.5).mean > expected_share(venue, trust=0.1).mean > 0.06
    assert expected_share(venue, trust=0.0) == expected_share(usual, trust=0.5)


def test_a_long_past_does_not_make_days_alike():
    usual = expected_share(class_of([1] * 50, [20] * 50), trust=0.5)
    known = expected_share(class_of([1] * 50, [20] * 50, before=(0, 4000)), trust=0.5)
    assert known.mean < usual.mean / 5
    assert known.alpha + known.beta == pytest.approx(usual.alpha + usual.beta)


def test_without_a_class_the_stated_default_holds():
    empty = {
        "rat": "lte",
        "cell_type": "home",
        "days": 0,
        "n": 0.0,
        "x": 0.0,
        "nn": 0.0,
        "xx_n": 0.0,
        "hits_before": 0,
        "tries_before": 0,
    }
    assert expected_share(empty, trust=0.5, default=0.2).mean == pytest.approx(0.2)
    assert expected_share(class_of([3], [10]), trust=0.5, mean=0.7).mean == pytest.approx(0.7)


def test_a_class_of_like_cells_is_taken_to_spread_no_less_than_told():
    alike = class_of([1] * 50, [20] * 50)
    wide, narrow = expected_share(alike, trust=0.5, least_correlation=0.05), expected_share(alike, trust=0.5)
    assert wide.mean == pytest.approx(narrow.mean)
    assert wide.alpha + wide.beta == pytest.approx(19)
    assert narrow.alpha + narrow.beta == pytest.approx(199)


def test_a_weight_is_bounded_and_grows_with_the_share():
    row = class_of([1] * 50, [20] * 50)
    weights = [
        weight({**row, "hits": hits, "tries": 30}, expected_share(row, trust=0.5), Beta(4, 2), most=3.0) for hits in range(31)
    ]
    assert weights == sorted(weights)
    assert weights[0] < 0 < weights[-1] == 3.0


def test_the_worst_day_of_many_accuses_hardly_more_than_the_only_one_would():
    rng, tries, honest, rogue = np.random.default_rng(5), 30, Beta(1, 19), Beta(2, 2)
    hits = rng.binomial(tries, rng.beta(honest.alpha, honest.beta, (1000, 60)))
    weights = np.array([weight({"hits": count, "tries": tries}, honest, rogue, most=9.0) for count in range(tries + 1)])[hits]
    counted = weights - np.log(np.arange(1, 61))
    assert weight({"hits": 9, "tries": tries}, honest, rogue, most=9.0, day=60) == pytest.approx(
        weight({"hits": 9, "tries": tries}, honest, rogue, most=9.0) - np.log(60)
    )
    once, worst, worst_counted = (np.mean(each >= 2) for each in (weights[:, 0], weights.max(axis=1), counted.max(axis=1)))
    assert 0 < once <= worst_counted < 6 * once < worst


def test_one_phone_makes_no_rogue_of_a_mast():
    """Six of 83 registrations in clear on one day of fourteen, at a mast of a class that has one in a hundred."""
    rng = np.random.default_rng(1)
    tries = rng.integers(40, 120, 2000)
    row = class_of(rng.binomial(tries, rng.beta(1.5, 130, 2000)), tries, before=(2, 1000))
    assert (
        weight({**row, "hits": 6, "tries": 83}, expected_share(row, trust=0.5, default=0.01), Beta(2, 2), most=4.5, day=14)
        < 0.5
    )
    assert (
        weight({**row, "hits": 40, "tries": 83}, expected_share(row, trust=0.5, default=0.01), Beta(2, 2), most=4.5, day=14)
        == 4.5
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_q_values_are_benjamini_and_hochbergs(p_values):
    ours = q_values(p_values, len(p_values))
    assert ours == pytest.approx(false_discovery_control(p_values).tolist())
    assert ours == pytest.approx(multipletests(p_values, method="fdr_bh")[1].tolist())


def test_what_is_not_listed_counts_as_tested():
    listed = [0.001, 0.004]
    assert q_values(listed, 10) == pytest.approx(false_discovery_control([*listed, *[1.0] * 8]).tolist()[:2])
    assert q_values([], 10) == []


def test_the_calibration_keeps_what_was_taken():
    calibration = Calibration()
    row = class_of([1] * 50, [20] * 50)
    assert noted(calibration, "some", row, "share", default=0.3, least=50) == pytest.approx(0.05)
    assert noted(calibration, "other", row, "share", default=0.3, least=51) == 0.3
    assert [(each["detector"], each["of"], each["is_default"]) for each in calibration.rows()] == [("other", "lte home", True), ("some", "lte home", False)]  # fmt: skip
