"""Place: how far from where a unit really was it was said to be, and for what share of the time anything was said."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.evaluate.judging import Judged, named_at
from cellwarden.evaluate.proportions import share

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.evaluate.found import Found
    from cellwarden.evaluate.truth import Row, Truth

EARTH_M = 6_371_008.8
"""Mean radius of the Earth, metres (IUGG)."""


def place_scores(truth: Truth, found: Found, lines: list[Judged]) -> dict[str, Any]:
    """Return the error in metres, its median and 95 % quantile, the share told, and the share inside the stated radius.

    A position told for ten minutes is compared with the middle of all places at which the unit is known to have been in them.
    `told_share` is over the ten minutes in which a unit that was found is known to have been somewhere.
    """
    was = _spans(truth.tracks)
    units = _units(lines)
    errors, inside, spans, elsewhere = [], [], set(), 0
    for row in found.tracks:
        near = [
            (unit, _middle(was[unit, row["at"]]))
            for unit in units.get((row["unit"], row["cell"]), ())
            if (unit, row["at"]) in was
        ]
        if not near:
            elsewhere += 1
            continue
        unit, error = min(((unit, distance_m(spot, (row["lat"], row["lon"]))) for unit, spot in near), key=lambda one: one[1])
        errors.append(error)
        spans.add((unit, row["at"]))
        if row["radius_m"] is not None:
            inside.append(error <= row["radius_m"])
    seen = {line.unit for line in named_at(lines, "suspect") if line.unit}
    due = {each for each in was if each[0] in seen}
    return {
        "positions": len(errors),
        "positions_without_truth": elsewhere,
        "median_m": float(np.median(errors)) if errors else None,
        "p95_m": float(np.quantile(errors, 0.95)) if errors else None,
        "inside_radius_share": share(sum(inside), len(inside)),
        "told_share": share(len(spans & due), len(due)),
    }


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two (latitude, longitude) in degrees, in metres.

    References: R. W. Sinnott, Sky and Telescope 68 (1984) 159 (the haversine form, exact for small distances).
    """
    (lat, lon), (lat2, lon2) = np.radians(one), np.radians(other)
    half = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    return float(2 * EARTH_M * np.arcsin(np.sqrt(half)))


def _units(lines: list[Judged]) -> dict[tuple[str, int], set[str]]:
    """Return which true units lie behind a (label, cell) of the result: `tracks` names a cell by its number alone."""
    units = defaultdict(set)
    for line in named_at(lines, "suspect"):
        if line.unit:
            units[line.row["unit"], line.row["cell"]].add(line.unit)
    return units


def _spans(tracks: list[Row]) -> dict[tuple[str, datetime], list[Row]]:
    """Return where each unit is known to have been in every ten minutes, named by their beginning."""
    spans = defaultdict(list)
    for row in tracks:
        begins = row["at"] - timedelta(
            minutes=row["at"].minute % 10, seconds=row["at"].second, microseconds=row["at"].microsecond
        )
        spans[str(row["unit"]), begins].append(row)
    return spans


def _middle(known: list[Row]) -> tuple[float, float]:
    return sum(row["lat"] for row in known) / len(known), sum(row["lon"] for row in known) / len(known)
