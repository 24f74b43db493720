"""Comings and goings beside the ordinary day, as spells: visits to small cells, crowds, arrivals; and what the kernel makes of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.beside import ENTRY_ATTACH, ENTRY_IMSI, ENTRY_TAU, Spells
from cellwarden.simulate.randomness import DAY_S, HOUR_S, Reals, Truths, Whole, stream
from cellwarden.simulate.rows import Stays
from cellwarden.simulate.visits import OPENING, STAY_MIN, Calls, bus_calls, calls_at, find_visitors

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.signalling import World

_BUSY = 1.7
"""Visits of a public venue beside those of the demo city: 100 to 400 distinct people a day (simulation.md 2.4)."""
_MOST = 2.5
"""Visits of a venue grow with the square root of the city, up to this."""
USUAL = 4
"""IMS protection is drawn like everybody's."""


@dataclass(slots=True)
class Comings:
    """Spells with how they begin; columns of equal length."""

    who: Whole
    from_at: Reals
    to_at: Reals
    station: Whole
    entry: Whole
    clear: Whole
    ims: Whole
    uses: Whole

    @classmethod
    def joined(cls, parts: list[Comings]) -> Comings:
        """Return all in one, by subscriber and time."""
        whole = cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))
        return whole.where(np.lexsort((whole.station, whole.from_at, whole.who)))

    @classmethod
    def none(cls) -> Comings:
        """Return no spells."""
        none = np.empty(0, dtype=np.int64)
        return cls(none, np.empty(0), np.empty(0), none, none, none, none, none)

    def where(self, chosen: Truths | Whole) -> Comings:
        """Return some of them."""
        return Comings(*(getattr(self, one.name)[chosen] for one in fields(self)))

    def stays(self) -> Stays:
        """Return where they spend their time."""
        return Stays(self.who, self.from_at, self.to_at, self.station)

    def of_day(self, day: int, subscribers: int) -> Spells:
        """Return those that touch a day, as the kernel wants them."""
        mine = self.where((self.to_at >= day * DAY_S) & (self.from_at < (day + 1) * DAY_S))
        first = np.searchsorted(mine.who, np.arange(subscribers + 1))
        return Spells(first, mine.from_at, mine.to_at, mine.station, mine.entry, mine.clear, mine.ims, mine.uses)

    def apart(self) -> Comings:
        """Leave out whatever begins while the same subscriber's last one still lasts; they are in order."""
        keep = np.ones(len(self.who), dtype=np.bool_)
        keep[1:] = (self.who[1:] != self.who[:-1]) | (self.from_at[1:] > self.to_at[:-1] + 60.0)
        return self.where(keep)


def venue_calls(world: World) -> list[Calls]:
    """Return every visit that the small cells want."""
    rng, people = stream(world.seed, "visits"), world.people
    scale = min(_MOST, max(0.25, (people.count / 20_000) ** 0.5))
    parts: list[Calls] = []
    for index, cell in enumerate(world.fleet):
        if cell.use not in OPENING:
            continue
        opens, closes, rate = OPENING[cell.use]
        count = int(rng.poisson(rate * (scale * _BUSY if rate > 1 else 1.0) * people.days))
        at = rng.integers(0, people.days, count) * DAY_S + rng.uniform(opens, closes, count) * HOUR_S
        at = at[(at > cell.on_from + 600) & (at < cell.off_from - 9000)]
        moved = (at >= cell.moves_at) & (at < cell.returns_at)
        x, y = np.where(moved, cell.next_x, cell.x), np.where(moved, cell.next_y, cell.y)
        usual = STAY_MIN.get(cell.use, 25.0)
        stay = rng.lognormal(np.log(usual), 0.6, len(at)).clip(3, max(150, 2 * usual)) * 60
        attach, imsi = (0.72, 0.8) if cell.use == "phone_shop" else (0.06, 0.03)
        parts.append(calls_at(at, (x, y), station=world.first_small + index, stay=stay, attach=attach, imsi=imsi))
    if any(cell.use == "bus" for cell in world.fleet):
        parts.append(bus_calls(world, rng, scale))
    return parts


def crowd_calls(
    rng: Generator, count: int, place: tuple[float, float], span: tuple[float, float], station: int, *, hours: float = 1.2
) -> Calls:
    """Return the calls of a crowd at one place between two times; each stays about so many hours."""
    at = rng.uniform(*span, count)
    stay = np.minimum(rng.lognormal(np.log(hours * HOUR_S), 0.5, count), span[1] + 5400 - at)
    at_x, at_y = np.full(count, place[0]), np.full(count, place[1])
    return calls_at(at, (at_x, at_y), station=station, stay=stay)


def visits(world: World, parts: list[Calls], kept: Truths) -> Comings:
    """Find a visitor for each call of a day whose records are kept, and say how each visit begins."""
    calls = Calls(*(np.concatenate([getattr(part, name) for part in parts]) for name in Calls.__slots__))
    told = kept[np.clip(calls.at // DAY_S, 0, world.people.days - 1).astype(np.int64)]
    calls = Calls(*(getattr(calls, name)[told] for name in Calls.__slots__))
    rng = stream(world.seed, "visitors")
    who, calls = find_visitors(world, rng, calls)
    count = len(who)
    attaches = rng.random(count) < calls.attach_share
    shows = attaches & (rng.random(count) < calls.imsi_share)
    entry = np.where(shows, ENTRY_IMSI, np.where(attaches, ENTRY_ATTACH, ENTRY_TAU))
    ims = np.where(attaches & (rng.random(count) < 0.5), USUAL, -1)
    uses = rng.poisson(1.1, count)
    found = Comings(
        who.astype(np.int64),
        calls.at,
        calls.at + calls.stay_s,
        calls.station,
        entry,
        np.zeros(count, dtype=np.int64),
        ims,
        uses,
    )
    return Comings.joined([found]).apart()
