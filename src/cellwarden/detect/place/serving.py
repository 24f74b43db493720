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
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from cellwarden.detect.detector import Threshold
from cellwarden.detect.place.mislaid import Believed, Near, Spot, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cellwarden.detect.detector import Row

Reals = npt.NDArray[np.float64]

_DEGREE_M = 111_320.0
"""Metres in a degree of latitude (WGS84, rounded)."""
_DECADE_DB = 37.6
_AT_ONCE = 2000
"""Spots: a province's cells times a city's spots fit no memory."""
_NEAREST_M = 35.0
"""The model does not hold any nearer."""
_BEAM_DEG, _BACK_DB = 65.0, 20.0
_HALF_POWER = 2 * math.sqrt(2 * math.log(2))
"""Half-power width of a Gaussian beam, in standard deviations."""
_TURNS = 24
"""Turns of a mast that are tried."""
STRAY = Threshold(
    0.03, "share of neighbours", "a cell seen although the model gives it no part here: late rows, far masts on hills"
)
SHARPNESS = Threshold(
    0.25,
    "a dB",
    "strengths that differ by log-normal shadowing of 8 to 10 dB, half of it common to all masts, are drawn like a logit of this slope",
)
SECTORS = Threshold(4, "cells at one place", "more are layers of one mast")
LAYERED = Threshold(3, "sectors of a mast with more cells", "bands share the three sectors of nearly every macro mast")


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
    beam: Reals
    """Degrees between the half-power points, wider where it is less known which way it looks."""
    plane: Plane

    def within(self, west: float, east: float, south: float, north: float) -> Masts:
        """Return the cells of a box, in metres."""
        inside = np.flatnonzero((self.x >= west) & (self.x <= east) & (self.y >= south) & (self.y <= north))
        cells = [self.cells[at] for at in inside]
        return Masts(cells, self.x[inside], self.y[inside], self.azimuth[inside], self.beam[inside], self.plane)

    def log_shares(self, x: Reals, y: Reals) -> dict[Near, Reals]:
        """Return for each cell the log of its share at each spot."""
        parts = [self._log_share(x[at : at + _AT_ONCE], y[at : at + _AT_ONCE]) for at in range(0, len(x), _AT_ONCE)]
        return dict(zip(self.cells, np.concatenate(parts).T, strict=True))

    def _log_share(self, x: Reals, y: Reals) -> Reals:
        """Return one row a spot, one column a cell."""
        east, north = x[:, None] - self.x[None, :], y[:, None] - self.y[None, :]
        strength = -_DECADE_DB * np.log10(np.maximum(np.hypot(east, north), _NEAREST_M))
        off = np.degrees(np.angle(np.exp(1j * (np.arctan2(north, east) - self.azimuth[None, :]))))
        strength -= np.where(np.isnan(off), 0.0, np.minimum(12 * (off / self.beam[None, :]) ** 2, _BACK_DB))
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
    rows = list(borders)
    stands = standing(cells, rows)
    ordered = sorted(stands)
    believed = Believed(stands)
    lost = {near[1:] for near in cells} - {near[1:] for near in stands}
    pull: dict[Near, complex] = defaultdict(complex)
    weights: dict[Near, list[float]] = defaultdict(list)
    for row in rows:
        near, there = (row["cell"], row["lat"], row["lon"]), (row["other_lat"], row["other_lon"])
        if near not in stands or there in lost:
            continue
        here, there = stands[near], believed(there)
        away = complex((there[1] - here[1]) * math.cos(math.radians(here[0])), there[0] - here[0])
        if not away:
            continue
        # Phones also cross far, on the road or where rows are few, but a border is with those who stand near; and the same few cross daily.
        weight = math.sqrt(row["crossings"]) / abs(away)
        pull[near] += weight * away / abs(away)
        weights[near].append(weight)
    lat, lon = np.array([stands[near][0] for near in ordered]), np.array([stands[near][1] for near in ordered])
    plane = Plane(float(np.median(lat)), float(np.median(lon)))
    x, y = plane.metres(lat, lon)
    looks = _looks(stands, pull, weights)
    azimuth, error = (np.array([looks.get(near, (math.nan, 0.0))[at] for near in ordered]) for at in (0, 1))
    return Masts(ordered, x, y, azimuth, np.hypot(_BEAM_DEG, _HALF_POWER * error), plane)


def _looks(
    stands: Mapping[Near, Spot], pull: Mapping[Near, complex], weights: Mapping[Near, list[float]]
) -> dict[Near, tuple[float, float]]:
    """Return where each cell looks and the standard error of that in degrees; none for one that stands alone or is pulled nowhere."""
    masts: dict[Spot, list[Near]] = defaultdict(list)
    for near, spot in stands.items():
        masts[spot].append(near)
    looks: dict[Near, tuple[float, float]] = {}
    for together in masts.values():
        count = len(together)
        sectors = count if count <= SECTORS.value else LAYERED.value
        if count < 2 or count % sectors or not any(abs(pull.get(near, 0)) for near in together):
            continue
        pulls = [pull.get(near, 0) for near in together]
        # Two cells are back to back, or two of three: one that the registry lacks or that nobody used.
        ways = (2, int(LAYERED.value)) if count == 2 else (int(sectors),)
        sectors, (first, slots, fit) = max(((way, _turned(pulls, way)) for way in ways), key=lambda one: (one[1][2], -one[0]))
        each = [weight for near in together for weight in weights.get(near, ())]
        error = _error_deg(fit / sum(each), sum(each) ** 2 / sum(weight**2 for weight in each))
        for near, slot in zip(together, slots, strict=True):
            looks[near] = first + 2 * math.pi / sectors * slot, error
    return looks


def _turned(pulls: list[complex], sectors: int) -> tuple[float, list[int], float]:
    """Return where the first of evenly spread sectors looks, which one each cell is, and how much pull that takes up.

    Layers of a mast share its sectors evenly. Which cell is which, and how the mast is turned, is what their borders fit best.
    """
    turn, layers = 2 * math.pi / sectors, math.ceil(len(pulls) / sectors)
    looks = turn * np.repeat(np.arange(sectors), layers)
    best: tuple[float, list[int]] = (-1.0, [])
    for first in np.linspace(0.0, turn, _TURNS, endpoint=False):
        gain = np.real(np.array(pulls)[:, None] * np.exp(-1j * (first + looks))[None, :])
        taken = linear_sum_assignment(gain, maximize=True)[1]
        slots = [int(place) // layers for place in taken]
        fit = abs(sum(one * cmath.exp(-1j * turn * slot) for one, slot in zip(pulls, slots, strict=True)))
        best = max(best, (fit, slots))
    whole = sum(one * cmath.exp(-1j * turn * slot) for one, slot in zip(pulls, best[1], strict=True))
    return cmath.phase(whole), best[1], abs(whole)


def _error_deg(length: float, borders: float) -> float:
    """Return the standard error of a mean direction from its resultant length and the number of directions.

    References: N. I. Fisher, Statistical Analysis of Circular Data (1993), 2.3.1 and 4.4.4: circular dispersion and standard error, here
    of a wrapped normal distribution, whose second moment is the fourth power of the first.
    """
    return math.degrees(math.sqrt(max(0.0, 1 - length**4) / (2 * borders * length**2)))
