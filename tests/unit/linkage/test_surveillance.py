import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from cellwarden.linkage.surveillance import (
    HISTORY,
    _leverage,
    anscombe_residuals,
    ears,
    farrington,
    outlier_weights,
    power_limit,
    quasi_poisson,
)

NEWPORT = [1, 1, 1, 1, 2, 3, 3, 1, 0, 3, 0]
"""Ten counts whose seven-week sums and sums of squares are those behind the published limits below; the last is judged only."""


@pytest.mark.parametrize(("day", "published"), [(7, 3.278854), (8, 3.278854), (9, 3.436517), (10, 3.855617)])
def test_c1_gives_the_published_limits_of_the_salmonella_newport_example(day, published):
    """Limits of Germany's first weeks of 2011, alpha 0.05, as R's surveillance 1.24 (`earsC`) publishes them in its tests."""
    assert ears(NEWPORT, day, "C1", alpha=0.05, least_sigma=0).upper == pytest.approx(published, abs=1e-6)


def test_c2_leaves_the_two_days_before_out():
    counts = [2, 1, 3, 2, 1, 2, 3, 50, 60, 9]
    limit = ears(counts, 9, "C2")
    assert limit.expected == pytest.approx(2.0)
    assert limit.upper == pytest.approx(2 + norm.isf(0.001) * np.std(counts[:7], ddof=1))
    assert ears(counts, 9, "C1").upper > 60


def test_c3_adds_up_three_days_as_hutwagner_has_it():
    counts = [2, 1, 3, 2, 1, 2, 3, 2, 1, 4, 4, 4]
    scores = []
    for day in (9, 10, 11):
        window = np.array(counts[day - 9 : day - 2])
        scores.append((counts[day] - window.mean()) / window.std(ddof=1))
    is_alarm = sum(max(0.0, score - 1) for score in scores) > norm.isf(0.025)
    limit = ears(counts, 11, "C3", least_sigma=0)
    assert (counts[11] > limit.upper) is bool(is_alarm) is True
    assert counts[11] <= ears(counts, 11, "C2", least_sigma=0).upper  # no single day would have told


@pytest.mark.parametrize(("method", "first"), [("C1", 7), ("C2", 9), ("C3", 11)])
def test_without_the_history_there_is_no_limit(method, first):
    counts = [1] * 20
    assert ears(counts, first - 1, method) is None
    assert ears(counts, first, method) is not None


def test_a_week_of_silence_does_not_make_one_call_an_outbreak():
    assert ears([0] * 9 + [1], 9, "C2").upper > 1


def test_the_power_limit_is_the_published_one():
    """R's surveillance 1.24 publishes 9.1154825 for mean 5, error 0.2, dispersion 1, alpha 0.05 with the 2/3 power."""
    assert power_limit(5, 0.2, 1, 0.05) == pytest.approx(9.1154825, abs=1e-6)


def test_outlier_weights_are_the_published_ones():
    """R's surveillance 1.24: five residuals of 0 and five of 2 beyond a threshold of 0 weigh 1.6 and 0.4."""
    weights = outlier_weights(np.array([0.0] * 5 + [2.0] * 5), threshold=0)
    assert weights.tolist() == pytest.approx([1.6] * 5 + [0.4] * 5)


@given(st.lists(st.integers(0, 40), min_size=HISTORY, max_size=HISTORY).filter(any))
def test_the_closed_form_is_the_glm(counts):
    factor = np.arange(HISTORY) % 7 >= 5
    if not (np.array(counts)[factor].any() and np.array(counts)[~factor].any()):
        return
    fits, spread = quasi_poisson(np.array(counts, dtype=float), factor, np.ones(HISTORY))
    model = sm.GLM(counts, sm.add_constant(factor.astype(float)), family=sm.families.Poisson()).fit(scale="X2")
    assert fits == pytest.approx(np.asarray(model.fittedvalues), rel=1e-5)
    assert spread == pytest.approx(max(1.0, float(model.scale)), rel=1e-5)
    hat = np.asarray(model.get_influence().hat_matrix_diag)
    assert _leverage(factor, np.ones(HISTORY)) == pytest.approx(hat, rel=1e-5)
    theirs = np.asarray(model.resid_anscombe_unscaled)
    ours = anscombe_residuals(np.array(counts, dtype=float), fits, 1.0, np.zeros(HISTORY))
    assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-6)


def test_a_past_outbreak_does_not_hide_the_next_one():
    scarred = [3, 4, 2, 3, 5, 3, 2] * 5
    weekend = np.arange(len(scarred)) % 7 >= 5
    scarred[9] = 45
    counts, rests, even = np.array(scarred[3:31], dtype=float), weekend[3:31], np.ones(HISTORY)
    fits, spread = quasi_poisson(counts, rests, even)
    mean = float(fits[~rests][0])
    as_it_lies = power_limit(mean, (spread * mean / (~rests).sum()) ** 0.5, spread, 0.001)
    assert farrington(scarred, weekend.tolist(), 34, alpha=0.001).upper < as_it_lies / 2


def test_days_of_rest_have_their_own_limit():
    counts = [10, 11, 9, 10, 10, 2, 1] * 6
    weekend = [day % 7 >= 5 for day in range(len(counts))]
    assert farrington(counts, weekend, 37).expected > 5 * farrington(counts, weekend, 40).expected


def test_four_weeks_are_needed():
    assert farrington([1] * 40, [False] * 40, 30) is None
    assert farrington([1] * 40, [False] * 40, 31) is not None
