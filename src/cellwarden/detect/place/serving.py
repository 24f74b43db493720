"""Which placed cell serves a spot: the likelihood by which a handful of visitors' neighbours tells where they were.

The registry places masts and does not say which way their antennas look; phones that cross from one cell to the next do. The share of a
cell at a spot is a multinomial logit in its strength there: path loss and antenna pattern of the standard's macro model.

References: 3GPP TR 36.942, 4.5.2 (path loss of 37.6 dB a decade; shadowing), 4.2.1 (pattern of a sector antenna).
"""

from __future__ import annotations

import cmath
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cellwarden.detect.detector import Threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cellwarden.detect.detector import Row

Reals = npt.NDArray[np.float64]
Near = tuple[int, float, float]
"""A placed cell: number, latitude, longitude."""

_DEGREE_M = 111_320.0
"""Metres in a degree of latitude (WGS84, rounded)."""
_DECADE_DB = 37.6
_AT_ONCE = 2000
"""Spots: a province's cells times a city's spots fit no memory."""
_NEAREST_M = 35.0
"""The model does not hold any nearer."""
_BEAM_DEG, _BACK_DB = 65.0, 20.0
STRAY = Threshold(
    0.03, "share of neighbours", "a cell seen although the model gives it no part here: late rows, far masts on hills"
)
SHARPNESS = Threshold(
    0.25,
    "a dB",
    "strengths that differ by log-normal shadowing of 8 to 10 dB, half of it common to all masts, are drawn like a logit of this slope",
)
SECTORS = Threshold(4, "cells at one place", "more are layers of one mast, whose looks cannot be told apart")


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of a place; good to a percent within a city."""

    lat: float
    lon: float

    def metres(self, lat: Reals, lon: Reals) -> tuple[Reals, Reals]:
        """Return x and y of places in degrees."""
        return (lon - self.lon) * _DEGREE_M * math.cos(math.radians(self.lat)), (lat - self.lat) * _DEGREE_M

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return latitude and longitude."""
        return self.lat + y / _DEGREE_M, self.lon + x / _DEGREE_M / math.cos(math.radians(self.lat))


@dataclass(frozen=True, slots=True)
class Masts:
    """The placed cells around, and where each looks."""

    cells: list[Near]
    x: Reals
    y: Reals
    azimuth: Reals
    """Radians from east, counter-clockwise; NaN: all around."""
    plane: Plane

    def within(self, west: float, east: float, south: float, north: float) -> Masts:
        """Return the cells of a box, in metres."""
        inside = np.flatnonzero((self.x >= west) & (self.x <= east) & (self.y >= south) & (self.y <= north))
        return Masts([self.cells[at] for at in inside], self.x[inside], self.y[inside], self.azimuth[inside], self.plane)

    def log_shares(self, x: Reals, y: Reals) -> dict[Near, Reals]:
        """Return for each cell the log of its share at each spot."""
        parts = [self._log_share(x[at : at + _AT_ONCE], y[at : at + _AT_ONCE]) for at in range(0, len(x), _AT_ONCE)]
        return dict(zip(self.cells, np.concatenate(parts).T, strict=True))

    def _log_share(self, x: Reals, y: Reals) -> Reals:
        """Return one row a spot, one column a cell."""
        east, north = x[:, None] - self.x[None, :], y[:, None] - self.y[None, :]
        strength = -_DECADE_DB * np.log10(np.maximum(np.hypot(east, north), _NEAREST_M))
        off = np.degrees(np.angle(np.exp(1j * (np.arctan2(north, east) - self.azimuth[None, :]))))
        strength -= np.where(np.isnan(off), 0.0, np.minimum(12 * (off / _BEAM_DEG) ** 2, _BACK_DB))
        strength *= SHARPNESS.value
        strength -= strength.max(axis=1, keepdims=True)
        share = np.exp(strength)
        share /= share.sum(axis=1, keepdims=True)
        return np.asarray(np.log((1 - STRAY.value) * share + STRAY.value / len(self.cells)))


def masts(cells: Iterable[Near], borders: Iterable[Row]) -> Masts:
    """Gather placed cells; at least one.

    Args:
        cells: In any order; each once.
        borders: Rows of `border_all`; of other cells they are ignored.
    """
    ordered = sorted(cells)
    pull: dict[Near, complex] = defaultdict(complex)
    for row in borders:
        east = (row["other_lon"] - row["lon"]) * math.cos(math.radians(row["lat"]))
        away = complex(east, row["other_lat"] - row["lat"])
        # Phones also cross far: on the road, or where rows are few. A border is with those who stand near.
        pull[row["cell"], row["lat"], row["lon"]] += row["crossings"] * away / abs(away) ** 3
    lat, lon = np.array([near[1] for near in ordered]), np.array([near[2] for near in ordered])
    plane = Plane(float(np.median(lat)), float(np.median(lon)))
    x, y = plane.metres(lat, lon)
    return Masts(ordered, x, y, np.array(_looks(ordered, pull)), plane)


def _looks(cells: list[Near], pull: Mapping[Near, complex]) -> list[float]:
    """Return where each cell looks; NaN for one that stands alone, or among more than the sectors of one mast."""
    standing: dict[tuple[float, float], list[Near]] = defaultdict(list)
    for near in cells:
        standing[near[1:]].append(near)
    looks: dict[Near, float] = {}
    for together in standing.values():
        if not 2 <= len(together) <= SECTORS.value or not any(abs(pull.get(near, 0)) for near in together):
            continue
        turn = 2 * math.pi / len(together)
        # Sectors share the circle evenly; which is which, and how the mast is turned, is what their borders fit best.
        fits = [
            (sum(pull.get(near, 0) * cmath.exp(-1j * turn * slot) for near, slot in zip(together, slots, strict=True)), slots)
            for slots in permutations(range(len(together)))
        ]
        best, slots = max(fits, key=lambda fit: (abs(fit[0]), fit[1]))
        for near, slot in zip(together, slots, strict=True):
            looks[near] = cmath.phase(best) + turn * slot
    return [looks.get(near, math.nan) for near in cells]
