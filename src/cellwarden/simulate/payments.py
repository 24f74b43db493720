"""Carrier billing: what people bought, and what was stolen through the rogue cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.records import vocabulary as v
from cellwarden.simulate.randomness import DAY_S, HOUR_S, Reals, Truths, Whole, pick, runs, stream
from cellwarden.simulate.rows import PROCEDURE, Rows, Stays
from cellwarden.simulate.signalling import moments
from cellwarden.simulate.usage import Usage, served, verification

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.captures import Captures
    from cellwarden.simulate.signalling import World
    from cellwarden.simulate.van import Plan

CHANNEL = {name: code for code, name in enumerate(v.PAYMENT_CHANNELS)}
STATUS = {name: code for code, name in enumerate(v.PAYMENT_STATUSES)}
KIND = {name: code for code, name in enumerate(v.PAYMENT_KINDS)}
CATEGORIES = ("shopping", "games", "content", "gift_card", "transit", "food", "other")
MERCHANTS = (
    ("mall.example", "market.example", "outlet.example"),
    ("games.example", "arcade.example"),
    ("films.example", "music.example", "webtoon.example"),
    ("giftcards.example", "vouchers.example"),
    ("transit-topup.example",),
    ("delivery.example", "lunch.example"),
    ("tickets.example", "stickers.example"),
)
PAYMENTS_A_DAY = 0.0205
"""A line: 0.0117 small payments and 0.0088 direct billing a day (public case figures)."""
CAP = 1_000_000
"""Won a person and month (public case figures)."""
_STOLEN = {50_000: 6, 100_000: 10, 200_000: 14, 275_000: 10, 300_000: 22, 400_000: 14, 495_000: 12, 500_000: 12}
"""Won: mean about 313,000 (public case figures)."""


@dataclass(slots=True)
class Payments:
    """Columns of equal length, in time order; the row number makes the payment id."""

    at: Reals
    who: Whole
    channel: Whole
    kind: Whole
    category: Whole
    merchant: Whole
    amount: Whole
    status: Whole
    disputed_at: Reals
    """NaN: not disputed."""
    capture: Whole
    """Which capture made the theft possible; -1 for honest ones. Never written to the records."""


_FACE_VALUES = {5_000: 15, 10_000: 25, 30_000: 20, 50_000: 18, 100_000: 12, 200_000: 4, 300_000: 4, 500_000: 2}
"""Won: vouchers and top-ups are sold in these (assumption; with them the mean honest payment is near the 28,500 of simulation.md 5.1)."""


@dataclass(frozen=True, slots=True)
class Thrift:
    """How the honest pay; the defaults are the demo city's, which has more disputes than life."""

    disputes: float = 0.004
    """Share of the payments that are disputed."""
    face_values: bool = False
    """Vouchers and top-ups cost what is printed on them, a few won less after a discount."""
    by_store: bool = False
    """Direct billing is a channel of its own: a store asks for it, and nobody is called or sent a code."""
    without: tuple[int, ...] = ()
    """Subscribers that nobody bills here: visitors from abroad, test phones."""


def _honest(world: World, thrift: Thrift) -> Payments:
    rng = stream(world.seed, "payments")
    people = world.people
    payers = np.setdiff1d(np.flatnonzero(rng.random(people.count) < 0.25), np.array(thrift.without, dtype=np.int64))
    weights = rng.gamma(0.8, 1.0, len(payers))
    count = int(rng.poisson(PAYMENTS_A_DAY * people.count * people.days))
    who = rng.choice(payers, count, p=weights / weights.sum()).astype(np.int64)
    at = moments(rng, people.days, count)
    category = pick(rng, dict(enumerate((38, 20, 12, 8, 5, 9, 8))), count)
    disputed = rng.random(count) < thrift.disputes
    found = Payments(
        at=at,
        who=who,
        channel=pick(
            rng, {CHANNEL["sms"]: 40, CHANNEL["app"]: 38, CHANNEL["ars"]: 14, CHANNEL["pin"]: 6, CHANNEL["password"]: 2}, count
        ),
        kind=pick(rng, {KIND["small_payment"]: 57, KIND["dcb"]: 43}, count),
        category=category,
        merchant=rng.integers(0, 1000, count).astype(np.int64),
        amount=(np.exp(rng.normal(np.log(12_000), 1.1, count)).clip(500, 500_000) // 100 * 100).astype(np.int64),
        status=pick(rng, {STATUS["approved"]: 93, STATUS["declined"]: 5, STATUS["cancelled"]: 2}, count),
        disputed_at=np.where(disputed, at + rng.exponential(4 * DAY_S, count) + HOUR_S, np.nan),
        capture=np.full(count, -1, dtype=np.int64),
    )
    if thrift.by_store:
        found.channel[found.kind == KIND["dcb"]] = CHANNEL["dcb"]
    if thrift.face_values:
        sold = np.isin(category, (CATEGORIES.index("gift_card"), CATEGORIES.index("transit")))
        printed = pick(rng, _FACE_VALUES, count) - rng.choice([0, 0, 0, 1_000, 5_000], count)
        found.amount[sold] = np.maximum(printed, 4_000)[sold]
    return found


def _stolen(world: World, plan: Plan, captures: Captures) -> Payments:
    """Payments while the victim is still captured: one to three, minutes apart, never above the cap in approved money."""
    rng = stream(world.seed, "thefts")
    pays = np.array([(stop.cell.unit, stop.night) in plan.pays for stop in plan.stops], dtype=np.bool_)
    fits = np.flatnonzero(pays[captures.stop] & (captures.to_at - captures.from_at > 330))
    people = np.unique(captures.who[pays[captures.stop]])
    _, once = np.unique(captures.who[fits], return_index=True)
    chosen = fits[np.sort(rng.permutation(once)[: max(3, round(plan.victim_share * len(people)))])]
    chosen = _spread(plan, captures, chosen)
    counts = rng.choice([1, 2, 3], len(chosen), p=[0.24, 0.42, 0.34])
    capture, turn = np.repeat(chosen, counts), runs(counts)
    span = (captures.to_at - captures.from_at)[capture] - 210
    gap = np.minimum(rng.uniform(70, 240, len(capture)), span / np.repeat(counts, counts))
    at = captures.from_at[capture] + 190 + turn * gap + rng.uniform(0, 0.2, len(capture)) * gap
    at = at + _delays(rng, plan, captures, capture)
    amount = pick(rng, _STOLEN, len(capture)) + rng.choice([0, 0, 0, -5_000, -1_000], len(capture))
    status = np.where(rng.random(len(capture)) < 0.22, STATUS["declined"], STATUS["approved"]).astype(np.int64)
    for victim in np.unique(capture):
        spent = np.cumsum(np.where((capture == victim) & (status == STATUS["approved"]), amount, 0))
        status[(capture == victim) & (spent > CAP)] = STATUS["declined"]
    disputes = np.repeat(rng.random(len(chosen)) < 0.6, counts) & (status == STATUS["approved"])
    delay = np.repeat(rng.exponential(2.5 * DAY_S, len(chosen)) + 5 * HOUR_S, counts)
    category = pick(rng, {CATEGORIES.index("gift_card"): 78, CATEGORIES.index("transit"): 22}, len(capture))
    return Payments(
        at=at,
        who=captures.who[capture],
        channel=pick(rng, {CHANNEL["ars"]: 92, CHANNEL["sms"]: 8}, len(capture)),
        kind=np.full(len(capture), KIND["small_payment"], dtype=np.int64),
        category=category,
        merchant=rng.integers(0, 1000, len(capture)).astype(np.int64),
        amount=amount.astype(np.int64),
        status=status,
        disputed_at=np.where(disputes, at + delay, np.nan),
        capture=capture.astype(np.int64),
    )


def _spread(plan: Plan, captures: Captures, chosen: Whole) -> Whole:
    """Keep one victim a stop of the units that rob no more."""
    if not plan.one_a_stop:
        return chosen
    lone = np.array([stop.cell.unit in plan.one_a_stop for stop in plan.stops])[captures.stop[chosen]]
    _, first = np.unique(captures.stop[chosen], return_index=True)
    keep = ~lone
    keep[first] = True
    return np.asarray(chosen[keep])


def _delays(rng: Generator, plan: Plan, captures: Captures, capture: Whole) -> Reals:
    """Return seconds by which each theft comes after the capture, the same for all thefts of one capture."""
    late = np.zeros(len(captures.who))
    if plan.delays:
        spans = [plan.delays.get(stop.cell.unit, (0.0, 0.0)) for stop in plan.stops]
        least, most = (np.array(ends)[captures.stop] * DAY_S for ends in zip(*spans, strict=True))
        late = least + rng.random(len(late)) * (most - least)
    return np.asarray(late[capture])


def make_payments(
    world: World,
    plan: Plan,
    captures: Captures,
    stays: Stays,
    *,
    more: list[Payments] | None = None,
    thrift: Thrift | None = None,
) -> tuple[Payments, Usage, Rows]:
    """Return all payments in time order, the calls and messages that verified them, and the paging that these caused."""
    parts = [_honest(world, thrift or Thrift()), _stolen(world, plan, captures), *(more or [])]
    whole = Payments(*(np.concatenate([getattr(part, name) for part in parts]) for name in Payments.__slots__))
    order = np.lexsort((whole.who, whole.at))
    payments = Payments(*(getattr(whole, name)[order] for name in Payments.__slots__))
    payments.disputed_at[payments.disputed_at > world.until] = np.nan
    rng = stream(world.seed, "verification")
    by_call: Truths = payments.channel == CHANNEL["ars"]
    verified = by_call | (payments.channel == CHANNEL["sms"])
    ahead = np.where(by_call, rng.uniform(25, 110, len(order)), rng.uniform(15, 70, len(order)))
    at, who = (payments.at - ahead)[verified], payments.who[verified]
    station = served(world, stays, who, at, rng)
    legs = verification(at, who, by_call[verified], station)
    paged = rng.random(len(at)) < 0.7
    paging = Rows.of(at[paged] - rng.uniform(1, 5, int(paged.sum())), who[paged], station[paged], PROCEDURE["paging_response"])
    return payments, legs, paging
