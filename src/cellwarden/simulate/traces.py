"""What attacks and visits leave beside the kernel's rows: neighbours just before and after, jammed phones, planted attaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.comings import Comings
from cellwarden.simulate.day_stream import packed
from cellwarden.simulate.randomness import DAY_S, Reals, Whole, stream
from cellwarden.simulate.rows import PROCEDURE, Rows
from cellwarden.simulate.spoken import helpers

if TYPE_CHECKING:
    from cellwarden.simulate.attacks import Attacks
    from cellwarden.simulate.beside import Level
    from cellwarden.simulate.captures import Captures
    from cellwarden.simulate.happening import Happenings
    from cellwarden.simulate.packed import Packed
    from cellwarden.simulate.rows import Stays
    from cellwarden.simulate.signalling import World

_NEAR = (
    (PROCEDURE["service_request"],) * 5 + (PROCEDURE["tau"],) * 3 + (PROCEDURE["paging_response"], PROCEDURE["periodic_tau"])
)
"""What a neighbour sees just before and after (assumption)."""


def by_day(rows: Rows, days: int, level: Level) -> list[Packed]:
    """Return the rows of each day in sixteen bytes each: a large city has millions beside those of the kernel."""
    return [packed(rows, day, level) for day in range(days)]


def served(world: World, stays: Stays, rows: Rows) -> Rows:
    """Fill in the station of rows that only say when, and leave out what is outside the window."""
    rng = stream(world.seed, "served")
    open_rows = np.flatnonzero(rows.station < 0)
    who, at = rows.who[open_rows], rows.at[open_rows]
    station, _ = world.served_by(who, at, rng)
    inside = stays.find(who, at)
    rows.station[open_rows] = np.where(inside >= 0, stays.station[inside], station) if len(stays.who) else station
    return rows.where((rows.at >= 0) & (rows.at < world.until))


def neighbours(world: World, coming: Comings, captures: Captures) -> list[Rows]:
    """Return what macro sectors saw of those who came to a small or rogue cell, just before and after."""
    rng = stream(world.seed, "neighbours")
    near = np.array(_NEAR, dtype=np.int64)
    small = coming.where(coming.station >= world.first_small)
    found = []
    for when, sign in ((small.from_at, -1), (small.to_at, 1)):
        at = when + sign * rng.uniform(15, 250, len(when))
        x, y, _ = world.people.whereabouts(small.who, at)
        found.append(Rows.of(at, small.who, world.city.serving(x, y, rng), rng.choice(near, len(at))))
    for when, sign, x, y in (
        (captures.from_at, -1, captures.x, captures.y),
        (captures.to_at, 1, captures.out_x, captures.out_y),
    ):
        at = when + sign * rng.uniform(6, 170, len(when))
        found.append(Rows.of(at, captures.who, world.city.serving(x, y, rng), rng.choice(near, len(at))))
    return found


def jammed(world: World, attacks: Attacks) -> list[Rows]:
    """Return the surge of updates around the stops of units that throw phones off their cells (A17)."""
    rng, people, found = stream(world.seed, "jammed"), world.people, []
    for stop in attacks.plan.stops:
        if not attacks.rule(stop).jams:
            continue
        who = np.flatnonzero(np.hypot(people.home_x - stop.x, people.home_y - stop.y) < 700.0).astype(np.int64)
        who = who[rng.random(len(who)) < 0.5]
        at = stop.from_at + rng.exponential(40.0, len(who))
        x, y, _ = people.whereabouts(who, at)
        found.append(Rows.of(at, who, world.city.serving(x, y, rng), PROCEDURE["tau"]))
    return found


def poison(world: World, attacks: Attacks, what: Happenings) -> None:
    """Plant attaches with IMSI on an honest hospital (A18): a handful of phones, again and again in the small hours."""
    for unit, attack in attacks.rules.items():
        wards = [index for index, cell in enumerate(world.fleet) if cell.use == "hospital"]
        if not attack.poisons or not wards:
            continue
        rng = stream(world.seed, f"poison {unit}")
        station = world.first_small + wards[0]
        phones = helpers(world, unit)
        nights = sorted({stop.night for stop in attacks.plan.stops if stop.cell.unit == unit})
        slots: Reals = np.concatenate([night * DAY_S + np.arange(1.5, 5.5, 0.4) * 3600.0 for night in nights])
        who, at = np.repeat(phones, len(slots)), np.tile(slots, len(phones)) + rng.uniform(0, 700, len(slots) * len(phones))
        count = len(who)
        none: Whole = np.zeros(count, dtype=np.int64)
        spell = Comings(who, at, at + rng.uniform(60, 400, count), none + station, none + 2, none, none - 1, none)
        what.comings.append(spell)
