"""The ground: macro sites with three sectors each, tracking areas, districts, and who serves which place."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from cellwarden.simulate.randomness import Reals, Whole, stream

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.ground_plan import GroundPlan

CENTRE_LAT, CENTRE_LON = 37.5, 126.9
"""Degrees; the place is real, everything on it is invented."""
_METRES_A_DEGREE = 111_320.0
SPACING_M = 600.0
"""Between macro sites: about three sectors for every 40 subscribers of the default city (assumption)."""
SECTORS = (11, 12, 13)
"""Cell part of the macro ECI, by sector."""
AREAS = 6
DISTRICTS = 9


@dataclass(frozen=True, slots=True)
class CityMap:
    """A square of `side_m` metres; x grows east and y north from its south-west corner."""

    side_m: float
    site_x: Reals
    site_y: Reals
    azimuth: Reals
    """Radians: where the first sector of each site begins."""
    enb: Whole
    """20-bit eNB identity of each site."""
    tree: cKDTree
    area_columns: int = 0
    """Tracking areas a side of a square grid; 0: the demo city's three columns in two rows."""
    ground: GroundPlan | None = None
    """The real municipality under it; None: nine made-up districts."""

    @property
    def sectors(self) -> int:
        """How many macro cells; station numbers 0 to `sectors` - 1 are theirs, three a site."""
        return len(self.site_x) * len(SECTORS)

    def cell_numbers(self) -> Whole:
        """Return the ECI of every sector: eNB identity in 20 bits, cell in 8 (TS 36.413, 9.2.1.38)."""
        return np.asarray((np.repeat(self.enb, 3) << 8) | np.tile(np.array(SECTORS, dtype=np.int64), len(self.enb)))

    def latitude(self, y: Reals) -> Reals:
        """Return degrees north."""
        centre = CENTRE_LAT if self.ground is None else self.ground.lat
        return np.asarray(centre + (y - self.side_m / 2) / _METRES_A_DEGREE)

    def longitude(self, x: Reals) -> Reals:
        """Return degrees east."""
        lat, lon = (CENTRE_LAT, CENTRE_LON) if self.ground is None else (self.ground.lat, self.ground.lon)
        return np.asarray(lon + (x - self.side_m / 2) / (_METRES_A_DEGREE * cos(radians(lat))))

    def area(self, x: Reals, y: Reals) -> Whole:
        """Return the tracking area, from 0."""
        if self.area_columns:
            cut, most = self.area_columns / self.side_m, self.area_columns - 1
            east, north = (np.clip(axis * cut, 0, most).astype(np.int64) for axis in (x, y))
            return np.asarray(north * self.area_columns + east)
        column = np.clip(x / self.side_m * 3, 0, 2.999).astype(np.int64)
        row = np.clip(y / self.side_m * 2, 0, 1.999).astype(np.int64)
        return np.asarray(row * 3 + column)

    def district(self, x: Reals, y: Reals) -> Whole:
        """Return the district, from 0; made-up ones are three columns in three rows."""
        if self.ground is not None:
            return self.ground.district(x, y)
        column = np.clip(x / self.side_m * 3, 0, 2.999).astype(np.int64)
        row = np.clip(y / self.side_m * 3, 0, 2.999).astype(np.int64)
        return np.asarray(row * 3 + column)

    @property
    def district_names(self) -> tuple[str, ...]:
        """Names of the districts, by their numbers."""
        return tuple(f"Example-gu {number}" for number in range(1, DISTRICTS + 1)) if self.ground is None else self.ground.names

    def serving(self, x: Reals, y: Reals, rng: Generator) -> Whole:
        """Return the macro sector that serves each place: mostly the nearest, now and then one further off.

        Shadowing is a displacement of 70 m (260 m for one draw in eight, assumption).
        """
        scale = np.where(rng.random(len(x)) < 0.12, 260.0, 70.0)
        near_x, near_y = x + rng.normal(size=len(x)) * scale, y + rng.normal(size=len(x)) * scale
        _, site = self.tree.query(np.column_stack((near_x, near_y)))
        angle = np.arctan2(near_y - self.site_y[site], near_x - self.site_x[site]) - self.azimuth[site]
        sector = np.floor(np.mod(angle, 2 * pi) / (2 * pi / 3)).astype(np.int64).clip(0, 2)
        return np.asarray(site.astype(np.int64) * 3 + sector)

    def heard(self, x: float, y: float, rng: Generator) -> list[int]:
        """Return the three to six macro sectors that a small cell standing there would hear."""
        sectors = self.serving(np.full(12, x), np.full(12, y), rng)
        first = list(dict.fromkeys(int(sector) for sector in sectors))
        return first[: int(rng.integers(3, 7))]


def build_map(
    seed: int, subscribers: int, *, spacing_m: float = SPACING_M, area_columns: int = 0, ground: GroundPlan | None = None
) -> CityMap:
    """Lay out a city whose surface grows with its people: 8 km wide for 20,000, never under 4 km; or as wide as its ground."""
    rng = stream(seed, "map")
    side = ground.side_m if ground else max(4_000.0, 8_000.0 * (subscribers / 20_000) ** 0.5)
    steps = round(side / spacing_m)
    grid = (np.arange(steps) + 0.5) * side / steps
    site_x, site_y = (axis.ravel() + rng.uniform(-0.28, 0.28, steps * steps) * side / steps for axis in np.meshgrid(grid, grid))
    last = max(78_200, 76_800 + 4 * steps * steps)
    enb = np.sort(rng.choice(np.arange(76_800, last, dtype=np.int64), steps * steps, replace=False))
    azimuth = rng.uniform(0, 2 * pi / 3, steps * steps)
    return CityMap(side, site_x, site_y, azimuth, enb, cKDTree(np.column_stack((site_x, site_y))), area_columns, ground)
