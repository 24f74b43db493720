"""What the number, kind, tracking area and address of each station were at each time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cellwarden.records import vocabulary as v
from cellwarden.simulate.randomness import DAY_S, Reals, Whole
from cellwarden.simulate.sessions import MACRO_TAC, PLMN

if TYPE_CHECKING:
    from cellwarden.simulate.packed import Narrow
    from cellwarden.simulate.sessions import Session
    from cellwarden.simulate.signalling import World

_SPAN = 1e9
_EARLY = -_SPAN / 2
TYPE = {name: code for code, name in enumerate(v.CELL_TYPES)}


@dataclass(frozen=True, slots=True)
class Extra:
    """A station beside the map's sectors and the fleet: a temporary or renumbered cell, or an id in wrong hands."""

    number: int
    cell_type: str = "macro"
    tac: int = MACRO_TAC
    address: str = "10.20.9.9"
    plmn: str = PLMN


class Where(NamedTuple):
    """One entry a row."""

    tac: Whole
    cell_type: npt.NDArray[np.int8]
    plmn: npt.NDArray[np.int8]
    source: npt.NDArray[np.int32]


@dataclass(slots=True)
class Places:
    """Stations: macro sectors first, one spare, the fleet, then the extras."""

    number: Whole
    cell_type: npt.NDArray[np.int8]
    plmn: npt.NDArray[np.int8]
    tac: Whole
    """Of stations without tunnels."""
    tunnels: npt.NDArray[np.bool_]
    """Whether a station joins by tunnels."""
    key: Reals
    """Station and beginning of each tunnel, as one ascending number."""
    tunnel_tac: Whole
    address: Whole
    """Of stations, then of tunnels: index of `addresses`."""
    addresses: pa.Array
    """Each once: Parquet's writer leaves bytes open where a dictionary repeats itself."""
    plmns: pa.Array
    renamed: list[int] = field(default_factory=list)
    """Stations whose successors, with another number, come last."""

    @classmethod
    def of(cls, world: World, sessions: list[Session], extras: list[Extra]) -> Places:
        """Gather all stations."""
        city, sectors = world.city, world.city.sectors
        ordered = sorted(sessions, key=lambda session: (session.station, session.from_at))
        area = MACRO_TAC + city.area(city.site_x, city.site_y)
        first_extra = world.first_small + len(world.fleet)
        fleet = [cell.number for cell in world.fleet]
        number = np.concatenate((city.cell_numbers(), [0], fleet, [extra.number for extra in extras])).astype(np.int64)
        kinds = np.full(len(number), TYPE["macro"], dtype=np.int8)
        kinds[world.first_small : first_extra] = TYPE["home"]
        kinds[first_extra:] = [TYPE[extra.cell_type] for extra in extras]
        tac = np.full(len(number), MACRO_TAC, dtype=np.int64)
        tac[:sectors] = np.repeat(area, 3)
        tac[first_extra:] = [extra.tac for extra in extras]
        plmns = sorted({PLMN, *(extra.plmn for extra in extras)})
        plmn = np.full(len(number), plmns.index(PLMN), dtype=np.int8)
        plmn[first_extra:] = [plmns.index(extra.plmn) for extra in extras]
        tunnels = np.zeros(len(number), dtype=np.bool_)
        tunnels[np.unique([session.station for session in ordered]).astype(np.int64)] = True
        sites = [f"10.20.{site // 250}.{site % 250 + 2}" for site in range(len(area))]
        fixed = [site for site in sites for _ in range(3)] + ["10.20.9.9"] * (1 + len(fleet)) + [one.address for one in extras]
        known = fixed + [session.inner for session in ordered]
        index = {address: turn for turn, address in enumerate(dict.fromkeys(known))}
        return cls(
            number=number,
            cell_type=kinds,
            plmn=plmn,
            tac=tac,
            tunnels=tunnels,
            key=np.array([session.station * _SPAN + max(session.from_at, _EARLY / 2) for session in ordered]),
            tunnel_tac=np.array([session.tac for session in ordered], dtype=np.int64),
            address=np.array([index[one] for one in known], dtype=np.int64),
            addresses=pa.array(list(index)),
            plmns=pa.array(plmns),
        )

    def succeed(self, numbers: dict[int, int]) -> Whole:
        """Add successors of macro stations, the same but for their numbers; return each station's successor, or itself."""
        if not numbers:
            return np.empty(0, dtype=np.int64)
        known, old = len(self.number), np.fromiter(numbers.keys(), dtype=np.int64)
        self.renamed = [int(one) for one in old]
        self.number = np.append(self.number, np.fromiter(numbers.values(), dtype=np.int64))
        self.cell_type, self.plmn = (np.append(column, column[old]) for column in (self.cell_type, self.plmn))
        self.tac, self.tunnels = np.append(self.tac, self.tac[old]), np.append(self.tunnels, self.tunnels[old])
        self.address = np.concatenate((self.address[:known], self.address[old], self.address[known:]))
        successor = np.arange(known, dtype=np.int64)
        successor[old] = known + np.arange(len(old))
        return successor

    def tunnel_of(self, station: Whole, when: Reals) -> Whole:
        """Return the index of the tunnel that each station had at each time; its first one if none was up yet."""
        tunnel = np.searchsorted(self.key, station * _SPAN + when, side="right") - 1
        first = np.searchsorted(self.key, station * _SPAN + _EARLY, side="right")
        return np.asarray(np.maximum(tunnel, first).clip(0, max(len(self.key) - 1, 0)))

    def at(self, station: Narrow | Whole, at_ms: Narrow | Whole, day: int) -> Where:
        """Return what each station was, `at_ms` milliseconds after the local midnight of that day."""
        index = station.astype(np.int64)
        tac, source = self.tac[index], self.address[index].astype(np.int32)
        tunnelled = np.flatnonzero(self.tunnels[index])
        if len(tunnelled):
            tunnel = self.tunnel_of(index[tunnelled], day * DAY_S + at_ms[tunnelled] / 1000.0)
            tac[tunnelled] = self.tunnel_tac[tunnel]
            source[tunnelled] = self.address[len(self.number) + tunnel]
        return Where(tac, self.cell_type[index], self.plmn[index], source)
