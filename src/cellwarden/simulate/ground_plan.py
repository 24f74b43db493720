"""Where a real municipality's people live and work: its districts as squares of a hundred metres, each with its counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from cellwarden.simulate.randomness import Reals, Whole

SQUARE_M = 100.0
"""Side of the squares into which districts are cut."""


@dataclass(frozen=True, slots=True)
class District:
    """One administrative district (dong, eup or myeon), 2020."""

    code: int
    name: str
    rings: tuple[Reals, ...]
    """Outlines and holes, (corner, axis) in metres east and north of a point that all districts share."""
    people: int
    companies: int
    apartments: int
    """Dwellings in apartment buildings."""


@dataclass(frozen=True, slots=True)
class GroundPlan:
    """A municipality on a square map."""

    name: str
    attribution: str
    lat: float
    """Degrees of the middle of the map."""
    lon: float
    side_m: float
    names: tuple[str, ...]
    """Of the districts."""
    squares: Whole
    """(row, column) from the south-west corner: which district the square belongs to, -1 outside."""
    nearest: Whole
    """The same, outside the one that is nearest."""
    people: Reals
    companies: Reals
    apartments: Reals
    """By district."""

    def district(self, x: Reals, y: Reals) -> Whole:
        """Return the district of each place, from 0; outside the municipality the nearest one."""
        last = len(self.nearest) - 1
        column, row = (np.clip(axis / SQUARE_M, 0, last).astype(np.int64) for axis in (x, y))
        return np.asarray(self.nearest[row, column])

    def places(self, rng: Generator, weights: Reals, count: int) -> tuple[Reals, Reals]:
        """Draw places: a district by weight, then any spot in it."""
        rows, columns = np.nonzero(self.squares >= 0)
        of = self.squares[rows, columns]
        share = weights[of] / np.bincount(of, minlength=len(weights))[of]
        chosen = rng.choice(len(rows), count, p=share / share.sum())
        x, y = ((axis[chosen] + rng.random(count)) * SQUARE_M for axis in (columns, rows))
        return np.asarray(x), np.asarray(y)


def lay_out(name: str, districts: Sequence[District], *, middle: tuple[float, float], attribution: str) -> GroundPlan:
    """Cut the districts into squares; `middle` is latitude and longitude of the point from which their rings are measured."""
    corners = np.concatenate([ring for district in districts for ring in district.rings])
    low, high = corners.min(axis=0), corners.max(axis=0)
    steps = int(np.ceil((high - low).max() / SQUARE_M)) + 2
    origin = (low + high) / 2 - steps * SQUARE_M / 2
    squares: Whole = np.full((steps, steps), -1, dtype=np.int64)
    for number, district in enumerate(districts):
        squares[_inside([ring - origin for ring in district.rings], steps)] = number
    inside = np.argwhere(squares >= 0)
    everywhere = np.indices((steps, steps)).reshape(2, -1).T
    nearest = squares[tuple(inside[cKDTree(inside).query(everywhere)[1]].T)].reshape(steps, steps)
    centre = origin + steps * SQUARE_M / 2
    return GroundPlan(
        name=name,
        attribution=attribution,
        lat=middle[0] + float(centre[1]) / METRES_A_DEGREE,
        lon=middle[1] + float(centre[0]) / (METRES_A_DEGREE * float(np.cos(np.radians(middle[0])))),
        side_m=steps * SQUARE_M,
        names=tuple(district.name for district in districts),
        squares=squares,
        nearest=np.asarray(nearest),
        people=np.array([district.people for district in districts], dtype=float),
        companies=np.array([district.companies for district in districts], dtype=float),
        apartments=np.array([district.apartments for district in districts], dtype=float),
    )


METRES_A_DEGREE = 111_320.0


def _inside(rings: list[Reals], steps: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which squares have their middle inside: an odd number of edges lie to its east, holes and islands included."""
    within = np.zeros((steps, steps), dtype=np.bool_)
    middle = (np.arange(steps) + 0.5) * SQUARE_M
    start = np.concatenate([ring[:-1] for ring in rings])
    end = np.concatenate([ring[1:] for ring in rings])
    for row, y in enumerate(middle):
        crossing = (start[:, 1] <= y) != (end[:, 1] <= y)
        one, other = start[crossing], end[crossing]
        x = np.sort(one[:, 0] + (y - one[:, 1]) / (other[:, 1] - one[:, 1]) * (other[:, 0] - one[:, 0]))
        within[row] = (len(x) - np.searchsorted(x, middle, side="right")) % 2 == 1
    return within
