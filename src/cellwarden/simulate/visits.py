"""Short calls at cells that are not one's own: guests, customers, patients, passengers, a festival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cellwarden.simulate.randomness import DAY_S, HOUR_S, Reals, Whole, pick, stream
from cellwarden.simulate.rows import IDENTITY, OPEN, PROCEDURE, Rows, Stays

if TYPE_CHECKING:
    from cellwarden.simulate.signalling import World

Place: TypeAlias = tuple[Reals, Reals]
REACH_M = 1_500.0
"""Where a venue's visitors come from: as far as the facts' measured spread of 1.5 km."""
_AT_ONCE = 100_000
"""Calls for which visitors are sought at a time: bounds the memory, changes nothing."""
OPENING = {
    "home": (10, 22, 0.15),
    "office": (9, 18, 0.7),
    "cafe": (8, 23, 85.0),
    "clinic": (9, 19, 60.0),
    "hospital": (0, 24, 130.0),
    "phone_shop": (10, 20, 30.0),
    "bath_house": (17, 30, 60.0),
    "pc_bang": (12, 29, 75.0),
    "taxi_depot": (0, 24, 30.0),
}
"""Local hours, past 24 of the next day, and visits a day: 100 to 400 distinct a day at a public venue in the facts, a third of it here (thinned)."""
STAY_MIN = {"bath_house": 200.0, "pc_bang": 110.0}
"""Median minutes of a stay where that is not 25 (assumption): who goes to a bath house at night sleeps there."""
_NEAR = {"service_request": 40, "tau": 25, "paging_response": 15, "handover_out": 12, "periodic_tau": 8}
_WITHIN = {"service_request": 60, "release": 18, "paging_response": 18, "ims_register": 4}


@dataclass(slots=True)
class Calls:
    """Wanted visits: when, where one comes in and goes out, at which station, and how identities behave there."""

    at: Reals
    x: Reals
    y: Reals
    out_x: Reals
    out_y: Reals
    station: Whole
    stay_s: Reals
    attach_share: Reals
    imsi_share: Reals


def wanted(world: World, festival: tuple[float, float, float, float]) -> Calls:
    """Return every visit the city wants; `festival` is place, start and end."""
    rng, people = stream(world.seed, "visits"), world.people
    parts: list[Calls] = []
    scale = max(0.25, (people.count / 20_000) ** 0.5)
    for index, cell in enumerate(world.fleet):
        if cell.use not in OPENING:
            continue
        opens, closes, rate = OPENING[cell.use]
        count = int(rng.poisson(rate * (scale if rate > 1 else 1.0) * people.days))
        at = rng.integers(0, people.days, count) * DAY_S + rng.uniform(opens, closes, count) * HOUR_S
        at = at[at > cell.on_from + 600]
        moved = at >= cell.moves_at
        x, y = np.where(moved, cell.next_x, cell.x), np.where(moved, cell.next_y, cell.y)
        stay = rng.lognormal(np.log(25), 0.6, len(at)).clip(3, 150) * 60
        shop = cell.use == "phone_shop"
        attach, imsi = (0.72, 0.8) if shop else (0.06, 0.03)
        parts.append(calls_at(at, (x, y), station=world.first_small + index, stay=stay, attach=attach, imsi=imsi))
    parts.append(bus_calls(world, rng, scale))
    park_x, park_y, from_at, to_at = festival
    count = round(600 * scale)
    at = rng.uniform(from_at, to_at, count)
    stay = np.minimum(rng.lognormal(np.log(70), 0.5, count).clip(10, 240) * 60, to_at + 5400 - at)
    park = (np.full(count, park_x), np.full(count, park_y))
    parts.append(calls_at(at, park, station=world.first_small - 1, stay=stay))
    return Calls(*(np.concatenate([getattr(part, name) for part in parts]) for name in Calls.__slots__))


def calls_at(
    at: Reals, place: Place, *, out: Place | None = None, station: int, stay: Reals, attach: float = 0.05, imsi: float = 0.03
) -> Calls:
    """Return visits at these times to one station, from and back to these places."""
    (x, y), (out_x, out_y) = place, out or place
    count = len(at)
    return Calls(
        at, x, y, out_x, out_y, np.full(count, station, dtype=np.int64), stay, np.full(count, attach), np.full(count, imsi)
    )


def bus_calls(world: World, rng: np.random.Generator, scale: float) -> Calls:
    """Passengers of the on-board cell: it goes to and fro along one corridor from 06 to 22 h, 40 minutes each way."""
    index = next(index for index, cell in enumerate(world.fleet) if cell.use == "bus")
    count = int(rng.poisson(110 * scale * world.people.days))
    at = rng.integers(0, world.people.days, count) * DAY_S + rng.uniform(6, 22, count) * HOUR_S
    stay = rng.uniform(5, 18, count) * 60

    def place(when: Reals) -> Place:
        share = np.abs(np.mod(when / 2400.0, 2.0) - 1.0)
        return world.city.side_m * (0.2 + 0.6 * share), world.city.side_m * (0.3 + 0.35 * share)

    return calls_at(at, place(at), out=place(at + stay), station=world.first_small + index, stay=stay)


def make_visits(world: World, calls: Calls) -> tuple[Rows, Stays]:
    """Find a visitor for each call among those nearby at that time, and return their rows and spells."""
    rng = stream(world.seed, "visitors")
    return touch(world, rng, *find_visitors(world, rng, calls))


def find_visitors(world: World, rng: np.random.Generator, calls: Calls) -> tuple[Whole, Calls]:
    """Return a visitor for each call that found one, and these calls: one of fourteen people who was near then."""
    count = len(calls.at)
    parts = [_nearby(world, rng, calls, first, min(first + _AT_ONCE, count)) for first in range(0, count, _AT_ONCE)]
    visitor: Whole = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    order = np.lexsort((calls.at, visitor))
    end = calls.at + calls.stay_s
    keep = np.ones(count, dtype=np.bool_)
    same = visitor[order][1:] == visitor[order][:-1]
    keep[order[1:]] = ~(same & (calls.at[order][1:] < end[order][:-1] + 1800))
    keep &= (end < world.until - 600) & (calls.at > 600)
    calls = Calls(*(getattr(calls, name)[keep] for name in Calls.__slots__))
    return visitor[keep], calls


def _nearby(world: World, rng: np.random.Generator, calls: Calls, first: int, last: int) -> Whole:
    """Return a visitor for each of the calls `first` to `last` - 1; the draws are those of all calls at once."""
    tries, count = 14, last - first
    who = rng.integers(0, world.people.count, (count, tries)).ravel().astype(np.int64)
    at, to_x, to_y = (np.repeat(column[first:last], tries) for column in (calls.at, calls.x, calls.y))
    x, y, stage = world.people.whereabouts(who, at)
    far = np.hypot(x - to_x, y - to_y) + (stage % 2) * 300.0
    near = np.where(far < REACH_M, np.tile(np.arange(tries), count), 1000.0 + far).reshape(count, tries)
    return np.asarray(who.reshape(count, tries)[np.arange(count), near.argmin(axis=1)])


def touch(world: World, rng: np.random.Generator, who: Whole, calls: Calls) -> tuple[Rows, Stays]:
    """Return the rows of visits: a macro neighbour before, the way in, some use, a macro neighbour after."""
    count = len(who)
    before = world.city.serving(calls.x + rng.normal(0, 70, count), calls.y + rng.normal(0, 70, count), rng)
    after = world.city.serving(calls.out_x + rng.normal(0, 70, count), calls.out_y + rng.normal(0, 70, count), rng)
    attaches = rng.random(count) < calls.attach_share
    shows = attaches & (rng.random(count) < calls.imsi_share)
    uses = rng.poisson(1.1, count)
    within = np.repeat(calls.at, uses) + rng.random(int(uses.sum())) * np.repeat(calls.stay_s, uses)
    near = {PROCEDURE[name]: share for name, share in _NEAR.items()}
    inside = {PROCEDURE[name]: share for name, share in _WITHIN.items()}
    rows = [
        Rows.of(calls.at - rng.uniform(15, 260, count), who, before, pick(rng, near, count)),
        Rows.of(
            calls.at,
            who,
            calls.station,
            np.where(attaches, PROCEDURE["attach"], PROCEDURE["tau"]),
            identity=np.where(shows, IDENTITY["imsi"], OPEN),
        ),
        Rows.of(within, np.repeat(who, uses), np.repeat(calls.station, uses), pick(rng, inside, len(within))),
        Rows.of(calls.at + calls.stay_s + rng.uniform(5, 240, count), who, after, pick(rng, near, count)),
    ]
    registers = attaches & (rng.random(count) < 0.5)
    rows.append(
        Rows.of(
            calls.at[registers] + rng.uniform(1, 6, int(registers.sum())),
            who[registers],
            calls.station[registers],
            PROCEDURE["ims_register"],
        )
    )
    leaves = rng.random(count) < 0.4
    way = {PROCEDURE["handover_out"]: 1, PROCEDURE["release"]: 1}
    leave_at = (calls.at + calls.stay_s - rng.uniform(0.5, 40, count))[leaves]
    rows.append(Rows.of(leave_at, who[leaves], calls.station[leaves], pick(rng, way, len(leave_at))))
    order = np.lexsort((calls.at, who))
    stays = Stays(who[order], calls.at[order], (calls.at + calls.stay_s)[order], calls.station[order])
    return Rows.joined(rows), stays
