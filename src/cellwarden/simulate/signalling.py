"""What ordinary phones do: procedures at home, at work and on the way, thinned to a few rows a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.fleet import SmallCell, on_the_air
from cellwarden.simulate.randomness import DAY_S, Reals, Truths, Whole, pick, runs, stream
from cellwarden.simulate.rows import IDENTITY, PROCEDURE, RESULT, Rows, Stays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cellwarden.simulate.map import CityMap
    from cellwarden.simulate.population import Population

HOURS = np.array(
    [30, 23, 19, 17, 18, 23, 33, 47, 52, 49, 48, 50, 53, 51, 50, 51, 54, 60, 64, 61, 56, 51, 43, 35], dtype=np.float64
)
"""Share of the day's procedures by local hour: least at 03 h, most at 18 h (assumption, after the facts' first kernel)."""
_DAY_SHARES = {
    "service_request": 62,
    "release": 14,
    "paging_response": 10,
    "periodic_tau": 6,
    "ims_register": 2,
    "attach": 3.4,
    "detach": 0.8,
    "identity": 0.1,
    "tau": 2,
}
_NIGHT_SHARES = {**_DAY_SHARES, "service_request": 38, "periodic_tau": 34}
_MOVING_SHARES = {"tau": 34, "handover_in": 20, "handover_out": 20, "service_request": 22, "release": 4}
"""Assumptions: service requests and releases dominate, handovers and TAU a few per cent each."""
_LEAVING_SHARES = {"handover_out": 40, "release": 35, "service_request": 25}
REJECT_CAUSES = (9, 10)
"""UE identity cannot be derived; implicitly detached (TS 24.301, 9.9.3.9)."""


@dataclass(frozen=True, slots=True)
class World:
    """The city with its people and small cells."""

    seed: int
    city: CityMap
    people: Population
    fleet: list[SmallCell]

    @property
    def first_small(self) -> int:
        """The station number of the first small cell; the one before is the festival's."""
        return self.city.sectors + 1

    @property
    def until(self) -> float:
        """The end of the window, in seconds since its beginning."""
        return self.people.days * DAY_S

    def served_by(self, who: Whole, at: Reals, rng: np.random.Generator) -> tuple[Whole, Whole]:
        """Return station and stage of each subscriber at each time, as their ordinary day has it."""
        x, y, stage = self.people.whereabouts(who, at)
        station = self.city.serving(x, y, rng)
        small = self.people.small_cell_at(who, at, stage)
        indoors = on_the_air(self.fleet, self.first_small, small, at) & (rng.random(len(at)) < 0.93)
        return np.asarray(np.where(indoors, small, station)), stage


def moments(rng: np.random.Generator, days: int, count: int) -> Reals:
    """Draw times in the window that follow the hour profile."""
    edges = np.concatenate(([0.0], np.cumsum(HOURS) / HOURS.sum()))
    return np.asarray(rng.integers(0, days, count) * DAY_S + np.interp(rng.random(count), edges, np.arange(25.0)) * 3600.0)


def _codes(shares: Mapping[str, float]) -> dict[int, float]:
    return {PROCEDURE[name]: share for name, share in shares.items()}


def everyday(world: World) -> Rows:
    """Return the rows of people who stay where they are; whoever uses a small cell shows three times as many (assumption)."""
    rng, people = stream(world.seed, "everyday"), world.people
    indoors = (people.home_cell >= 0) | (people.work_cell >= 0)
    counts = rng.poisson(people.rate * people.days * np.where(indoors, 3.0, 1.0))
    who = np.repeat(np.arange(people.count, dtype=np.int64), counts)
    at = moments(rng, people.days, len(who))
    order = np.lexsort((at, who))
    at = at[order]
    station, _ = world.served_by(who, at, rng)
    night = (at % DAY_S) < 6 * 3600
    procedure = np.where(night, pick(rng, _codes(_NIGHT_SHARES), len(at)), pick(rng, _codes(_DAY_SHARES), len(at)))
    moved = np.zeros(len(at), dtype=np.bool_)
    moved[1:] = (station[1:] != station[:-1]) & (who[1:] == who[:-1])
    arrives = moved & (procedure == PROCEDURE["service_request"]) & (rng.random(len(at)) < 0.3)
    return Rows.of(at, who, station, np.where(arrives, PROCEDURE["tau"], procedure))


def journeys(world: World, *, share: float = 0.17) -> Rows:
    """Return the rows of people on the way, for a share of the ways, and of all who come to or leave a small cell of theirs."""
    rng, people = stream(world.seed, "journeys"), world.people
    parts = []
    for way in (0, 2, 4):
        leaves, reaches = people.turns[way], people.turns[way + 1]
        goes = (leaves < DAY_S) & (reaches > leaves) & (rng.random(leaves.shape) < share)
        who, day = (index.astype(np.int64) for index in np.nonzero(goes))
        counts = rng.integers(2, 6, len(who))
        step = (runs(counts) + rng.random(int(counts.sum()))) / np.repeat(counts, counts)
        from_at, to_at = leaves[who, day], reaches[who, day]
        at = np.repeat(day * DAY_S + from_at, counts) + step * np.repeat(to_at - from_at, counts)
        who = np.repeat(who, counts)
        x, y, _ = people.whereabouts(who, at)
        parts.append(Rows.of(at, who, world.city.serving(x, y, rng), pick(rng, _codes(_MOVING_SHARES), len(at))))
    for turn, arrives in ((0, False), (1, True), (2, False), (5, True)):
        clock = people.turns[turn]
        who, day = (index.astype(np.int64) for index in np.nonzero(clock < DAY_S))
        at = day * DAY_S + clock[who, day]
        _, _, stage = people.whereabouts(who, at + (5 if arrives else -5))
        small = people.small_cell_at(who, at + (5 if arrives else -5), stage)
        there = on_the_air(world.fleet, world.first_small, small, at) & (rng.random(len(at)) < 0.75)
        who, at, small = who[there], at[there], small[there]
        x, y, _ = people.whereabouts(who, at)
        outdoors = at + rng.uniform(20, 240, len(at)) * (-1 if arrives else 1)
        near = world.city.serving(x + rng.normal(0, 60, len(at)), y + rng.normal(0, 60, len(at)), rng)
        parts.append(Rows.of(outdoors, who, near, pick(rng, _codes(_MOVING_SHARES), len(at))))
        if arrives:
            parts.append(Rows.of(at + rng.uniform(5, 60, len(at)), who, small, PROCEDURE["tau"]))
        else:
            parts.append(Rows.of(at - rng.uniform(1, 90, len(at)), who, small, pick(rng, _codes(_LEAVING_SHARES), len(at))))
    return Rows.joined(parts)


def core_restart(world: World, core: int, at: float, stays: Stays) -> Rows:
    """Return the attaches after a core lost all contexts: nine phones in ten within 20 minutes, with IMSI."""
    rng, people = stream(world.seed, "core restart"), world.people
    who = np.flatnonzero((people.core == core) & (rng.random(people.count) < 0.9)).astype(np.int64)
    back = at + rng.beta(1.2, 3.0, len(who)) * 1200.0
    station, _ = world.served_by(who, back, rng)
    inside = stays.find(who, back)
    station = np.where(inside >= 0, stays.station[inside], station) if len(stays.who) else station
    return Rows.of(back, who, station, PROCEDURE["attach"], identity=IDENTITY["imsi"])


def rejected_first(rows: Rows, rng: np.random.Generator, *, share: float = 0.006) -> Rows:
    """Return rows that make a share of the updates a reject, with the attach by IMSI that follows it (TS 24.301, 5.5.3.2.5)."""
    updates = rows.procedure == PROCEDURE["tau"]
    chosen: Truths = updates & (rows.result < 0) & (rng.random(len(rows)) < share)
    count = int(chosen.sum())
    rows.result[chosen], rows.cause[chosen] = RESULT["reject"], rng.choice(REJECT_CAUSES, count)
    again = rows.where(chosen)
    return Rows.of(
        again.at + rng.uniform(1.5, 9, count),
        again.who,
        again.station,
        PROCEDURE["attach"],
        identity=IDENTITY["imsi"],
        result=RESULT["ok"],
    )
