import math

import pytest
from exposed_rows import exposure, hand_in, stolen
from scipy.stats import fisher_exact, norm
from scipy.stats.contingency import odds_ratio

from cellwarden.linkage.differences import differences


def compared(room, people, victims):
    """`people` is one dict of attributes a person; the first `victims` of them lost money."""
    room.fill(subscribers=[{"imsi": imsi, **person} for imsi, person in enumerate(people)])
    hand_in(room, [exposure(imsi) for imsi in range(len(people))], [stolen(f"P{imsi}", imsi) for imsi in range(victims)])
    return {(each.attribute, each.value): each for each in differences(room.engine)}


OLD, YOUNG = {"birth_decade": 1940, "sex": "f"}, {"birth_decade": 2000, "sex": "f"}


def test_counts_and_odds_are_those_of_the_table(room):
    found = compared(room, [*[OLD] * 8, *[YOUNG] * 2, *[OLD] * 5, *[YOUNG] * 15], victims=10)
    old = found["birth_decade", "1940"]
    assert (old.victims, old.others) == (8, 5)
    assert old.odds_ratio == pytest.approx(8.5 * 15.5 / (2.5 * 5.5))
    spread = norm.ppf(0.975) * math.sqrt(1 / 8.5 + 1 / 2.5 + 1 / 5.5 + 1 / 15.5)
    assert (old.low, old.high) == (
        pytest.approx(old.odds_ratio * math.exp(-spread)),
        pytest.approx(old.odds_ratio * math.exp(spread)),
    )
    assert old.low < odds_ratio([[8, 5], [2, 15]]).statistic < old.high


def test_testing_many_values_is_paid_for(room):
    found = compared(room, [*[OLD] * 8, *[YOUNG] * 2, *[OLD] * 5, *[YOUNG] * 15], victims=10)
    p = fisher_exact([[8, 5], [2, 15]]).pvalue
    assert found["birth_decade", "1940"].q == pytest.approx(p)  # two values of one attribute: the same p, so the same q
    assert found["birth_decade", "1940"].q >= p - 1e-12


def test_an_attribute_of_one_value_says_nothing(room):
    assert ("sex", "f") not in compared(room, [OLD, YOUNG, OLD, YOUNG], victims=2)


def test_a_zero_gives_no_infinity(room):
    found = compared(room, [OLD, OLD, YOUNG, YOUNG], victims=2)
    assert math.isfinite(found["birth_decade", "1940"].odds_ratio)


@pytest.mark.parametrize("victims", [0, 4])
def test_without_both_sides_there_is_nothing_to_compare(room, victims):
    assert compared(room, [OLD, YOUNG, OLD, YOUNG], victims) == {}


def test_what_is_not_known_is_left_out(room):
    assert compared(room, [{"birth_decade": None}] * 4, victims=2) == {}
