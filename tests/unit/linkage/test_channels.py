import numpy as np
import pytest
from exposed_rows import START, exposure, hand_in
from made_up_records import FOREVER, at, call, minutes, payment
from scipy.stats import nbinom

from cellwarden.linkage.channels import chance_interval, channels
from cellwarden.linkage.link import LINKED
from cellwarden.linkage.payments import link_payments
from cellwarden.records.vocabulary import PAYMENT_CHANNELS

SPAN = (at("01 00:00"), at("31 00:00"))


def told(room, payments, usage=()):
    room.fill(payments=payments, usage=list(usage))
    hand_in(room, [exposure()])
    linkage = link_payments(room.engine, exposures=1, signs={}, has_usage=True, span=SPAN, until=FOREVER)
    return {each.channel: each for each in channels(room.engine, linkage, linked=LINKED)}


def test_a_channel_without_a_row_was_not_searched(room):
    found = told(room, [payment("P", 1, at("02 10:00"), channel="sms")])
    assert tuple(found) == PAYMENT_CHANNELS
    assert {name for name, each in found.items() if each.payments} == {"sms"}


def test_what_was_met_stands_beside_what_chance_gives_and_what_is_linked(room):
    paid = START + minutes(20)
    leg = call(1, paid - minutes(2), exposure()["cell"], peer="ars:payment")
    found = told(
        room,
        [payment("P", 1, paid), payment("Q", 1, paid + minutes(30), channel="app"), payment("R", 1, at("10 10:00"))],
        [leg],
    )
    assert (found["ars"].met, found["ars"].linked, found["ars"].payments) == (1, 1, 2)
    assert (found["app"].met, found["app"].linked) == (1, 0)
    assert found["ars"].expected == pytest.approx(1 / 12)
    assert found["ars"].chance_low <= found["ars"].expected <= found["ars"].chance_high


def test_the_interval_is_that_of_a_count_whose_rate_was_counted_itself():
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(2000):
        rate = rng.gamma(2.0, 3.0)
        low, high = chance_interval(int(rng.poisson(rate * 12)), 1 / 12)
        inside += low <= rng.poisson(rate) <= high
    assert 0.95 <= inside / 2000 <= 0.995  # counts are whole: the interval holds at least what it promises
    assert chance_interval(12, 1 / 12) == tuple(map(int, nbinom.interval(0.95, 12.5, 12 / 13)))
