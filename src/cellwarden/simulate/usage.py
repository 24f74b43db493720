"""Charging data records: calls, messages and data, each at the cell that served the subscriber then."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.records import vocabulary as v
from cellwarden.simulate.randomness import Reals, Whole, pick, stream
from cellwarden.simulate.signalling import moments

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.rows import Stays
    from cellwarden.simulate.signalling import World

SERVICE = {name: code for code, name in enumerate(v.SERVICES)}
LABELS = ("ars:payment", "otp:payment", "ars:signup", "otp:signup", "otp:bank")
RECORDS_A_DAY = 0.6
"""Ordinary records a subscriber and day: thinned like the access rows (assumption)."""


@dataclass(slots=True)
class Usage:
    """Columns of equal length; `label` is an index of LABELS, -1 where the peer is a number or nobody."""

    at: Reals
    who: Whole
    service: Whole
    label: Whole
    station: Whole

    @classmethod
    def joined(cls, parts: list[Usage]) -> Usage:
        """Return all records in time order."""
        whole = cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))
        order = np.lexsort((whole.who, whole.at))
        return cls(*(getattr(whole, field.name)[order] for field in fields(cls)))


def served(world: World, stays: Stays, who: Whole, at: Reals, rng: Generator) -> Whole:
    """Return the station of each subscriber at each time: a visit or capture if there is one, else the ordinary day."""
    station, _ = world.served_by(who, at, rng)
    inside = stays.find(who, at)
    return np.asarray(np.where(inside >= 0, stays.station[inside], station))


def ordinary_usage(world: World, stays: Stays) -> Usage:
    """Return records that have nothing to do with payments."""
    rng = stream(world.seed, "usage")
    count = int(rng.poisson(RECORDS_A_DAY * world.people.count * world.people.days))
    who = rng.integers(0, world.people.count, count).astype(np.int64)
    at = moments(rng, world.people.days, count)
    service = pick(
        rng,
        {SERVICE["data"]: 70, SERVICE["voice_mo"]: 10, SERVICE["voice_mt"]: 9, SERVICE["sms_mo"]: 3, SERVICE["sms_mt"]: 8},
        count,
    )
    label = np.full(count, -1, dtype=np.int64)
    texts = (service == SERVICE["sms_mt"]) & (rng.random(count) < 0.3)
    label[texts] = pick(rng, {LABELS.index("otp:signup"): 6, LABELS.index("otp:bank"): 4}, int(texts.sum()))
    calls = (service == SERVICE["voice_mt"]) & (rng.random(count) < 0.02)
    label[calls] = LABELS.index("ars:signup")
    return Usage(at, who, service, label, served(world, stays, who, at, rng))


def verification(at: Reals, who: Whole, by_call: np.ndarray[tuple[int], np.dtype[np.bool_]], station: Whole) -> Usage:
    """Return the legs that verify payments: an automatic call, or a code by SMS."""
    service = np.where(by_call, SERVICE["voice_mt"], SERVICE["sms_mt"]).astype(np.int64)
    label = np.where(by_call, LABELS.index("ars:payment"), LABELS.index("otp:payment")).astype(np.int64)
    return Usage(at, who, service, label, station)
