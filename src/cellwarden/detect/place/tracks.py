"""Where an accused cell was every ten minutes, from the sightings of its visitors' neighbours; honest about "cannot tell"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from cellwarden.detect.detector import CellKey, Row, Threshold
from cellwarden.detect.place.moving_cell import distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cellwarden.detect.fusion import Suspect

MIN_VISITORS = Threshold(3, "visitors in 10 minutes", "one visitor's neighbour may be a mast beyond the river")
LEAST_RADIUS_M = Threshold(250.0, "m", "half the distance between masts of a town: no neighbour tells more")
_DEGREE_M = 111_320.0


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


def tracks(suspects: Iterable[Suspect], sightings: list[Row], sources: dict[tuple[CellKey, str], set[str]]) -> list[Position]:
    """Return the positions of each suspect's spell, in order of time.

    Args:
        suspects: Whose.
        sightings: Rows of `sighting_all` of their cells.
        sources: Addresses behind a cell in a unit.
    """
    positions = []
    for suspect in suspects:
        spell = suspect.spell
        for row in sightings:
            at = row["hour_at"] + timedelta(minutes=10 * row["tenth"])
            is_ours = CellKey.of(row) == spell.key and row["source"] in sources.get((spell.key, spell.unit), ())
            if is_ours and row["visitors"] >= MIN_VISITORS.value and spell.from_at - timedelta(minutes=10) < at <= spell.to_at:
                positions.append(
                    Position(
                        key=spell.key,
                        unit=spell.unit,
                        spell_from=spell.from_at,
                        at=at,
                        lat=row["lat"],
                        lon=row["lon"],
                        radius_m=_radius_m(row),
                    )
                )
    return sorted(positions, key=lambda each: (each.key, each.spell_from, each.at, each.unit))


def middle(positions: list[Position]) -> tuple[float, float, float] | None:
    """Return latitude, longitude and the radius that holds every position; None without any: cannot tell."""
    if not positions:
        return None
    lat, lon = median(each.lat for each in positions), median(each.lon for each in positions)
    reach = max(
        distance_m(min(lat, each.lat), min(lon, each.lon), max(lat, each.lat), max(lon, each.lon)) + each.radius_m
        for each in positions
    )
    return lat, lon, reach


def _radius_m(row: Row) -> float:
    north = row["lat_spread"] * _DEGREE_M
    east = row["lon_spread"] * _DEGREE_M * math.cos(math.radians(row["lat"]))
    return max(LEAST_RADIUS_M.value, 2 * math.hypot(north, east) / math.sqrt(row["visitors"]))
