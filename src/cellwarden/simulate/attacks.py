"""Rogue units as a scenario asks for them: nights, stops, ids and tunnels. Only traces in records are modelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.simulate.claimed_ids import choose_ids
from cellwarden.simulate.fleet import SOFTWARE, device_habits
from cellwarden.simulate.randomness import DAY_S, HOUR_S, stream
from cellwarden.simulate.scenario import SCHEDULES
from cellwarden.simulate.sessions import OTHER_ASN, OWN_ASN, Session, device_name, home_tac, other_lines
from cellwarden.simulate.van import MINUTE_S, Plan, RogueCell, Stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from cellwarden.simulate.scenario import Attack, History, Scenario
    from cellwarden.simulate.signalling import World

_VICTIMS = 0.018
"""Of those exposed under ids that rob: 368 of 20,030 (simulation.md 5.2)."""
_ONE_TUNNEL_S = 2 * HOUR_S
"""Stops of one id less than this apart share a tunnel."""


@dataclass(slots=True)
class Attacks:
    """What all units do, and by what rules."""

    plan: Plan = field(default_factory=Plan)
    rules: dict[str, Attack] = field(default_factory=dict)
    """By unit."""
    inserted: list[dict[str, Any]] = field(default_factory=list)
    """Registry rows slipped in by an insider."""

    def rule(self, stop: Stop) -> Attack:
        """Return the rules of the unit that stands there."""
        return self.rules[stop.cell.unit]


def plan_attacks(world: World, scenario: Scenario, restart_at: float) -> Attacks:
    """Plan every unit of the scenario."""
    attacks, taken = Attacks(Plan(victim_share=_VICTIMS)), {cell.number for cell in world.fleet if cell.use != "idle"}
    for attack in scenario.attacks:
        rng = stream(world.seed, f"attack {attack.unit}")
        cells = [RogueCell(attack.unit, reason) for reason in attack.ids]
        attacks.plan.cells += cells
        attacks.rules[attack.unit] = attack
        nights = _nights(rng, attack, scenario.history, world.people.days, restart_at)
        first = len(attacks.plan.stops)
        anchor = _anchor(rng, world, attack)
        for turn, night in enumerate(nights):
            _night(
                world,
                rng,
                attacks.plan,
                _Tonight(attack, _ids(attack, cells, turn, len(nights)), night, turn, anchor, restart_at),
            )
        used = {id(stop.cell) for stop in attacks.plan.stops[first:]}
        attacks.plan.cells = [cell for cell in attacks.plan.cells if cell.unit != attack.unit or id(cell) in used]
        attacks.inserted += choose_ids(world, rng, attacks.plan, attack, taken)
        if attack.fraud_nights:
            attacks.plan.pays |= {(attack.unit, night) for night in nights[-attack.fraud_nights :]}
            if attack.delay_days[1] > 0:
                attacks.plan.delays[attack.unit] = attack.delay_days
        if attack.one_a_stop:
            attacks.plan.one_a_stop.add(attack.unit)
    for offset, cell in enumerate(attacks.plan.cells):
        cell.station = world.first_small + len(world.fleet) + offset
    return attacks


def _nights(rng: Generator, attack: Attack, history: History, days: int, restart_at: float) -> list[int]:
    first = history.days + max(1, round((days - history.days) * attack.from_share))
    if history.days and attack.lives_days:
        early = [start + 1 for start in history.starts()]
        last = early[0] + attack.lives_days
        between = rng.choice(np.arange(first, last), attack.nights - len(early) - 1, replace=False)
        return [*early, *sorted(int(night) for night in between), last]
    if attack.schedule == "restart":
        return [int(restart_at // DAY_S)]
    if attack.schedule == "parked":
        return list(range(first, min(days, first + attack.nights)))
    return sorted(int(night) for night in rng.choice(np.arange(first, days), min(attack.nights, days - first), replace=False))


def _anchor(rng: Generator, world: World, attack: Attack) -> int:
    """Return the block around which the unit works: one that somebody's neighbours live in."""
    blocks = len(world.people.block_x)
    return int(rng.integers(blocks)) if not attack.spread else -1


def _ids(attack: Attack, cells: list[RogueCell], turn: int, nights: int) -> list[RogueCell]:
    if attack.rotation in ("all", "alternate"):
        return cells
    span = max(1, min(attack.together, len(cells)))
    if len(cells) > nights * span:
        span = -(-len(cells) // nights)
    first = turn * span
    return [cells[(first + index) % len(cells)] for index in range(span)]


@dataclass(frozen=True, slots=True)
class _Tonight:
    """One night of one unit."""

    attack: Attack
    cells: list[RogueCell]
    night: int
    turn: int
    anchor: int
    restart_at: float


def _night(world: World, rng: Generator, plan: Plan, tonight: _Tonight) -> None:
    """Add the stops of one night at apartment blocks, near the anchor or all over the city."""
    people, attack, cells = world.people, tonight.attack, tonight.cells
    night, turn, anchor = tonight.night, tonight.turn, tonight.anchor
    opens, closes = SCHEDULES[attack.schedule]
    if attack.schedule == "restart":
        opens = tonight.restart_at % DAY_S / HOUR_S - 0.2
        closes = opens + 2.0
    count = max(int(rng.integers(attack.stops[0], attack.stops[1] + 1)), len(cells) if attack.rotation != "alternate" else 2)
    blocks = np.arange(len(people.block_x))
    if attack.schedule == "parked":
        places = [_beside(rng, world, anchor if turn == 0 else -2, plan)]
        step = (closes - opens) / 24
        slots = [(opens + step * slot, opens + step * (slot + 1) - 0.01) for slot in range(24)]
        for start, stop in slots:
            x, y = places[0]
            plan.stops.append(
                Stop(cells[turn % len(cells)], night, x, y, night * DAY_S + start * HOUR_S, night * DAY_S + stop * HOUR_S)
            )
        return
    if anchor >= 0:
        centre = anchor if turn == 0 else int(rng.choice(blocks))
        away = np.hypot(people.block_x - people.block_x[centre], people.block_y - people.block_y[centre])
        blocks = np.argsort(away)[: max(count + 3, len(blocks) // 6)]
    chosen = rng.choice(blocks, count, replace=count > len(blocks))
    clock = night * DAY_S + opens * HOUR_S + float(rng.uniform(0, 0.35)) * HOUR_S
    room = night * DAY_S + closes * HOUR_S - clock
    stays = rng.uniform(*attack.stay_min, count) * MINUTE_S
    gaps = rng.uniform(4, 13, count) * MINUTE_S
    squeeze = min(1.0, room / float((stays + gaps).sum()))
    for index, block in enumerate(chosen):
        stay = float(stays[index]) * squeeze
        x, y = _beside(rng, world, int(block), plan)
        cell = cells[index % len(cells)] if attack.rotation == "alternate" else cells[index * len(cells) // count]
        plan.stops.append(Stop(cell, night, x, y, clock, clock + stay))
        clock += stay + float(gaps[index]) * squeeze


def _beside(rng: Generator, world: World, block: int, plan: Plan) -> tuple[float, float]:
    """Return a place by the kerb of a block; -2: where the last stop was."""
    if block == -2:
        return plan.stops[-1].x, plan.stops[-1].y
    people = world.people
    block = int(rng.integers(len(people.block_x))) if block < 0 else block
    angle, off = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(15, 70))
    return float(people.block_x[block] + off * np.cos(angle)), float(people.block_y[block] + off * np.sin(angle))


def tunnels(world: World, attacks: Attacks, inner: Iterator[str]) -> list[Session]:
    """Return one tunnel a unit, id and run of stops; a unit keeps its serial, its address changes on some nights."""
    found: list[Session] = []
    honest = set(other_lines(world.seed)["other"])
    mobile = [address for address in (f"198.51.100.{number}" for number in range(1, 255)) if address not in honest]
    for unit, attack in attacks.rules.items():
        rng = stream(world.seed, f"tunnels {unit}")
        stops = sorted((stop for stop in attacks.plan.stops if stop.cell.unit == unit), key=lambda stop: stop.from_at)
        runs: list[list[Stop]] = []
        for stop in stops:
            near = runs and runs[-1][-1].cell is stop.cell and stop.from_at - runs[-1][-1].to_at < _ONE_TUNNEL_S
            if near:
                runs[-1].append(stop)
            else:
                runs.append([stop])
        serial, software = f"FX-{rng.integers(100_000, 1_000_000)}", SOFTWARE[int(rng.integers(len(SOFTWARE)))]
        habits = {**device_habits(rng), "line": False, "neighbours": True}
        outer, night = "", -1
        for run in runs:
            if not outer or (run[0].night != night and rng.random() < 0.5):
                outer = f"198.18.{rng.integers(0, 240)}.{rng.integers(1, 251)}" if attack.own_line else str(rng.choice(mobile))
            night = run[0].night
            found.append(
                _tunnel(
                    world,
                    rng,
                    run,
                    outer=outer,
                    inner=next(inner),
                    serial=serial,
                    software=software,
                    habits=habits,
                    attack=attack,
                )
            )
    attacks.plan.sessions = found
    return found


def _tunnel(
    world: World,
    rng: Generator,
    run: list[Stop],
    *,
    outer: str,
    inner: str,
    serial: str,
    software: str,
    habits: dict[str, bool],
    attack: Attack,
) -> Session:
    rogue, cell = run[0].cell, run[0].cell.claims
    tac = home_tac(world, run[0].x, run[0].y)
    claimed = cell.equipment_id if cell is not None else None
    lead, tail = float(rng.uniform(60, 110)), float(rng.uniform(30, 60))
    return Session(
        station=rogue.station,
        number=rogue.number,
        from_at=run[0].from_at - lead,
        to_at=run[-1].to_at + tail,
        outer=outer,
        port=int(4500 if rng.random() < 0.7 else rng.integers(20_000, 60_000)),
        inner=inner,
        asn=OWN_ASN if attack.own_line else OTHER_ASN,
        tac=tac,
        equipment_id=claimed if habits["identity"] else None,
        name=device_name(claimed, habits, rogue.number),
        serial=serial,
        software=software,
        access_line=None,
        x=run[0].x,
        y=run[0].y,
        gateway=f"segw-{1 + int(rng.random() < 0.5)}",
        habits={**habits, "place": habits["place"] and bool(rng.random() < 0.5)},
        ends_quietly=bool(rng.random() < 0.2),
        cell_type=rogue.cell_type,
    )
