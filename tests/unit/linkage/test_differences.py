import math
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from exposed_rows import START, exposure, hand_in, stolen
from scipy.stats import fisher_exact, norm
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.multitest import multipletests

from cellwarden.linkage.differences import differences, put_habits

SEOUL = ZoneInfo("Asia/Seoul")


def compared(room, people, victims, bills=(), touched=None):
    """`people` is one dict of attributes a person; the first `victims` of them lost money."""
    room.fill(subscribers=[{"imsi": imsi, **person} for imsi, person in enumerate(people)])
    hand_in(room, [exposure(imsi) for imsi in range(len(people))], [stolen(f"P{imsi}", imsi) for imsi in range(victims)])
    put_habits(room.engine, list(bills), touched or {}, SEOUL)
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


def test_odds_interval_and_q_are_those_of_statsmodels(room):
    people = [{"birth_decade": 1950 + 10 * (number % 5), "sex": "mf"[number % 3 == 0]} for number in range(60)]
    found = compared(room, people, victims=13)
    keys = sorted(found)
    ps = []
    for key in keys:
        each = found[key]
        others = [other for name, other in found.items() if name[0] == key[0]]
        victims, rest = sum(other.victims for other in others), sum(other.others for other in others)
        table = np.array([[each.victims, each.others], [victims - each.victims, rest - each.others]])
        theirs = Table2x2(table + 0.5, shift_zeros=False)
        assert each.odds_ratio == pytest.approx(theirs.oddsratio)
        assert (each.low, each.high) == pytest.approx(theirs.oddsratio_confint())
        ps.append(fisher_exact(table).pvalue)
    assert [found[key].q for key in keys] == pytest.approx(multipletests(ps, method="fdr_bh")[1].tolist())


def test_people_whom_the_subscriber_list_does_not_name_count_by_hour_and_habit(room):
    touched = {imsi: START + timedelta(hours=6 * (imsi % 2)) for imsi in range(8)}
    bills = [
        {"imsi": imsi, "paid_at": START - timedelta(days=day), "channel": channel}
        for imsi in range(8)
        for day, channel in ((1, "sms"), (2, "sms"), (3, "password" if imsi < 2 else "app"))
    ] + [{"imsi": 7, "paid_at": START + timedelta(days=1), "channel": "password"}]
    found = compared(room, [{"district": None}] * 8, victims=4, bills=bills, touched=touched)
    assert (found["first_touch_hours", "18-24"].victims, found["first_touch_hours", "00-06"].victims) == (2, 2)
    secret = found["pays_with_a_secret", "yes"]
    assert (secret.victims, secret.others) == (2, 0)
    assert ("usual_channel", "sms") not in found  # everybody's: it tells nobody from anybody
