"""One subscriber's day: where they go, when, and along which streets; computed again wherever it is asked for, never stored.

Weekday work with probability 0.93, weekend 0.15 (assumption). Other places a day: none 45 %, one 35 %, two 20 % (simulation.md,
Distributions). Choice of place: exploration and preferential return with rho = 0.6, gamma = 0.21; jump lengths r^-(1+0.55)
from 300 m to 12 km (Song 2010 and skmob's defaults, simulation.md 2.1). Ways run along a lattice of main roads.
"""

# ruff: noqa: PLR0917, C901 -- inner loops: numba wants plain arguments, and a split would cost speed

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cellwarden.simulate.compiled import compiled
from cellwarden.simulate.counter import DIARY, PLACE, normal, stream_key, uniform

if TYPE_CHECKING:
    from cellwarden.simulate.randomness import Reals, Whole

_HOUR, _DAY = 3600.0, 86_400.0
_EXPLORES = 0.32
"""0.6 * 20^-0.21: a person with some twenty known places."""
_RANKS = 20.0
_ALPHA, _NEAR_M, _FAR_M = 0.55, 300.0, 12_000.0
_ROAD_M = 800.0
"""Between main roads (assumption)."""
_SQUARE_M = 400.0
"""One shopping street or the like a square of this side (assumption)."""
_LAST = 23.8 * _HOUR
"""Everybody is home from then on (assumption): keeps one day apart from the next."""
STOPS = 3


class Ground(NamedTuple):
    """The map as the inner loops need it: a jittered square grid of sites, row by row."""

    side_m: float
    steps: int
    site_x: Reals
    site_y: Reals
    azimuth: Reals
    area_columns: int


class Habits(NamedTuple):
    """One entry a subscriber; seconds since the first local midnight."""

    home_x: Reals
    home_y: Reals
    next_home_x: Reals
    """Where they live from `moves_at` to `returns_at`."""
    next_home_y: Reals
    moves_at: Reals
    returns_at: Reals
    work_x: Reals
    work_y: Reals
    has_work: Whole
    stays: Whole
    """1: a machine that never goes anywhere."""
    home_cell: Whole
    work_cell: Whole
    rate: Reals
    """Service requests a weekday."""


@compiled
def _other_place(ground: Ground, seed: np.uint64, who: int, rank: int, x: float, y: float) -> tuple[float, float]:
    """Return the place of this rank of this person: always the same one."""
    key = stream_key(seed, PLACE, who, rank)
    near = _NEAR_M**-_ALPHA
    jump = (near - uniform(key, 0) * (near - _FAR_M**-_ALPHA)) ** (-1.0 / _ALPHA)
    angle = 2 * np.pi * uniform(key, 1)
    east, north = x + jump * np.cos(angle), y + jump * np.sin(angle)
    side = ground.side_m
    east = abs(east) if east < side else max(0.0, 2 * side - east)
    north = abs(north) if north < side else max(0.0, 2 * side - north)
    if uniform(key, 2) < 0.7:
        square = stream_key(seed, PLACE, 1_000_000_007 + int(east / _SQUARE_M), int(north / _SQUARE_M))
        east = (int(east / _SQUARE_M) + uniform(square, 0)) * _SQUARE_M + 40 * normal(key, 3)
        north = (int(north / _SQUARE_M) + uniform(square, 1)) * _SQUARE_M + 40 * normal(key, 4)
    return min(max(east, 1.0), side - 1.0), min(max(north, 1.0), side - 1.0)


@compiled
def _way_s(x0: float, y0: float, x1: float, y1: float, haste: float) -> float:
    """Return seconds on the way: 5 m/s in town and faster on long ways, 4 minutes at least (assumption)."""
    metres = abs(x1 - x0) + abs(y1 - y0)
    return 240.0 + metres / (5.0 + metres / 4000.0) * haste


@compiled
def plan(
    ground: Ground, habits: Habits, seed: np.uint64, weekday: int, who: int, day: int, turns: Reals, x: Reals, y: Reals
) -> int:
    """Fill in the day and return 4 * stops + 2 * moved + works.

    `x` and `y` hold home, the stops and home again; `turns` leave home, reach the first stop, leave it and so on, in seconds
    of the day, ascending.
    """
    key = stream_key(seed, DIARY, who, day)
    noon = (day + 0.5) * _DAY
    moved = 1 if habits.moves_at[who] <= noon < habits.returns_at[who] else 0
    home_x = habits.next_home_x[who] if moved else habits.home_x[who]
    home_y = habits.next_home_y[who] if moved else habits.home_y[who]
    x[0], y[0] = home_x, home_y
    if habits.stays[who]:
        return 2 * moved
    works = 1 if habits.has_work[who] and uniform(key, 0) < (0.15 if weekday >= 5 else 0.93) else 0
    draw = uniform(key, 1)
    others = 0 if draw < 0.45 else 1 if draw < 0.8 else 2
    stops = works + others
    if stops == 0:
        return 2 * moved
    if works:
        x[1], y[1] = habits.work_x[who], habits.work_y[who]
    for index in range(others):
        rank = int(_RANKS ** uniform(key, 2 + 2 * index))
        if uniform(key, 3 + 2 * index) < _EXPLORES:
            rank = 1000 + day * 4 + index
        x[1 + works + index], y[1 + works + index] = _other_place(ground, seed, who, rank, home_x, home_y)
    x[stops + 1], y[stops + 1] = home_x, home_y
    if works:
        clock = min(max(8.0 + 0.9 * normal(key, 6), 5.5), 13.0) * _HOUR
    else:
        clock = min(max(12.5 + 2.8 * normal(key, 7), 7.0), 20.0) * _HOUR
    leaves = clock
    for stop in range(1, stops + 2):
        turns[2 * stop - 2] = clock
        clock += _way_s(x[stop - 1], y[stop - 1], x[stop], y[stop], np.exp(0.2 * normal(key, 7 + stop)))
        turns[2 * stop - 1] = clock
        if stop == 1 and works:
            clock += min(max(9.2 + 0.8 * normal(key, 12), 4.0), 12.0) * _HOUR
        else:
            clock += min(max(1.3 * np.exp(0.6 * normal(key, 12 + stop)), 0.3), 6.0) * _HOUR
    last = turns[2 * stops + 1]
    if last > _LAST:
        squeeze = (_LAST - leaves) / (last - leaves)
        for turn in range(2 * stops + 2):
            turns[turn] = leaves + (turns[turn] - leaves) * squeeze
    return 4 * stops + 2 * moved + works


@compiled
def along(side_m: float, x0: float, y0: float, x1: float, y1: float, share: float) -> tuple[float, float]:
    """Return the place at this share of the way: to the main road, along it, and off it again."""
    road_y = min(max(np.floor(y0 / _ROAD_M + 0.5) * _ROAD_M, 1.0), side_m - 1.0)
    road_x = min(max(np.floor(x1 / _ROAD_M + 0.5) * _ROAD_M, 1.0), side_m - 1.0)
    first, second, third = abs(road_y - y0), abs(road_x - x0), abs(y1 - road_y)
    gone = share * (first + second + third + abs(x1 - road_x))
    if gone < first:
        return x0, y0 + (gone if road_y > y0 else -gone)
    gone -= first
    if gone < second:
        return x0 + (gone if road_x > x0 else -gone), road_y
    gone -= second
    if gone < third:
        return road_x, road_y + (gone if y1 > road_y else -gone)
    gone -= third
    return road_x + (gone if x1 > road_x else -gone), y1


@compiled
def stage_of(stops: int, turns: Reals, clock: float) -> int:
    """Return 2 * the number of the place where they are, or the odd number of the way they are on."""
    stage = 0
    if stops:
        for turn in range(2 * stops + 2):
            stage += clock >= turns[turn]
    return stage


@compiled
def place_of(ground: Ground, turns: Reals, x: Reals, y: Reals, stage: int, clock: float) -> tuple[float, float]:
    """Return where they are at that time of the day."""
    at = stage // 2
    if stage % 2 == 0:
        return x[at], y[at]
    share = (clock - turns[stage - 1]) / max(turns[stage] - turns[stage - 1], 1.0)
    return along(ground.side_m, x[at], y[at], x[at + 1], y[at + 1], share)


@compiled
def nearest_sector(ground: Ground, x: float, y: float) -> int:
    """Return the macro sector that serves a place: the nearest of the nine sites around it, and the sector towards it."""
    steps = ground.steps
    column = min(max(int(x / ground.side_m * steps), 0), steps - 1)
    row = min(max(int(y / ground.side_m * steps), 0), steps - 1)
    best, found = 1e30, 0
    for near_row in range(max(row - 1, 0), min(row + 2, steps)):
        for near_column in range(max(column - 1, 0), min(column + 2, steps)):
            site = near_row * steps + near_column
            away = (ground.site_x[site] - x) ** 2 + (ground.site_y[site] - y) ** 2
            if away < best:
                best, found = away, site
    turn = (np.arctan2(y - ground.site_y[found], x - ground.site_x[found]) - ground.azimuth[found]) / (2 * np.pi / 3)
    return found * 3 + int(np.floor(turn) + 6) % 3


@compiled
def area_of(ground: Ground, station: int) -> int:
    """Return the tracking area of a macro sector."""
    site, cut = station // 3, ground.area_columns / ground.side_m
    most = ground.area_columns - 1
    return min(int(ground.site_y[site] * cut), most) * ground.area_columns + min(int(ground.site_x[site] * cut), most)
