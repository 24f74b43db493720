"""Masts that the registry has at a wrong place, as their phones tell: wherever a mast stands, they cross to the masts next door.

A sector that stands apart from the others of its eNB is put to them if it crosses rather to those around them. A mast whose phones
hardly cross to those around it is left out: no place is better than a wrong one.

References: 3GPP TS 36.300, 8.2 and TS 23.003, 19.6: the last eight bits of an E-UTRAN cell identity tell the cells of one eNB apart.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING

from scipy.spatial import cKDTree

from cellwarden.detect.detector import Threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cellwarden.detect.detector import Row

Spot = tuple[float, float]
"""Latitude and longitude, degrees."""
Near = tuple[int, float, float]
"""A placed cell: number, latitude, longitude."""
Crossings = dict[Near, dict[Spot, float]]
"""By cell: to which places its phones cross, and how much that counts."""

_CELL_BITS = 8
"""Of a cell's number, within its eNB. A gNB has other lengths; what the phones do has to agree anyway."""
_ROUND = 6
"""Masts around one, where masts stand evenly."""
AMONG = Threshold(
    0.5,
    "of the usual share",
    "of a mast's crossings that go to those next door; at a wrong place a fifth of it, at a town's edge two thirds",
)


def standing(cells: Iterable[Near], borders: Iterable[Row]) -> dict[Near, Spot]:
    """Return where each placed cell stands as far as can be believed; one that stands elsewhere, nobody knows where, is left out.

    Args:
        cells: Placed cells; at least one.
        borders: Rows of `border_all` of these.
    """
    stands = {near: near[1:] for near in sorted(cells)}
    crossings: Crossings = {near: {} for near in stands}
    for row in borders:
        near = (row["cell"], row["lat"], row["lon"])
        if near in crossings:
            # The same few cross daily.
            crossings[near][row["other_lat"], row["other_lon"]] = math.sqrt(row["crossings"])
    _gather(stands, crossings)
    lost = _lost(stands, crossings)
    return {near: spot for near, spot in stands.items() if spot not in lost}


class Believed:
    """Says of a place of the registry where that is, if all that stands there was put to one other place."""

    def __init__(self, stands: Mapping[Near, Spot]) -> None:
        self._to: dict[Spot, set[Spot]] = defaultdict(set)
        for near, spot in stands.items():
            self._to[near[1:]].add(spot)

    def __call__(self, place: Spot) -> Spot:
        """Return it; the same for a place that is not known, or where something stays."""
        to = self._to.get(place, ())
        return next(iter(to)) if len(to) == 1 else place


def _gather(stands: dict[Near, Spot], crossings: Crossings) -> None:
    """Put sectors to the others of their eNB where their phones say so."""
    together: dict[int, list[Near]] = defaultdict(list)
    for near in stands:
        together[near[0] >> _CELL_BITS].append(near)
    around = _Around({*stands.values(), *(spot for to in crossings.values() for spot in to)})
    for siblings in together.values():
        count = Counter(near[1:] for near in siblings)
        if len(count) < 2:
            continue
        believed = {spot: sum(around.share(spot, crossings[near]) for near in siblings) for spot in count}
        home = max(count, key=lambda spot: (count[spot], believed[spot], spot))
        for near in siblings:
            if around.share(home, crossings[near]) > around.share(near[1:], crossings[near]):
                stands[near] = home


def _lost(stands: Mapping[Near, Spot], crossings: Crossings) -> set[Spot]:
    """Return the places of masts whose phones cross to others than those next door."""
    believed = Believed(stands)
    to: dict[Spot, dict[Spot, float]] = defaultdict(lambda: defaultdict(float))
    for near, spot in stands.items():
        for place, weight in crossings[near].items():
            if believed(place) != spot:
                to[spot][believed(place)] += weight
    if not to:
        return set()
    around = _Around({*to, *(spot for others in to.values() for spot in others)})
    shares = {spot: around.share(spot, others) for spot, others in to.items()}
    return {spot for spot, share in shares.items() if share < AMONG.value * median(shares.values())}


class _Around:
    """Which masts stand next to one."""

    def __init__(self, spots: set[Spot]) -> None:
        self._spots = sorted(spots)
        self._east = math.cos(math.radians(median(lat for lat, _ in spots)))
        self._tree = cKDTree([self._flat(spot) for spot in self._spots])

    def share(self, spot: Spot, crossings: Mapping[Spot, float]) -> float:
        """Return the share of crossings that go to a mast or to those next to it."""
        if not crossings:
            return 0.0
        _, near = self._tree.query(self._flat(spot), k=range(1, min(_ROUND + 1, len(self._spots)) + 1))
        return sum(crossings.get(self._spots[at], 0.0) for at in near) / sum(crossings.values())

    def _flat(self, spot: Spot) -> Spot:
        """Return a place in degrees of latitude, both ways."""
        return spot[0], spot[1] * self._east
