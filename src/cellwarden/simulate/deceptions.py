"""Payments that their payers did not want, without any rogue cell: waves of fraudulent messages (B19), quarrels at home (B20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.payments import CATEGORIES, CHANNEL, KIND, STATUS, Payments
from cellwarden.simulate.randomness import DAY_S, HOUR_S, pick, stream

if TYPE_CHECKING:
    from cellwarden.simulate.happening import Happenings
    from cellwarden.simulate.randomness import Reals, Whole
    from cellwarden.simulate.scenario import Scenario
    from cellwarden.simulate.signalling import World

_SPAN_DAYS = 3.0
"""A wave lasts so long (assumption)."""
_PAID = 0.002
"""Payments a line in a wave (assumption)."""


def deceived(world: World, wanted: Scenario, what: Happenings) -> list[Payments]:
    """Return the payments, and note them among what happened."""
    found = []
    rng, people = stream(world.seed, "deceptions"), world.people
    if (wave := wanted.confounder("B19")) is not None:
        start = (0.45 * people.days // 1) * DAY_S
        count = max(6, round(_PAID * people.count * wave.count))
        who = np.repeat(rng.integers(0, people.count, -(-count // 2)), 2)[:count].astype(np.int64)
        day = np.repeat(rng.uniform(0, _SPAN_DAYS, -(-count // 2)), 2)[:count]
        at = start + day * DAY_S + rng.uniform(60, 400, count) * np.arange(count) % 900
        channel = pick(rng, {CHANNEL["sms"]: 70, CHANNEL["app"]: 20, CHANNEL["ars"]: 10}, count)
        amount = pick(rng, {100_000: 3, 200_000: 3, 300_000: 3, 50_000: 2}, count)
        found.append(
            _payments(
                at,
                who,
                channel=channel,
                amount=amount,
                category="gift_card",
                disputed_at=at + rng.exponential(1.5 * DAY_S, count) + HOUR_S,
            )
        )
        span = (start, start + _SPAN_DAYS * DAY_S)
        what.note("B19", "smishing", span, in_calendar=False, subject_kind="payments", subject="gift_card")
    if (quarrels := wanted.confounder("B20")) is not None:
        count = max(4, round(0.001 * people.count * quarrels.count))
        who = rng.integers(0, people.count, count).astype(np.int64)
        at = rng.uniform(0, 0.8 * world.until, count) // DAY_S * DAY_S + rng.uniform(15, 21, count) * HOUR_S
        channel = pick(rng, {CHANNEL["app"]: 60, CHANNEL["pin"]: 25, CHANNEL["sms"]: 15}, count)
        amount = pick(rng, {11_000: 3, 33_000: 3, 99_000: 2}, count)
        found.append(
            _payments(
                at,
                who,
                channel=channel,
                amount=amount,
                category="games",
                disputed_at=at + rng.exponential(3 * DAY_S, count) + HOUR_S,
            )
        )
        what.note("B20", "dispute", (0.0, world.until), in_calendar=False, subject_kind="payments", subject="games")
    return found


def _payments(at: Reals, who: Whole, *, channel: Whole, amount: Whole, category: str, disputed_at: Reals) -> Payments:
    count = len(at)
    return Payments(
        at=at,
        who=who,
        channel=channel,
        kind=np.full(count, KIND["small_payment"], dtype=np.int64),
        category=np.full(count, CATEGORIES.index(category), dtype=np.int64),
        merchant=np.arange(count, dtype=np.int64),
        amount=amount,
        status=np.full(count, STATUS["approved"], dtype=np.int64),
        disputed_at=disputed_at,
        capture=np.full(count, -1, dtype=np.int64),
    )
