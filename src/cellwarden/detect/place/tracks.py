"""Where an accused unit was every ten minutes, from its visitors' neighbours before and after; honest about "cannot tell".

A hidden Markov model: the unit stands where it stood, or has driven somewhere else. Each visitor's neighbour makes the spots likelier
that this placed cell serves (`serving.py`); forward and backward over a night, what is seen before and after helps the moments between.
All ids of one unit tell of one place.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.detect.detector import CellKey, Row, Threshold
from cellwarden.detect.place.moving_cell import distance_m
from cellwarden.detect.place.serving import Masts, Reals, masts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cellwarden.detect.fusion import Suspect
    from cellwarden.detect.place.mislaid import Near

MIN_VISITORS = Threshold(10, "visitors within 10 minutes of one place", "fewer neighbours leave a whole quarter open")
MAX_RADIUS_M = Threshold(750.0, "m", "a wider circle tells a district, not a place: then it cannot be told")
LEAST_RADIUS_M = Threshold(250.0, "m", "half the distance between masts of a town: no neighbour tells more")
STAY = Threshold(
    0.95, "chance in 2 minutes", "a stop of 40 minutes; from 30 minutes to an hour it makes no difference that counts"
)
WITNESS = Threshold(
    0.5, "of a neighbour's weight", "two neighbours of one visitor, and of visitors from one house, are not independent"
)
BESIDE = Threshold(
    0.5,
    "of a step with visitors",
    "a step without any, next to one with; further off the unit may be on its way to the next place",
)
STEP, BIN, PAUSE = timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=2)
"""A step of the model; a row of the track; without visitors for that long another run begins."""
LONGEST = timedelta(hours=6)
"""Of a run: what lies further off does not help, and a week of a venue's steps and spots would fit no memory."""
MARGIN_M, GRID_M, MOST_SPOTS = 1000.0, 50.0, 16_000
"""Around the masts seen; between spots, wider where there would be too many."""
AROUND_M = 3000.0
"""Masts this far beyond may serve a spot too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One place at one time; degrees WGS84, the radius holds about two standard errors."""

    key: CellKey
    unit: str
    spell_from: datetime
    at: datetime
    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit was in ten minutes."""

    lat: float
    lon: float
    radius_m: float
    visitors: int
    """Then, and within ten minutes before or after if it stood there too."""

    @property
    def is_told(self) -> bool:
        """Whether it may be said."""
        return self.visitors >= MIN_VISITORS.value and self.radius_m <= MAX_RADIUS_M.value


def tracks(
    suspects: Iterable[Suspect],
    steps: list[Row],
    cells: Iterable[Near],
    borders: list[Row],
    sources: dict[tuple[CellKey, str], set[str]],
) -> list[Position]:
    """Return the positions of each suspect's spell that can be told, in order of time.

    Args:
        suspects: Whose.
        steps: Rows of `surrounding_all` of their cells.
        cells: Placed cells around them.
        borders: Rows of `border_all` of these.
        sources: Addresses behind a cell in a unit.
    """
    accused = list(suspects)
    known = sorted(set(cells))
    if not known:
        return []
    around = masts(known, borders)
    seen: dict[str, list[Row]] = defaultdict(list)
    units = {(key, source): unit for (key, unit), held in sources.items() for source in held}
    for row in steps:
        unit = units.get((CellKey.of(row), row["source"]))
        if unit is not None:
            seen[unit].append(row)
    places = {unit: places_of(rows, around) for unit, rows in seen.items()}
    positions = []
    for suspect in accused:
        spell = suspect.spell
        for at, place in places.get(spell.unit, {}).items():
            if place.is_told and at + BIN > spell.from_at and at <= spell.to_at:
                positions.append(
                    Position(
                        key=spell.key,
                        unit=spell.unit,
                        spell_from=spell.from_at,
                        at=at,
                        lat=place.lat,
                        lon=place.lon,
                        radius_m=place.radius_m,
                    )
                )
    return sorted(positions, key=lambda each: (each.key, each.spell_from, each.at, each.unit))


def places_of(steps: list[Row], around: Masts) -> dict[datetime, Place]:
    """Return where one unit was in each ten minutes in which it had visitors with placed neighbours."""
    held = set(around.cells)
    told = (row for row in steps if _near(row) in held)
    ordered = sorted(told, key=lambda row: (row["at"], row["imsi"], row["near_cell"], row["lat"], row["lon"]))
    runs: list[list[Row]] = []
    for row in ordered:
        if not runs or row["at"] - runs[-1][-1]["at"] > PAUSE or row["at"] - runs[-1][0]["at"] > LONGEST:
            runs.append([])
        runs[-1].append(row)
    return {at: place for run in runs for at, place in _run(run, around).items()}


def _run(steps: list[Row], around: Masts) -> dict[datetime, Place]:
    """Place one run of visitors."""
    began = _floor(steps[0]["at"])
    x, y, cell_of = _spots(steps, around)
    likelihood = np.zeros((int((steps[-1]["at"] - began) / STEP) + 1, len(x)))
    visitors: dict[datetime, set[int]] = defaultdict(set)
    presence = np.zeros(len(likelihood) + 2)
    for row in steps:
        number = int((row["at"] - began) / STEP)
        visitors[_floor(row["at"])].add(row["imsi"])
        presence[number : number + 3] = np.maximum(presence[number : number + 3], (BESIDE.value, 1.0, BESIDE.value))
        likelihood[number] += WITNESS.value * cell_of[_near(row)]
    chance = _smoothed(np.exp(likelihood - likelihood.max(axis=1, keepdims=True)))
    presence, each = presence[1:-1], int(BIN / STEP)
    places = {}
    for at, here in sorted(visitors.items()):
        first = int((at - began) / STEP)
        span = slice(first, first + each)
        where = np.average(chance[span], axis=0, weights=presence[span])
        middle_x, middle_y = float((where * x).sum()), float((where * y).sum())
        spread = math.sqrt(float((where * ((x - middle_x) ** 2 + (y - middle_y) ** 2)).sum()))
        lat, lon = around.plane.degrees(middle_x, middle_y)
        # Rounded to a metre: what lies behind differs with the order in which a machine adds.
        places[at] = Place(round(lat, 5), round(lon, 5), max(LEAST_RADIUS_M.value, round(2 * spread)), len(here))
    return {
        at: replace(place, visitors=len({imsi for other in _beside(at, places) for imsi in visitors[other]}))
        for at, place in places.items()
    }


def _beside(at: datetime, places: dict[datetime, Place]) -> Iterator[datetime]:
    """Yield ten minutes and those before and after if the unit stood in the same place: who came by elsewhere tells nothing of here."""
    here = places[at]
    for other in (at - BIN, at, at + BIN):
        there = places.get(other)
        if there is not None and _apart_m((here.lat, here.lon), (there.lat, there.lon)) <= LEAST_RADIUS_M.value:
            yield other


def _spots(steps: list[Row], around: Masts) -> tuple[Reals, Reals, dict[Near, Reals]]:
    """Return a grid around the masts seen, and for each of their cells the log of its share at each spot."""
    seen = sorted({_near(row) for row in steps})
    number = {near: at for at, near in enumerate(around.cells)}
    known = [number[near] for near in seen]
    mast_x, mast_y = around.x[known], around.y[known]
    # A stray neighbour across the province must not stretch the grid: what lies far from the middle is left out.
    middle_x, middle_y = float(np.median(mast_x)), float(np.median(mast_y))
    near = np.hypot(mast_x - middle_x, mast_y - middle_y) <= max(
        3 * AROUND_M, 3 * float(np.median(np.hypot(mast_x - middle_x, mast_y - middle_y)))
    )
    west, east = float(mast_x[near].min()) - MARGIN_M, float(mast_x[near].max()) + MARGIN_M
    south, north = float(mast_y[near].min()) - MARGIN_M, float(mast_y[near].max()) + MARGIN_M
    apart = max(GRID_M, math.sqrt((east - west) * (north - south) / MOST_SPOTS))
    grid_x, grid_y = np.meshgrid(np.arange(west, east + apart, apart), np.arange(south, north + apart, apart))
    x, y = grid_x.ravel(), grid_y.ravel()
    shares = around.within(west - AROUND_M, east + AROUND_M, south - AROUND_M, north + AROUND_M).log_shares(x, y)
    return x, y, {near: shares[near] if near in shares else np.zeros(len(x)) for near in seen}


def _smoothed(likelihood: Reals) -> Reals:
    """Return the chance of each spot at each step, given the whole run (forward and backward)."""
    spots = likelihood.shape[1]

    def carried(steps: Reals) -> Reals:
        carried = np.empty_like(steps)
        carried[0] = 1 / spots
        for number in range(1, len(steps)):
            before = carried[number - 1] * steps[number - 1]
            carried[number] = STAY.value * before / before.sum() + (1 - STAY.value) / spots
        return carried

    chance = likelihood * carried(likelihood) * carried(likelihood[::-1])[::-1]
    return np.asarray(chance / chance.sum(axis=1, keepdims=True))


def _near(row: Row) -> Near:
    return row["near_cell"], row["lat"], row["lon"]


def _floor(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % 10, second=0, microsecond=0)


def middle(positions: list[Position]) -> tuple[float, float, float] | None:
    """Return latitude, longitude and the radius that holds every position; None without any: cannot tell."""
    if not positions:
        return None
    lat, lon = median(each.lat for each in positions), median(each.lon for each in positions)
    return lat, lon, max(_apart_m((lat, lon), (each.lat, each.lon)) + each.radius_m for each in positions)


def _apart_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    (south, north), (west, east) = (sorted(pair) for pair in zip(one, other, strict=True))
    return distance_m(south, west, north, east)
