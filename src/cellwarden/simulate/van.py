"""The rogue units: which id each uses on which night, where the van stops, and how its tunnels look.

Only the traces that such a device leaves in an operator's records are modelled, nothing of the device.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.fleet import NUMBERS, SOFTWARE, SmallCell, device_habits
from cellwarden.simulate.randomness import DAY_S, HOUR_S, stream
from cellwarden.simulate.sessions import OTHER_ASN, Session, device_name, home_tac

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from cellwarden.simulate.rows import Rows
    from cellwarden.simulate.signalling import World

MINUTE_S = 60.0
VICTIM_SHARE = 0.035
"""Of the people exposed on a night with fraud (assumption: 1.8 % of all in the case, higher for a city as small as the demo's)."""


@dataclass(slots=True)
class RogueCell:
    """One id in the hands of one unit."""

    unit: str
    reason: str
    station: int = -1
    number: int = -1
    claims: SmallCell | None = None
    """Whose id it is; None for an id that was never issued."""
    cell_type: str = "home"


@dataclass(slots=True)
class Stop:
    """The van stands; seconds since the first local midnight."""

    cell: RogueCell
    night: int
    x: float
    y: float
    from_at: float
    to_at: float


@dataclass(slots=True)
class Plan:
    """Everything that the units do."""

    cells: list[RogueCell] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    pays: set[tuple[str, int]] = field(default_factory=set)
    """(unit, night) on which fraud follows."""
    delays: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By unit: least and most days from capture to theft; absent: while captured."""
    victim_share: float = VICTIM_SHARE
    """Of the people exposed on a night with fraud who are robbed."""
    one_a_stop: set[str] = field(default_factory=set)
    """Units that rob one person a stop at most."""


def plan_van(world: World, everyday: Rows, inner: Iterator[str]) -> Plan:
    """Plan the nights: unit 1 uses five ids in turn over six nights, unit 2 two ids over two nights elsewhere.

    Five ids, deleted ones among them, dawn hours in a car between apartment blocks: public case figures; the rest, such as
    20 to 40 minutes a stop, assumption. At least a third of the window passes before the first night.
    """
    rng = stream(world.seed, "van")
    days = world.people.days
    first = max(2, days // 3)
    nights = sorted(int(night) for night in rng.choice(np.arange(first, days), 6, replace=False))
    plan = Plan()
    one = [RogueCell("unit-1", reason) for reason in ("deleted_id", "deleted_id", "deleted_id", "never_issued_id", "cloned_id")]
    one = [one[int(index)] for index in rng.permutation(5)]
    two = [RogueCell("unit-2", "lost_id"), RogueCell("unit-2", "cloned_id")]
    plan.cells = [*one, *two]
    evening = int(rng.integers(1, 5))
    rota = [[one[0]], [one[0], one[1]], [one[1]], [one[2], one[3]], [one[3]], [one[4], one[2]]]
    for turn, (night, cells) in enumerate(zip(nights, rota, strict=True)):
        _night(world, rng, plan, night, cells, west=True, evening=turn == evening)
    for night, cells in zip(nights[2:5:2], [[two[0]], [two[1]]], strict=True):
        _night(world, rng, plan, night, cells, west=False, evening=False)
    plan.pays = {("unit-1", night) for night in nights[1:5]} | {("unit-2", nights[4])}
    _choose_ids(world, rng, plan, everyday)
    _tunnels(world, rng, plan, inner)
    return plan


def _night(world: World, rng: Generator, plan: Plan, night: int, cells: list[RogueCell], *, west: bool, evening: bool) -> None:
    """Add the stops of one night: four to eight, at apartment blocks near each other, in this unit's half of the city."""
    people, middle = world.people, world.city.side_m / 2
    half = np.flatnonzero((people.block_x < middle) == west)
    anchor = int(rng.choice(half))
    away = np.hypot(people.block_x[half] - people.block_x[anchor], people.block_y[half] - people.block_y[anchor])
    near = half[np.argsort(away)[: max(9, len(half) // 5)]]
    count = int(rng.integers(4, 9))
    blocks = rng.choice(near, min(count, len(near)), replace=False)
    clock = night * DAY_S + (19.4 if evening else 1.0) * HOUR_S + float(rng.uniform(0, 30)) * MINUTE_S
    limit = night * DAY_S + (23.2 if evening else 5.4) * HOUR_S
    stops: list[tuple[float, float, float, float]] = []
    for block in blocks:
        stay = float(rng.uniform(20, 40)) * MINUTE_S
        if clock + stay > limit and len(stops) >= 4:
            break
        angle, off = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(15, 70))
        x, y = people.block_x[block] + off * np.cos(angle), people.block_y[block] + off * np.sin(angle)
        stops.append((float(x), float(y), clock, clock + stay))
        clock += stay + float(rng.uniform(4, 13)) * MINUTE_S
    for index, (x, y, from_at, to_at) in enumerate(stops):
        plan.stops.append(Stop(cells[index * len(cells) // len(stops)], night, x, y, from_at, to_at))


def _choose_ids(world: World, rng: Generator, plan: Plan, everyday: Rows) -> None:
    """Give each id its number: from the registry's dead, from nowhere, or from a live home far away that is busy then."""
    issued = {cell.number for cell in world.fleet}
    dead = {
        status: [cell for cell in world.fleet if cell.use == "idle" and cell.status == status] for status in ("deleted", "lost")
    }
    taken: set[int] = set()
    for offset, rogue in enumerate(plan.cells):
        rogue.station = world.first_small + len(world.fleet) + offset
        if rogue.reason == "never_issued_id":
            free = (int(number) for number in rng.integers(*NUMBERS, 99))
            rogue.number = next(number for number in free if number not in issued)
            continue
        if rogue.reason == "cloned_id":
            rogue.claims = _live_victim(
                world, rng, [stop for stop in plan.stops if stop.cell is rogue], everyday=everyday, taken=taken
            )
        else:
            waiting = [cell for cell in dead[rogue.reason.removesuffix("_id")] if cell.number not in taken]
            rogue.claims = waiting[int(rng.integers(len(waiting)))]
        rogue.number = rogue.claims.number
        taken.add(rogue.number)


def _live_victim(world: World, rng: Generator, stops: list[Stop], *, everyday: Rows, taken: set[int]) -> SmallCell:
    """Return a live home or office far from the stops, one whose people are busy on each of the nights if there is one."""
    x, y = (float(np.mean([getattr(stop, axis) for stop in stops])) for axis in "xy")
    nights = [[stop for stop in stops if stop.night == night] for night in sorted({stop.night for stop in stops})]
    up = [(everyday.at > night[0].from_at) & (everyday.at < night[-1].to_at) for night in nights]
    busy = np.min(
        [np.bincount(everyday.station[while_up], minlength=world.first_small + len(world.fleet)) for while_up in up], axis=0
    )
    ranked = []
    for index, cell in enumerate(world.fleet):
        if cell.use in ("home", "office") and not cell.story and cell.number not in taken and cell.installed_at < -30 * DAY_S:
            far = float(np.hypot(cell.x - x, cell.y - y)) > 0.4 * world.city.side_m
            ranked.append((far, min(3, int(busy[world.first_small + index])), float(rng.random()), index))
    return world.fleet[max(ranked)[3]]


def _tunnels(world: World, rng: Generator, plan: Plan, inner: Iterator[str]) -> None:
    """Add one tunnel a unit, night and id; a unit keeps its serial, its address changes on some nights."""
    serials = {unit: f"FX-{rng.integers(900_000, 1_000_000)}" for unit in ("unit-1", "unit-2")}
    software = {unit: SOFTWARE[int(rng.integers(len(SOFTWARE)))] for unit in serials}
    outer: dict[str, str] = {}
    night_of: dict[str, int] = {}
    for unit, serial in serials.items():
        habits = {**device_habits(rng), "line": False, "neighbours": True, "place": True}
        spells: dict[tuple[int, int], list[Stop]] = {}
        for stop in (stop for stop in plan.stops if stop.cell.unit == unit):
            spells.setdefault((stop.night, stop.cell.station), []).append(stop)
        for (night, station), stops in spells.items():
            if unit not in outer or (night_of[unit] != night and rng.random() < 0.5):
                net, top = ("198.51.100", 255) if unit == "unit-1" or rng.random() < 0.5 else ("203.0.113", 192)
                outer[unit] = f"{net}.{rng.integers(1, top)}"
            night_of[unit] = night
            rogue, cell = stops[0].cell, stops[0].cell.claims
            tac = home_tac(world, stops[0].x, stops[0].y)
            if cell is not None and tac == home_tac(world, cell.x, cell.y):
                tac += 1 if tac % 10 < 6 else -1
            claimed = cell.equipment_id if cell is not None else None
            plan.sessions.append(
                Session(
                    station=station,
                    number=rogue.number,
                    from_at=stops[0].from_at - float(rng.uniform(60, 200)),
                    to_at=stops[-1].to_at + float(rng.uniform(30, 150)),
                    outer=outer[unit],
                    port=int(4500 if rng.random() < 0.7 else rng.integers(20_000, 60_000)),
                    inner=next(inner),
                    asn=OTHER_ASN,
                    tac=tac,
                    equipment_id=claimed if habits["identity"] else None,
                    name=device_name(claimed, habits, rogue.number),
                    serial=serial,
                    software=software[unit],
                    access_line=None,
                    x=stops[0].x,
                    y=stops[0].y,
                    gateway=f"segw-{1 + int(rng.random() < 0.5)}",
                    habits={**habits, "place": habits["place"] and bool(rng.random() < 0.5)},
                    ends_quietly=bool(rng.random() < 0.2),
                )
            )
