"""Taxi depots under a small cell: the same drivers come and go at the changes of shift, day and night (B16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.beside import ENTRY_TAU
from cellwarden.simulate.comings import Comings
from cellwarden.simulate.population import NOWHERE
from cellwarden.simulate.randomness import DAY_S, HOUR_S

if TYPE_CHECKING:
    from cellwarden.simulate.happening import Scene
    from cellwarden.simulate.randomness import Reals, Whole

_DRIVERS = 36
"""Of one depot (assumption); few enough for a box of 25 users, since they are not there together."""
_CHANGES = np.array([5.0, 17.0])
"""Local hours at which the day and the night shift begin; the other one ends (assumption)."""
_ON_DUTY, _BREAKS = 0.75, 0.4
"""Shifts that a driver works, and shifts with a break at the depot (assumption)."""


def drivers(scene: Scene) -> None:
    """Let the drivers of every depot come and go."""
    world = scene.world
    for index, cell in enumerate(world.fleet):
        if cell.use == "taxi_depot":
            who = _neighbours(scene, cell.x, cell.y)
            scene.what.comings.append(_shifts(scene, who, world.first_small + index))


def _neighbours(scene: Scene, x: float, y: float) -> Whole:
    people = scene.people
    away = np.hypot(people.home_x - x, people.home_y - y)
    away[(people.device != 0) | (people.home_cell != NOWHERE) | (people.work_cell != NOWHERE)] = np.inf
    return np.sort(np.argsort(away, kind="stable")[:_DRIVERS]).astype(np.int64)


def _shifts(scene: Scene, drivers: Whole, station: int) -> Comings:
    """Return what one depot sees: everybody a while before and after a shift, some in the middle of it."""
    rng, days, count = scene.rng, scene.people.days, len(drivers)
    begins: Reals = (np.arange(days)[:, None] * DAY_S + _CHANGES[rng.integers(0, 2, count)] * HOUR_S).ravel()
    who = np.tile(drivers, days)[worked := rng.random(days * count) < _ON_DUTY]
    begins = begins[worked] + rng.normal(0, 20 * 60, len(who))
    ends = begins + rng.normal(11.5, 0.4, len(who)) * HOUR_S
    pauses = (begins + rng.uniform(3, 8, len(who)) * HOUR_S)[rests := rng.random(len(who)) < _BREAKS]
    who, at = np.concatenate((who, who, who[rests])), np.concatenate((begins, ends, pauses))
    none: Whole = np.zeros(len(who), dtype=np.int64)
    stay = rng.uniform(8, 35, len(who)) * 60
    kept = at + stay < scene.world.until - 600
    return Comings(
        who, at, at + stay, none + station, none + ENTRY_TAU, none, none - 1, rng.poisson(1.1, len(who)).astype(np.int64)
    ).where(kept)
