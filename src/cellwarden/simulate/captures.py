"""Who the van catches at each stop, and the rows that this leaves at its cell and at the macro neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.randomness import Reals, Truths, Whole, pick, stream
from cellwarden.simulate.rows import IDENTITY, OPEN, PROCEDURE, PROTECTION, RESULT, Rows, Stays
from cellwarden.simulate.signalling import REJECT_CAUSES

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.signalling import World
    from cellwarden.simulate.van import Plan

IMSI_SHARE = 0.28
"""Of the captured who attach with IMSI: 5,561 of about 19,000 at the first count (public case figures)."""
UNKNOWN_SHARE, IMEI_SHARE, IN_CLEAR_SHARE = 0.05, 0.04, 0.10
"""Identity not seen, identity request for the IMEI, null ciphering: assumptions."""
_NEAR = {"service_request": 40, "tau": 25, "paging_response": 15, "handover_out": 12, "periodic_tau": 8}
_WITHIN = {"service_request": 58, "release": 20, "paging_response": 22}


@dataclass(slots=True)
class Captures:
    """One row a spell of one subscriber at one stop."""

    who: Whole
    from_at: Reals
    to_at: Reals
    stop: Whole
    station: Whole
    x: Reals
    y: Reals
    out_x: Reals
    out_y: Reals

    def where(self, chosen: Truths | Whole) -> Captures:
        """Return some of them."""
        return Captures(*(getattr(self, name)[chosen] for name in self.__slots__))

    def stays(self) -> Stays:
        """Return the spells, by subscriber and time."""
        order = np.lexsort((self.from_at, self.who))
        return Stays(self.who[order], self.from_at[order], self.to_at[order], self.station[order])


def catch(world: World, plan: Plan, visits: Stays) -> Captures:
    """Find out who is caught: two of three right beside the van, few beyond 150 m, and some passers-by.

    Radius 30 to 200 m and a capture probability of 0.3 to 0.7 as in the facts; own home cells protect four in five.
    """
    rng, people = stream(world.seed, "captures"), world.people
    everyone = np.arange(people.count, dtype=np.int64)
    parts = []
    for number, stop in enumerate(plan.stops):
        middle = np.full(people.count, (stop.from_at + stop.to_at) / 2)
        x, y, stage = people.whereabouts(everyone, middle)
        away = np.hypot(x - stop.x, y - stop.y)
        guarded = people.small_cell_at(everyone, middle, stage) >= 0
        caught = np.flatnonzero(
            (away < 150) & (rng.random(people.count) < 0.68 * np.exp(-((away / 120) ** 2)) * np.where(guarded, 0.2, 1.0))
        )
        around = np.flatnonzero((away > 200) & (away < 1500))
        passing = rng.choice(around, min(len(around), int(rng.poisson(3.0))), replace=False)
        who = np.concatenate((caught, passing)).astype(np.int64)
        count, passes = len(who), np.arange(len(who)) >= len(caught)
        from_at = stop.from_at + 25 + rng.random(count) * (stop.to_at - stop.from_at - 240)
        stay = np.where(passes, rng.uniform(35, 150, count), rng.lognormal(np.log(560), 0.7, count))
        to_at = np.minimum(from_at + stay, stop.to_at - 3)
        angle, far = rng.uniform(0, 2 * np.pi, count), np.where(passes, rng.uniform(120, 420, count), 0.0)
        here_x, here_y = np.where(passes, stop.x, x[who]), np.where(passes, stop.y, y[who])
        parts.append(
            Captures(
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
        )
    found = Captures(*(np.concatenate([getattr(part, name) for part in parts]) for name in Captures.__slots__))
    found = found.where(
        (visits.find(found.who, found.from_at, margin_s=1200) < 0) & (visits.find(found.who, found.to_at, margin_s=1200) < 0)
    )
    found = found.where(np.lexsort((found.from_at, found.who)))
    apart = np.ones(len(found.who), dtype=np.bool_)
    apart[1:] = (found.who[1:] != found.who[:-1]) | (found.from_at[1:] > found.to_at[:-1] + 900)
    return found.where(apart)


def capture_rows(world: World, captures: Captures) -> Rows:
    """Return the rows: a macro neighbour, the way into the rogue cell, some use there, a macro neighbour again."""
    rng = stream(world.seed, "capture rows")
    count, who, station = len(captures.who), captures.who, captures.station
    clear = np.where(rng.random(count) < IN_CLEAR_SHARE, 0, OPEN)
    near = {PROCEDURE[name]: share for name, share in _NEAR.items()}
    before = world.city.serving(captures.x, captures.y, rng)
    after = world.city.serving(captures.out_x, captures.out_y, rng)
    parts = [
        Rows.of(captures.from_at - rng.uniform(10, 170, count), who, before, pick(rng, near, count)),
        Rows.of(captures.to_at + rng.uniform(4, 170, count), who, after, pick(rng, near, count)),
    ]
    shows = rng.random(count) < IMSI_SHARE
    refused = shows & (rng.random(count) < 0.8)
    attaches = shows | (rng.random(count) < 0.3)
    unknown = ~shows & (rng.random(count) < UNKNOWN_SHARE)
    delay = np.where(refused, rng.uniform(1.5, 9, count), 0.0)
    parts.append(_refused(rng, captures.where(refused), clear[refused]))
    identity = np.where(shows, IDENTITY["imsi"], np.where(unknown, IDENTITY["unknown"], OPEN))
    entry = np.where(attaches, PROCEDURE["attach"], PROCEDURE["tau"])
    result = np.where(refused, RESULT["ok"], OPEN)
    parts.append(Rows.of(captures.from_at + delay, who, station, entry, identity=identity, result=result, ciphering=clear))
    asked = rng.random(count) < IMEI_SHARE
    parts.append(
        Rows.of(
            captures.from_at[asked] + rng.uniform(0.4, 1.4, int(asked.sum())),
            who[asked],
            station[asked],
            PROCEDURE["identity"],
            identity=IDENTITY["imei"],
            ciphering=clear[asked],
        )
    )
    registers = (rng.random(count) < np.where(attaches, 0.6, 0.12)) & (captures.to_at - captures.from_at > 25)
    number = int(registers.sum())
    protection = pick(
        rng, {PROTECTION["none"]: 42, PROTECTION["integrity_only"]: 15, PROTECTION["encrypted"]: 35, -1: 8}, number
    )
    register_at = captures.from_at[registers] + rng.uniform(10, 20, number)
    parts.append(
        Rows.of(
            register_at,
            who[registers],
            station[registers],
            PROCEDURE["ims_register"],
            ims=protection,
            ciphering=clear[registers],
        )
    )
    uses = rng.poisson(np.minimum(3.0, 0.8 + (captures.to_at - captures.from_at) / 600))
    start, span = captures.from_at + 11, np.maximum(captures.to_at - captures.from_at - 11, 1.0)
    at = np.repeat(start, uses) + rng.random(int(uses.sum())) * np.repeat(span, uses)
    inside = {PROCEDURE[name]: share for name, share in _WITHIN.items()}
    leaves = (rng.random(count) < 0.4) & (captures.to_at - captures.from_at > 60)
    way = {PROCEDURE["handover_out"]: 1, PROCEDURE["release"]: 1}
    leave_at = (captures.to_at - rng.uniform(0.5, 40, count))[leaves]
    parts.append(Rows.of(leave_at, who[leaves], station[leaves], pick(rng, way, len(leave_at)), ciphering=clear[leaves]))
    parts.append(
        Rows.of(
            at, np.repeat(who, uses), np.repeat(station, uses), pick(rng, inside, len(at)), ciphering=np.repeat(clear, uses)
        )
    )
    return Rows.joined(parts)


def _refused(rng: Generator, captures: Captures, clear: Whole) -> Rows:
    count = len(captures.who)
    return Rows.of(
        captures.from_at,
        captures.who,
        captures.station,
        PROCEDURE["tau"],
        result=RESULT["reject"],
        cause=rng.choice(REJECT_CAUSES, count),
        ciphering=clear,
    )
