"""Who a unit catches at each stop, by the rules of its attack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.beside import ENTRY_ATTACH, ENTRY_IMEI, ENTRY_IMSI, ENTRY_REJECTED, ENTRY_TAU, ENTRY_UNKNOWN
from cellwarden.simulate.captures import Captures
from cellwarden.simulate.randomness import Reals, Truths, Whole, pick, stream

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.attacks import Attacks
    from cellwarden.simulate.rows import Stays
    from cellwarden.simulate.signalling import World
    from cellwarden.simulate.van import Stop

_AROUND_M = 2_500.0
"""Only people who live or work this near are asked where they are (assumption: the rest hardly ever pass)."""
_PASSERS = 3.0
"""A stop of half an hour (assumption)."""
_GUARDED = 0.2
"""Of those who have a small cell of their own there are caught, beside others (assumption)."""


def catch(world: World, attacks: Attacks, visits: Stays) -> Captures:
    """Return who was caught, by subscriber and time; nobody is in two places at once."""
    rng, people = stream(world.seed, "catching"), world.people
    parts = [_at(world, rng, attacks, number, stop) for number, stop in enumerate(attacks.plan.stops)]
    if not parts:
        none, never = np.empty(0, dtype=np.int64), np.empty(0)
        return Captures(none, never, never, none, none, never, never, never, never)
    found = Captures(*(np.concatenate([getattr(part, name) for part in parts]) for name in Captures.__slots__))
    margin = 600.0
    found = found.where(
        (visits.find(found.who, found.from_at, margin_s=margin) < 0)
        & (visits.find(found.who, found.to_at, margin_s=margin) < 0)
        & (found.to_at < people.days * 86_400.0 - 60)
    )
    found = found.where(np.lexsort((found.from_at, found.who)))
    apart = np.ones(len(found.who), dtype=np.bool_)
    apart[1:] = (found.who[1:] != found.who[:-1]) | (found.from_at[1:] > found.to_at[:-1] + 120)
    return found.where(apart)


def _at(world: World, rng: Generator, attacks: Attacks, number: int, stop: Stop) -> Captures:
    attack, people = attacks.rule(stop), world.people
    lasts, middle = stop.to_at - stop.from_at, (stop.from_at + stop.to_at) / 2
    near = np.hypot(people.home_x - stop.x, people.home_y - stop.y) < _AROUND_M
    near |= people.has_work & (np.hypot(people.work_x - stop.x, people.work_y - stop.y) < _AROUND_M)
    asked = np.flatnonzero(near).astype(np.int64)
    when = np.full(len(asked), middle)
    x, y, stage = people.whereabouts(asked, when)
    away = np.hypot(x - stop.x, y - stop.y)
    guarded = people.small_cell_at(asked, when, stage) >= 0
    chance = (
        attack.capture
        * np.exp(-((away / (0.8 * attack.reach_m)) ** 2))
        * np.where(guarded & ~np.bool_(attack.beside_owner), _GUARDED, 1.0)
    )
    caught = np.flatnonzero((away < attack.reach_m) & (rng.random(len(asked)) < chance))
    around = np.flatnonzero((away > 200) & (away < 1500))
    passers = rng.choice(around, min(len(around), int(rng.poisson(_PASSERS * lasts / 1800.0))), replace=False)
    rows = np.concatenate((caught, passers)).astype(np.int64)
    count, passes = len(rows), np.arange(len(rows)) >= len(caught)
    who = asked[rows]
    lead, tail = min(25.0, 0.15 * lasts), min(215.0, 0.35 * lasts)
    from_at = stop.from_at + lead + rng.random(count) * (lasts - lead - tail)
    stay = np.where(passes, rng.uniform(35, 150, count), rng.lognormal(np.log(560), 0.7, count))
    to_at = np.minimum(from_at + stay, stop.to_at - min(3.0, 0.02 * lasts))
    angle, far = rng.uniform(0, 2 * np.pi, count), np.where(passes, rng.uniform(120, 420, count), 0.0)
    here_x, here_y = np.where(passes, stop.x, x[rows]), np.where(passes, stop.y, y[rows])
    return Captures(
        who,
        from_at,
        to_at,
        np.full(count, number, dtype=np.int64),
        np.full(count, stop.cell.station, dtype=np.int64),
        here_x + far * np.cos(angle),
        here_y + far * np.sin(angle),
        here_x - far * np.cos(angle),
        here_y - far * np.sin(angle),
    )


def entries(world: World, attacks: Attacks, captures: Captures) -> tuple[Whole, Whole, Whole, Whole]:
    """Return how each capture begins, whether it is in clear, its IMS protection, and its further procedures.

    Shares beside the IMSI's as in the demo city (assumptions): of the IMSI shown, 4 in 5 after a reject; 30 % attach with GUTI; 5 %
    unknown; 4 % are asked for the IMEI; 10 % without ciphering. A unit that hides (IMSI share below 5 %) does none of these.
    """
    rng, count = stream(world.seed, "entries"), len(captures.who)
    rules = [attacks.rule(stop) for stop in attacks.plan.stops]
    share: Reals = np.array([rule.imsi_share for rule in rules])[captures.stop] if count else np.empty(0)
    hides = share < 0.05
    by_person: Truths = (
        np.array([rule.by_person for rule in rules], dtype=bool)[captures.stop] if count else np.empty(0, dtype=bool)
    )
    of_person = stream(world.seed, "who shows").random(int(captures.who.max(initial=0)) + 1)[captures.who]
    shows, draw = np.where(by_person, of_person, rng.random(count)) < share, rng.random(count)
    entry = np.full(count, ENTRY_TAU, dtype=np.int64)
    entry[draw < 0.30] = ENTRY_ATTACH
    entry[(draw >= 0.30) & (draw < 0.35) & ~hides] = ENTRY_UNKNOWN
    entry[(draw >= 0.35) & (draw < 0.39) & ~hides] = ENTRY_IMEI
    entry[shows] = np.where(rng.random(int(shows.sum())) < 0.8, ENTRY_REJECTED, ENTRY_IMSI)
    clear = ((rng.random(count) < 0.10) & ~hides).astype(np.int64)
    attaches = np.isin(entry, (ENTRY_ATTACH, ENTRY_UNKNOWN, ENTRY_IMSI, ENTRY_REJECTED))
    protection = np.where(hides, 4, pick(rng, {2: 42, 1: 15, 0: 35, 3: 8}, count))
    ims = np.where(rng.random(count) < np.where(attaches, 0.6, 0.12), protection, -1)
    uses = rng.poisson(np.minimum(3.0, 0.8 + (captures.to_at - captures.from_at) / 600))
    return entry, clear, ims.astype(np.int64), uses.astype(np.int64)
