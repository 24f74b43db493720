"""`simulate`: a scenario becomes a record folder, and the truth beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from cellwarden.simulate import catching, settling
from cellwarden.simulate.access_files import Book
from cellwarden.simulate.attacks import Attacks, plan_attacks, tunnels
from cellwarden.simulate.beside import Level
from cellwarden.simulate.comings import Comings, venue_calls, visits
from cellwarden.simulate.counter import ATTRIBUTES, stream_key
from cellwarden.simulate.crowd import Crowd, build_crowd
from cellwarden.simulate.day_stream import BATCH, DayStream, unpacked
from cellwarden.simulate.deceptions import deceived
from cellwarden.simulate.faults import breakage_of
from cellwarden.simulate.finish import CORES, Names, make_names
from cellwarden.simulate.happenings import happen
from cellwarden.simulate.map import build_map
from cellwarden.simulate.memory import give_back
from cellwarden.simulate.payments import Thrift, make_payments
from cellwarden.simulate.places import Places
from cellwarden.simulate.population import NEVER
from cellwarden.simulate.rows import Rows
from cellwarden.simulate.scenario import Scenario, load_scenario
from cellwarden.simulate.sessions import honest_sessions, inner_addresses
from cellwarden.simulate.signalling import HOURS, World
from cellwarden.simulate.tables import Made, write_tables
from cellwarden.simulate.traces import by_day, jammed, neighbours, poison, served
from cellwarden.simulate.truth_files import write_truth
from cellwarden.simulate.writing import FIRST_WEEKDAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cellwarden.simulate.ground_plan import GroundPlan
    from cellwarden.simulate.happening import Happenings
    from cellwarden.simulate.randomness import Whole

_SPACING_M = 850.0
"""Between macro sites: about 285 lines a site at 312 lines a square kilometre (simulation.md 2.1, Changchun)."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was made; the manifest holds the same."""

    scenario: str
    seed: int
    size: str
    subscribers: int
    days: int
    rows: dict[str, int]
    """By table of the contract."""
    exposed: int
    """People with a row at a rogue cell."""
    thefts: int
    """Payments and attempts that were thefts."""


def simulate(
    scenario: str,
    out: Path,
    *,
    seed: int,
    size: str = "xs",
    history: bool = False,
    progress: Callable[[str, float], None] | None = None,
    threads: int = 2,
    batch: int = BATCH,
    ground: GroundPlan | None = None,
) -> Report:
    """Write `out/records` by the contract and `out/truth` apart; scenario, seed and size decide every byte.

    Args:
        scenario: Its number, such as `S02`.
        out: A folder; made if missing, files of the same name are replaced.
        seed: Any integer.
        size: `xs`, `s`, `m` or `l`: about 300,000, 6, 80 or 1,000 million access rows.
        history: With the time before the window, of which access and usage hold a few days (S02).
        progress: Told what is under way and the share done, 0..1.
        threads: How many make signalling at a time.
        batch: Subscribers that one of them takes at a time.
        ground: The real municipality on which the city stands (`real_ground.read_ground`); None: a made-up one.

    Raises:
        UsageError: There is no such scenario or size, or it has no history.
    """
    wanted = load_scenario(scenario, size, history=history)
    return simulate_scenario(wanted, out, seed=seed, size=size, progress=progress, threads=threads, batch=batch, ground=ground)


def simulate_scenario(
    wanted: Scenario,
    out: Path,
    *,
    seed: int,
    size: str,
    progress: Callable[[str, float], None] | None = None,
    threads: int = 2,
    batch: int = BATCH,
    ground: GroundPlan | None = None,
) -> Report:
    """Write a scenario that was read from somewhere else; see `simulate`."""
    tell = progress or (lambda _what, _share: None)
    tell("people", 0.0)
    world, people = build_world(wanted, seed, ground)
    what = happen(world, people, wanted)
    tell("stories", 0.04)
    attacks = plan_attacks(world, wanted, what.restart_at)
    inner = inner_addresses(seed, max(64 * 254, 3 * len(world.fleet) + 4_000))
    honest = honest_sessions(world, inner, what.gateway_restart_at)
    rogue = tunnels(world, attacks, inner)
    places = Places.of(world, [*honest, *rogue], _extras(attacks, what))
    successions = _successions(places, what)
    poison(world, attacks, what)
    kept = wanted.history.kept(people.days)
    coming = visits(world, [*venue_calls(world), *what.calls], kept)
    coming = Comings.joined([coming, *what.comings]).apart()
    captures = catching.catch(world, attacks, coming.stays())
    caught = Comings(
        captures.who, captures.from_at, captures.to_at, captures.station, *catching.entries(world, attacks, captures)
    )
    comings = Comings.joined([coming, caught])
    stays = comings.stays()
    tell("money", 0.12)
    payments, legs, paging = make_payments(
        world,
        attacks.plan,
        captures,
        stays,
        more=deceived(world, wanted, what),
        thrift=Thrift(disputes=wanted.network.disputes, face_values=True, by_store=True, without=tuple(what.strangers)),
    )
    level = level_of(wanted, seed, world)
    extra = by_day(
        served(world, stays, Rows.joined([paging, *what.rows, *neighbours(world, coming, captures), *jammed(world, attacks)])),
        people.days,
        level,
    )
    del coming, caught, paging
    what.forget_traces()
    book = _book(wanted, _names(seed, what, people.count), people)
    breakage = breakage_of(wanted, seed, people)
    days = DayStream(
        people=people,
        kept=kept,
        level=level,
        comings=comings,
        extra=extra,
        book=book,
        places=places,
        first_rogue=world.first_small + len(world.fleet),
        last_rogue=world.first_small + len(world.fleet) + len(attacks.plan.cells),
        successions=successions,
        breakage=breakage,
        threads=threads,
        batch=batch,
    )
    days.write(out / "records" / "access", lambda share: tell("signalling", 0.15 + 0.75 * share))
    days.extra.clear()
    give_back()
    tell("records", 0.9)
    names = _names(seed, what, people.count)  # drawn again rather than kept: a large city has millions
    made = Made(
        wanted, seed, world, people, what, attacks, honest, places, names, stays, payments, legs, captures, successions, book
    )
    rows = {"access": days.rows, **write_tables(made, out / "records", breakage)}
    rogue_rows = unpacked(days.rogue, book) if days.rogue else Rows.of(np.empty(0), np.empty(0, dtype=np.int64), 0, 0)
    report = write_truth(made, out, rows, rogue_rows, breakage, size=size)
    tell("done", 1.0)
    return Report(wanted.name, seed, size, people.count, people.days, rows, *report)


def _successions(places: Places, what: Happenings) -> list[tuple[float, float, Whole]]:
    """Return from when to when which station stands in for which: renumbered sites, and those that a disaster van replaces."""
    renumbered = places.succeed(what.renumbered)
    found = [(what.renumbered_at, NEVER, renumbered)] if len(renumbered) else []
    for first, last, stands_in in what.replaced:
        successor: Whole = np.arange(len(places.number), dtype=np.int64)
        successor[list(stands_in)] = list(stands_in.values())
        found.append((first, last, successor))
    return found


def build_world(wanted: Scenario, seed: int, ground: GroundPlan | None = None) -> tuple[World, Crowd]:
    """Lay out the city and settle people and small cells, before anything happens."""
    subscribers, days = wanted.size.subscribers, wanted.history.days + wanted.size.days
    side_km = ground.side_m / 1000 if ground else max(4.0, 8.0 * (subscribers / 20_000) ** 0.5)
    columns = int(np.clip(round(side_km / 1.6), 2, 10))
    city = build_map(seed, subscribers, spacing_m=_SPACING_M, area_columns=columns, ground=ground)
    people = build_crowd(seed, city, subscribers=subscribers, days=days, first_weekday=FIRST_WEEKDAY, cores=len(CORES))
    fleet = settling.settle(wanted, seed, city, people)
    return World(seed, city, people, fleet), people


def _extras(attacks: Attacks, what: Happenings) -> list[Any]:
    from cellwarden.simulate.places import Extra  # noqa: PLC0415  # the name is wanted here alone

    return [*(Extra(cell.number, cell.cell_type) for cell in attacks.plan.cells), *what.extras]


def level_of(wanted: Scenario, seed: int, world: World) -> Level:
    """Return how lively the network of a scenario is."""
    since, until = settling.on_air(world.fleet)
    network = wanted.network
    return Level(
        seed=np.uint64(stream_key(np.uint64(seed % 2**64), ATTRIBUTES, 0, 0)),
        until_hour=np.concatenate(([0.0], np.cumsum(HOURS) / HOURS.sum())),
        density=wanted.size.density,
        ways=wanted.size.ways,
        t3412_s=network.t3412_min * 60.0,
        power_cycles=network.power_cycles,
        imsi_share=network.imsi_share,
        first_weekday=FIRST_WEEKDAY,
        first_small=world.first_small,
        small_from=since,
        small_to=until,
    )


def _names(seed: int, what: Happenings, count: int) -> Names:
    names = make_names(seed, count)
    for who, prefix in what.strangers.items():
        names.imsi[who] = prefix + names.imsi[who][5:]
    return names


def _book(wanted: Scenario, names: Names, people: Crowd) -> Book:
    cut: dict[str, int] = {}
    if wanted.fault("F9"):
        cut = {short: len(names.imsi) + turn for turn, short in enumerate(dict.fromkeys(imsi[:9] for imsi in names.imsi))}
    return Book(
        imsi=pa.array([*names.imsi, *cut]),
        msisdn=pa.array(names.msisdn),
        imei=pa.array(names.imei),
        core=people.core.astype(np.int8),
        cores=CORES,
        cut=np.array([cut[imsi[:9]] for imsi in names.imsi], dtype=np.uint32) if cut else None,
    )
