from datetime import timedelta

import pytest
from exposed_rows import END, START, exposure
from hypothesis import given
from hypothesis import strategies as st
from made_up_records import at
from scipy.stats import binomtest
from statsmodels.stats.rates import test_poisson_2indep as compare_rates

from cellwarden.linkage.billing import Signs
from cellwarden.linkage.late import MOST_UNPROVEN, late_payments, stratum
from cellwarden.linkage.link import LINKED

SPAN = (at("01 00:00"), at("31 00:00"))


def signs(count):
    return Signs(
        first_merchant=count > 0, resale=count > 1, verified=count > 2, large=count > 3, burst=count > 4, payments_day=1, night=False,
        local_hour=12, near_cap=False, month_amount=0,
    )  # fmt: skip


def paid(name, when, imsi=1):
    return {"payment_id": name, "imsi": imsi, "paid_at": when}


def late(payments, counts=5, exposures=None, *, taken=(), span=SPAN):
    known = {each["payment_id"]: signs(counts) for each in payments}
    return late_payments(payments, known, [exposure()] if exposures is None else exposures, span=span, taken=taken)


@pytest.mark.parametrize(
    ("when", "is_late"),
    [
        pytest.param(END + timedelta(minutes=60), False, id="within the hour"),
        pytest.param(END + timedelta(minutes=61), True, id="just after the hour"),
        pytest.param(END + timedelta(days=7), True, id="to the week"),
        pytest.param(END + timedelta(days=7, seconds=1), False, id="beyond the week"),
        pytest.param(START - timedelta(hours=1), False, id="before"),
    ],
)
def test_late_is_from_an_hour_to_a_week_after_the_touch(when, is_late):
    assert len(late([paid("P", when)]).payments) == is_late


def test_what_the_same_hour_explains_is_not_late_as_well():
    assert late([paid("P", END + timedelta(hours=2))], taken={"P"}).payments == []


def test_the_latest_exposure_before_the_payment_is_named():
    second = exposure(from_at=END + timedelta(days=1), to_at=END + timedelta(days=1, hours=1), unit="unit-2")
    ((_, named, _),) = late([paid("P", END + timedelta(days=2))], exposures=[exposure(), second]).payments
    assert named["unit"] == "unit-2"


def test_time_is_counted_once_however_often_a_person_was_exposed():
    second = exposure(from_at=END + timedelta(days=1), to_at=END + timedelta(days=1, hours=1))
    (found,) = late([paid("P", END + timedelta(hours=5))], exposures=[exposure(), second]).strata
    late_hours, before_hours = (24 - 1) + (7 * 24 - 1), (START - SPAN[0]).total_seconds() / 3600
    assert found.ratio == pytest.approx(late_hours / before_hours)


def test_a_record_that_begins_with_the_exposure_cannot_tell():
    assert late([paid("P", END + timedelta(hours=5))], span=(START, SPAN[1])).strata == []
    assert late([], span=None).strata == []


@pytest.mark.parametrize(("found", "before", "ratio"), [(13, 1, 0.92), (18, 4, 0.5), (6, 5, 1.2), (1, 30, 0.7)])
def test_interval_and_p_are_those_of_the_conditional_test(found, before, ratio):
    judged = stratum(5, found, before, ratio)
    theirs = compare_rates(found, ratio, before, 1.0, method="exact-cond", alternative="larger")
    assert judged.p == pytest.approx(theirs.pvalue)
    share = binomtest(found, found + before).proportion_ci(0.95, method="exact")
    for bound, end in ((judged.low, share.low), (judged.high, share.high)):
        rate_ratio = float("inf") if end == 1 else end / (1 - end) / ratio
        assert bound == pytest.approx(max(0.0, found * (1 - 1 / rate_ratio)))


def test_nothing_is_linked_while_chance_could_have_made_all_of_it():
    assert stratum(5, 6, 4, 1.0).probability <= MOST_UNPROVEN < LINKED
    assert stratum(5, 18, 0, 1.0).probability >= LINKED


def test_ordinary_payments_are_counted_and_never_suspected():
    (found,) = late([paid(f"P{number:02}", END + timedelta(hours=2 + number)) for number in range(30)], counts=2).strata
    assert (found.found, found.probability) == (30, 0.0)


@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.01, 10))
def test_a_stratum_always_gives_a_probability_and_an_interval_in_order(found, before, ratio):
    judged = stratum(5, found, before, ratio)
    assert 0 <= judged.probability <= 1
    assert 0 <= judged.low <= judged.high <= found
