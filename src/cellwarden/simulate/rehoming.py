"""Cells that a works order moves to another gateway and tracking area, some with a new box of another vendor (B5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.randomness import DAY_S, HOUR_S

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.fleet import SmallCell
    from cellwarden.simulate.map import CityMap

_EXCHANGED = 0.4
"""Share that get a new box, brought by a technician; the others are moved from afar at night (assumption)."""
_AFTERWARDS = 0.3
"""Share whose order is closed in the registry only after the works (assumption)."""
_VENDOR, _SOFTWARE = "OtherExampleVendor", "7.0.3"


@dataclass(frozen=True, slots=True)
class Rehoming:
    """What a small cell is from `at` on, in seconds since the first local midnight; its id, place and household stay."""

    at: float
    recorded_at: float
    gateway: str
    area: int
    """Number of the area whose tracking area it is given."""
    serial: str
    vendor: str
    software: str


def rehoming_of(cell: SmallCell, rng: Generator, city: CityMap, days: int) -> Rehoming:
    """Draw the works on one cell, in the middle third of the window, where there is a time before and a time after."""
    is_exchanged = rng.random() < _EXCHANGED
    day = float(rng.integers(max(1, days // 3), max(2, 2 * days // 3)))
    at = day * DAY_S + float(rng.uniform(10, 17) if is_exchanged else rng.uniform(1.5, 4.5)) * HOUR_S
    is_late = rng.random() < _AFTERWARDS
    here = int(city.area(np.array([cell.x]), np.array([cell.y]))[0])
    return Rehoming(
        at=at,
        recorded_at=at + float(rng.uniform(0.2, 6) if is_late else rng.uniform(-40, -2)) * HOUR_S,
        gateway="segw-1" if cell.gateway == "segw-2" else "segw-2",
        area=(here + 1) % city.area_columns**2,
        serial=f"FX-{rng.integers(100_000, 1_000_000)}" if is_exchanged else cell.serial,
        vendor=_VENDOR if is_exchanged else cell.vendor,
        software=_SOFTWARE if is_exchanged else cell.software,
    )
