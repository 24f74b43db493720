"""The people: where each lives, works and goes, and where each is at any second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.randomness import DAY_S, HOUR_S, Reals, Truths, Whole, stream

if TYPE_CHECKING:
    from cellwarden.simulate.map import CityMap

NEVER = 1e12
"""Seconds; later than every simulated instant."""
NOWHERE = -1
"""No small cell at that place."""
_WALL = 23.8 * HOUR_S
"""Everybody is at home from then on: keeps one day apart from the next."""


@dataclass(slots=True)
class Population:
    """One entry a subscriber; places in metres on the map, times in seconds since the first local midnight."""

    days: int
    first_weekday: int
    """0 is Monday."""
    home_x: Reals
    home_y: Reals
    next_home_x: Reals
    """Where they live from `moves_at` on."""
    next_home_y: Reals
    moves_at: Reals
    work_x: Reals
    work_y: Reals
    has_work: Truths
    home_cell: Whole
    """Station of the household's home cell; NOWHERE: none."""
    work_cell: Whole
    rate: Reals
    """Ordinary access rows a day."""
    core: Whole
    block_x: Reals
    """Apartment blocks, not people."""
    block_y: Reals
    hub_x: Reals
    """Places of work and leisure, not people."""
    hub_y: Reals
    works_today: Truths
    """(subscriber, day) like the rest below."""
    stop_x: tuple[Reals, Reals]
    """The two places away from home."""
    stop_y: tuple[Reals, Reals]
    turns: tuple[Reals, ...]
    """Leave home, reach A, leave A, reach B, leave B, reach home: seconds of the day, ascending."""

    @property
    def count(self) -> int:
        """How many subscribers."""
        return len(self.home_x)

    def home_of(self, who: Whole, at: Reals) -> tuple[Reals, Reals]:
        """Return where they live at that time."""
        moved = at >= self.moves_at[who]
        return np.where(moved, self.next_home_x[who], self.home_x[who]), np.where(
            moved, self.next_home_y[who], self.home_y[who]
        )

    def whereabouts(self, who: Whole, at: Reals) -> tuple[Reals, Reals, Whole]:
        """Return place and stage: 0 and 6 at home, 2 at A, 4 at B, odd on the way."""
        day = np.clip(at // DAY_S, 0, self.days - 1).astype(np.int64)
        clock = at - day * DAY_S
        turns = [turn[who, day] for turn in self.turns]
        stage = np.zeros(len(who), dtype=np.int64)
        for turn in turns:
            stage += clock >= turn
        home_x, home_y = self.home_of(who, at)
        a_x, b_x = (places[who, day] for places in self.stop_x)
        a_y, b_y = (places[who, day] for places in self.stop_y)
        x = np.choose(stage, (home_x, home_x, a_x, a_x, b_x, b_x, home_x))
        y = np.choose(stage, (home_y, home_y, a_y, a_y, b_y, b_y, home_y))
        for way, (to_x, to_y) in ((1, (a_x, a_y)), (3, (b_x, b_y)), (5, (home_x, home_y))):
            moving = stage == way
            share = (clock[moving] - turns[way - 1][moving]) / np.maximum(turns[way][moving] - turns[way - 1][moving], 1.0)
            x[moving] += share * (to_x[moving] - x[moving])
            y[moving] += share * (to_y[moving] - y[moving])
        return x, y, stage

    def small_cell_at(self, who: Whole, at: Reals, stage: Whole) -> Whole:
        """Return the small cell that belongs to where they are; NOWHERE if there is none."""
        day = np.clip(at // DAY_S, 0, self.days - 1).astype(np.int64)
        at_home = (stage == 0) | (stage == 6)
        at_work = (stage == 2) & self.works_today[who, day]
        return np.asarray(np.where(at_home, self.home_cell[who], np.where(at_work, self.work_cell[who], NOWHERE)))


def build_population(
    seed: int, city: CityMap, *, subscribers: int, days: int, first_weekday: int, cores: int, block_size: int = 50
) -> Population:
    """Settle the subscribers: 70 % in apartment blocks of about `block_size`, the others scattered (assumption)."""
    rng = stream(seed, "population")
    n, side = subscribers, city.side_m
    blocks, ground = max(25, n // block_size), city.ground
    block_x, block_y = ground.places(rng, ground.apartments, blocks) if ground else rng.uniform(150, side - 150, (2, blocks))
    weights = rng.lognormal(0, 0.5, blocks)
    block = rng.choice(blocks, n, p=weights / weights.sum())
    scattered = rng.random(n) < 0.3
    home_x = np.where(scattered, rng.uniform(50, side - 50, n), block_x[block] + rng.normal(0, 35, n))
    home_y = np.where(scattered, rng.uniform(50, side - 50, n), block_y[block] + rng.normal(0, 35, n))
    if ground:
        alone = np.flatnonzero(scattered)
        home_x[alone], home_y[alone] = ground.places(rng, ground.people, len(alone))
    hubs = max(20, n // 150)
    hub_x, hub_y = ground.places(rng, ground.companies, hubs) if ground else rng.uniform(200, side - 200, (2, hubs))
    weights = rng.lognormal(0, 1.0, hubs)
    hub = rng.choice(hubs, n, p=weights / weights.sum())
    return Population(
        days=days,
        first_weekday=first_weekday,
        home_x=home_x,
        home_y=home_y,
        next_home_x=home_x.copy(),
        next_home_y=home_y.copy(),
        moves_at=np.full(n, NEVER),
        work_x=hub_x[hub] + rng.normal(0, 60, n),
        work_y=hub_y[hub] + rng.normal(0, 60, n),
        has_work=rng.random(n) < 0.7,
        home_cell=np.full(n, NOWHERE, dtype=np.int64),
        work_cell=np.full(n, NOWHERE, dtype=np.int64),
        rate=rng.lognormal(np.log(1.75), 0.8, n),
        core=rng.choice(cores, n, p=np.array([0.4, 0.35, 0.25])[:cores] / sum([0.4, 0.35, 0.25][:cores])).astype(np.int64),
        block_x=block_x,
        block_y=block_y,
        works_today=np.zeros((n, days), dtype=np.bool_),
        hub_x=hub_x,
        hub_y=hub_y,
        stop_x=(np.empty(0), np.empty(0)),
        stop_y=(np.empty(0), np.empty(0)),
        turns=(),
    )


def plan_days(seed: int, people: Population) -> None:
    """Fill in every day's way: after the households are settled, since the ways start at home.

    Weekday work with probability 0.93, weekend 0.15; an errand otherwise with 0.6; a second place with 0.3 (assumptions;
    the counts of other places a day follow the 45/35/20 % of the published kernels only roughly).
    """
    rng = stream(seed, "days")
    shape = (people.count, people.days)
    weekend = (people.first_weekday + np.arange(people.days)) % 7 >= 5
    works = people.has_work[:, None] & (rng.random(shape) < np.where(weekend, 0.15, 0.93)[None, :])
    errand = ~works & (rng.random(shape) < 0.6)
    second = (rng.random(shape) < 0.3) & (works | errand)
    noon = (np.arange(people.days) + 0.5) * DAY_S
    moved = noon[None, :] >= people.moves_at[:, None]
    home_x = np.where(moved, people.next_home_x[:, None], people.home_x[:, None])
    home_y = np.where(moved, people.next_home_y[:, None], people.home_y[:, None])
    hub = rng.integers(0, len(people.hub_x), shape)
    b_x, b_y = people.hub_x[hub] + rng.normal(0, 90, shape), people.hub_y[hub] + rng.normal(0, 90, shape)
    a_x = np.where(works, people.work_x[:, None], np.roll(b_x, 1, axis=1) + 40)
    a_y = np.where(works, people.work_y[:, None], np.roll(b_y, 1, axis=1) + 40)
    b_x, b_y = np.where(second, b_x, home_x), np.where(second, b_y, home_y)

    def travel(x0: Reals, y0: Reals, x1: Reals, y1: Reals) -> Reals:
        """Seconds on the way: 5 m/s with a detour of 30 %, and 4 minutes at least (assumption)."""
        return np.asarray(np.hypot(x1 - x0, y1 - y0) * 1.3 / 5.0 * rng.lognormal(0, 0.2, shape) + 240)

    leave = np.where(
        works,
        rng.normal(8.0, 0.9, shape).clip(5.5, 13),
        rng.normal(12.0, 2.6, shape).clip(7.0, 19.0),
    )
    leave_home = leave * HOUR_S
    reach_a = leave_home + travel(home_x, home_y, a_x, a_y)
    stay = np.where(works, rng.normal(9.2, 0.8, shape).clip(4, 12), rng.lognormal(np.log(1.6), 0.6, shape).clip(0.4, 6))
    leave_a = reach_a + stay * HOUR_S
    reach_b = leave_a + travel(a_x, a_y, b_x, b_y)
    leave_b = reach_b + np.where(second, rng.lognormal(np.log(1.2), 0.5, shape).clip(0.3, 4) * HOUR_S, 0.0)
    reach_home = leave_b + np.where(second, travel(b_x, b_y, home_x, home_y), 0.0)
    squeeze = np.minimum(1.0, (_WALL - leave_home) / (reach_home - leave_home))
    out = works | errand
    turns = (leave_home, reach_a, leave_a, reach_b, leave_b, reach_home)
    people.turns = tuple(np.where(out, leave_home + (turn - leave_home) * squeeze, NEVER) for turn in turns)
    people.works_today = works
    people.stop_x, people.stop_y = (a_x, b_x), (a_y, b_y)
