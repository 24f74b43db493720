import pytest
from scipy.optimize import brentq
from scipy.stats import binom

from cellwarden.evaluate.proportions import harmonic, share, upper_bound


def test_a_share_of_nothing_is_not_known():
    assert (share(1, 4), share(0, 4), share(0, 0)) == (0.25, 0.0, None)


def test_f1_is_the_harmonic_mean():
    assert harmonic(0.5, 1.0) == pytest.approx(2 / 3)
    assert harmonic(0.0, 0.0) == 0.0
    assert harmonic(None, 1.0) is None
    assert harmonic(1.0, None) is None


@pytest.mark.parametrize("trials", [1, 20, 1000, 3_000_000])
def test_with_no_case_the_bound_is_that_of_the_rule_of_three(trials):
    assert upper_bound(0, trials) == pytest.approx(1 - 0.05 ** (1 / trials))
    if trials >= 1000:
        assert upper_bound(0, trials) == pytest.approx(3 / trials, rel=0.005)


@pytest.mark.parametrize(("cases", "trials"), [(1, 10), (3, 100), (7, 5000)])
def test_at_the_bound_so_few_cases_have_a_chance_of_five_percent(cases, trials):
    """The definition, solved for the rate by bisection on the binomial distribution: no beta quantile in it."""
    solved = brentq(lambda rate: binom.cdf(cases, trials, rate) - 0.05, 1e-12, 1 - 1e-12, xtol=1e-14)
    assert upper_bound(cases, trials) == pytest.approx(solved, rel=1e-9)


def test_the_edges_of_the_bound():
    assert upper_bound(0, 0) is None
    assert upper_bound(5, 5) == 1.0
