"""The people of a scenario: where each lives, works and goes, without a stored day."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, cast

import numpy as np

from cellwarden.simulate.compiled import compiled
from cellwarden.simulate.diary import Ground, Habits, place_of, plan, stage_of
from cellwarden.simulate.population import NEVER, NOWHERE, Population, build_population
from cellwarden.simulate.randomness import DAY_S, Reals, Truths, Whole, pick, stream

if TYPE_CHECKING:
    from cellwarden.simulate.map import CityMap

REQUESTS, SPREAD = 65.0, 0.8
"""Median service requests a phone and weekday, and lognormal spread: 120 to 250 on average in simulation.md 2.2, rather less
here, so that all procedures together make the 108 rows a line and day of the facts' first kernel."""
DEVICES = {0: 93, 1: 4, 2: 2, 3: 1}
"""Percent by code of the vocabulary's DEVICE_CLASSES (assumption)."""
_LIVELINESS = np.array([1.0, 0.4, 1.4, 0.08])
"""Of phone, tablet, car and thing, beside a phone (simulation.md 2.2)."""
COMPLEX = 180
"""Lines of the operator in one apartment complex: three buildings of 60 each stand within reach of one kerb (simulation.md 8(a),
Building); with them a unit exposes as many people a night as the facts' model."""
_AT_WORK = 2


@dataclass(slots=True)
class Crowd(Population):
    """People whose days follow from (seed, subscriber, day) whenever somebody asks."""

    seed: int = 0
    ground: Ground = field(default_factory=lambda: Ground(1.0, 1, np.zeros(1), np.zeros(1), np.zeros(1), 1))
    returns_at: Reals = field(default_factory=lambda: np.empty(0))
    """When those who went away are at home again."""
    device: Whole = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    rooted: Truths = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    """Machines and visitors that stay where their home is."""

    @property
    def habits(self) -> Habits:
        """What the inner loops need; the arrays are the same ones."""
        return Habits(
            self.home_x,
            self.home_y,
            self.next_home_x,
            self.next_home_y,
            self.moves_at,
            self.returns_at,
            self.work_x,
            self.work_y,
            self.has_work.astype(np.int64),
            self.rooted.astype(np.int64),
            self.home_cell,
            self.work_cell,
            self.rate,
        )

    def home_of(self, who: Whole, at: Reals) -> tuple[Reals, Reals]:
        """Return where they live on that day."""
        noon = (at // DAY_S + 0.5) * DAY_S
        moved = (noon >= self.moves_at[who]) & (noon < self.returns_at[who])
        return np.where(moved, self.next_home_x[who], self.home_x[who]), np.where(
            moved, self.next_home_y[who], self.home_y[who]
        )

    def whereabouts(self, who: Whole, at: Reals) -> tuple[Reals, Reals, Whole]:
        """Return place and stage: 0 at home, 2 at work, 4 elsewhere, 1 on the way."""
        count = len(who)
        x, y, stage = np.empty(count), np.empty(count), np.empty(count, dtype=np.int64)
        when = np.clip(at, 0.0, self.days * DAY_S - 1.0)
        _whereabouts(
            self.ground, self.habits, np.uint64(self.seed), self.first_weekday, who.astype(np.int64), when, x, y, stage
        )
        return x, y, stage

    def small_cell_at(self, who: Whole, at: Reals, stage: Whole) -> Whole:  # noqa: ARG002  # the same call as the demo city's
        """Return the small cell that belongs to where they are; NOWHERE if there is none."""
        own = np.where(stage == _AT_WORK, self.work_cell[who], NOWHERE)
        return np.asarray(np.where(stage == 0, self.home_cell[who], own))


@compiled
def _whereabouts(  # noqa: PLR0917  # numba wants plain arguments
    ground: Ground, habits: Habits, seed: np.uint64, first_weekday: int, who: Whole, at: Reals, x: Reals, y: Reals, stage: Whole
) -> None:
    turns, day_x, day_y = np.zeros(8), np.zeros(5), np.zeros(5)
    for row in range(len(who)):
        day = int(at[row] // 86_400.0)
        planned = plan(ground, habits, seed, (first_weekday + day) % 7, who[row], day, turns, day_x, day_y)
        stops, clock = planned // 4, at[row] - day * 86_400.0
        now = stage_of(stops, turns, clock)
        x[row], y[row] = place_of(ground, turns, day_x, day_y, now, clock)
        if now % 2:
            stage[row] = 1
        elif now in (0, 2 * stops + 2):
            stage[row] = 0
        else:
            stage[row] = 2 if now == 2 and planned % 2 else 4


def ground_of(city: CityMap) -> Ground:
    """Return the map as the inner loops need it."""
    steps = round(len(city.site_x) ** 0.5)
    return Ground(city.side_m, steps, city.site_x, city.site_y, city.azimuth, city.area_columns)


def build_crowd(seed: int, city: CityMap, *, subscribers: int, days: int, first_weekday: int, cores: int) -> Crowd:
    """Settle the people as in the demo city, with devices and a liveliness of their own."""
    settled = build_population(
        seed, city, subscribers=subscribers, days=days, first_weekday=first_weekday, cores=cores, block_size=COMPLEX
    )
    rng = stream(seed, "devices")
    device = pick(rng, cast("dict[int, float]", DEVICES), subscribers)
    rate = REQUESTS * np.exp(SPREAD * rng.standard_normal(subscribers)) * _LIVELINESS[device]
    settled.rate = np.minimum(rate, 1200.0)
    people = {one.name: getattr(settled, one.name) for one in fields(settled)}
    return Crowd(
        **people, seed=seed, ground=ground_of(city), returns_at=np.full(subscribers, NEVER), device=device, rooted=device == 3
    )
