"""Innocent things that happen to whole pools, areas and crowds: what they leave in access, calendar, registry and truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.beside import ENTRY_ATTACH, ENTRY_IMSI
from cellwarden.simulate.comings import USUAL, Comings, crowd_calls
from cellwarden.simulate.depots import drivers
from cellwarden.simulate.finish import CORES
from cellwarden.simulate.happening import Happenings, Scene, decoy
from cellwarden.simulate.map import SECTORS
from cellwarden.simulate.places import Extra
from cellwarden.simulate.randomness import DAY_S, HOUR_S, Whole, stream
from cellwarden.simulate.rows import IDENTITY, PROCEDURE, Rows
from cellwarden.simulate.sessions import MACRO_TAC
from cellwarden.simulate.writing import FIRST_WEEKDAY

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.crowd import Crowd
    from cellwarden.simulate.scenario import Scenario
    from cellwarden.simulate.signalling import World

PARTNER_PLMN = "45005"
"""A partner whose cells serve our people where the network is shared (B9)."""
ROAMER_PREFIX, TEST_PREFIX = "99970", "00101"
"""PLMN of visitors from abroad (fictional) and of the test laboratory (the standards' test network)."""


def happen(world: World, people: Crowd, scenario: Scenario) -> Happenings:
    """Let everything happen that the scenario names; house moves, venues and the like are the fleet's."""
    what = Happenings()
    what.restart_at = (scenario.history.days + max(1, scenario.size.days // 2)) * DAY_S + 14.2 * HOUR_S
    first_extra = world.first_small + len(world.fleet) + sum(len(attack.ids) for attack in scenario.attacks)
    ways = {
        "B1": _temporary_cell,
        "B2": _disaster_van,
        "B9": _shared_carrier,
        "B10": _festival,
        "B11": _airport,
        "B12": _core_restart,
        "B13": _gateway_restart,
        "B14": _laboratory,
        "B16": drivers,
        "B18": _power_loss,
        "B8": _renumbering,
    }
    for confounder in scenario.confounders:
        if confounder.code in ways:
            rng = stream(world.seed, f"confounder {confounder.code}")
            ways[confounder.code](Scene(world, people, rng, confounder, what, first_extra + len(what.extras)))
    return what


def _grown(people: Crowd) -> float:
    return min(4.0, max(0.3, float((people.count / 20_000) ** 0.5)))


def _district(world: World, x: float, y: float) -> str:
    return world.city.district_names[int(world.city.district(np.array([x]), np.array([y]))[0])]


def _saturday(people: Crowd) -> float:
    return (5.0 - FIRST_WEEKDAY) % 7 if people.days > 5 else 0.0


def _new_number(world: World, rng: Generator) -> int:
    free = np.setdiff1d(np.arange(76_800, max(78_400, int(world.city.enb[-1]) + 400)), world.city.enb)
    return int(rng.choice(free)) << 8 | SECTORS[0]


def _temporary_cell(scene: Scene) -> None:
    """A cell on wheels at an event, noon to ten at night; thousands of new people in life, fewer in a thin sample."""
    city = scene.world.city
    site = int(scene.rng.integers(len(city.site_x)))
    x, y = float(city.site_x[site] + 150), float(city.site_y[site] + 150)
    start = _saturday(scene.people) * DAY_S
    span = (start + 12 * HOUR_S, start + 22 * HOUR_S)
    number = _new_number(scene.world, scene.rng)
    scene.what.extras.append(Extra(number, tac=MACRO_TAC + int(city.area(np.array([x]), np.array([y]))[0])))
    scene.what.calls.append(crowd_calls(scene.rng, round(600 * _grown(scene.people)), (x, y), span, scene.station))
    if scene.wanted.in_calendar:
        more = {"cell": number, "district": _district(scene.world, x, y)}
        scene.what.events.append(
            {"from_at": span[0] - 3 * HOUR_S, "to_at": span[1] + 2 * HOUR_S, "kind": "temporary_cell", **more}
        )
    scene.what.note("B1", "temporary_cell", span, in_calendar=scene.wanted.in_calendar, cell=number)
    scene.what.decoys.append(decoy(number, "temporary_cell", "B1", span, "10.20.9.9"))


def _disaster_van(scene: Scene) -> None:
    """Two sites far apart fail on following days; a van with one cell serves in the place of each, over a satellite."""
    city = scene.world.city
    first = int(scene.rng.integers(len(city.site_x)))
    away = np.hypot(city.site_x - city.site_x[first], city.site_y - city.site_y[first])
    number, start = _new_number(scene.world, scene.rng), max(1, scene.people.days // 3) * DAY_S + 6.4 * HOUR_S
    area = int(city.area(city.site_x[first : first + 1], city.site_y[first : first + 1])[0])
    scene.what.extras.append(Extra(number, tac=MACRO_TAC + area, address="10.20.9.8"))
    for turn, site in enumerate((first, int(np.argmax(away)))):
        span = (start + turn * DAY_S, start + turn * DAY_S + 11 * HOUR_S)
        scene.what.replaced.append((*span, {site * 3 + sector: scene.station for sector in range(3)}))
        if scene.wanted.in_calendar:
            place = {"district": _district(scene.world, float(city.site_x[site]), float(city.site_y[site]))}
            scene.what.events.append(
                {"from_at": span[0] - HOUR_S, "to_at": span[1], "kind": "outage", "note": "mast down", **place}
            )
            scene.what.events.append({"from_at": span[0], "to_at": span[1], "kind": "temporary_cell", "cell": number, **place})
    span = (start, start + DAY_S + 11 * HOUR_S)
    scene.what.note("B2", "temporary_cell", span, in_calendar=scene.wanted.in_calendar, cell=number)
    scene.what.decoys.append(decoy(number, "temporary_cell", "B2", span, "10.20.9.8"))


def _shared_carrier(scene: Scene) -> None:
    """A partner's cell at the edge of the city serves our people, all the time."""
    x, y = 60.0, float(scene.world.city.side_m * scene.rng.uniform(0.2, 0.8))
    number = int(scene.rng.integers(300_000, 400_000)) << 8 | 21
    scene.what.extras.append(Extra(number, tac=9_001, address="10.21.250.7", plmn=PARTNER_PLMN))
    span = (0.0, scene.people.days * DAY_S)
    scene.what.calls.append(
        crowd_calls(
            scene.rng,
            round(60 * _grown(scene.people) * scene.people.days),
            (x + 400, y),
            (6 * HOUR_S, span[1] - 7200),
            scene.station,
        )
    )
    scene.what.note("B9", "shared_carrier", span, in_calendar=scene.wanted.in_calendar, cell=number)
    scene.what.decoys.append(decoy(number, "shared_carrier", "B9", span, "10.21.250.7", plmn=PARTNER_PLMN))


def _festival(scene: Scene) -> None:
    """A crowd under ordinary sectors: everybody is new there, and neighbours spike as well."""
    city = scene.world.city
    site = int(scene.rng.integers(len(city.site_x)))
    x, y = float(city.site_x[site]), float(city.site_y[site])
    span = (_saturday(scene.people) * DAY_S + 13 * HOUR_S, _saturday(scene.people) * DAY_S + 22.5 * HOUR_S)
    for sector in range(3):
        scene.what.calls.append(crowd_calls(scene.rng, round(350 * _grown(scene.people)), (x, y), span, site * 3 + sector))
    if scene.wanted.in_calendar:
        more = {"district": _district(scene.world, x, y), "note": "summer music festival"}
        scene.what.events.append({"from_at": span[0], "to_at": span[1], "kind": "festival", **more})
    scene.what.note(
        "B10",
        "festival",
        span,
        in_calendar=scene.wanted.in_calendar,
        subject_kind="district",
        subject=_district(scene.world, x, y),
    )


def _airport(scene: Scene) -> None:
    """Flights every hour or so from 6 to 23 h: visitors from abroad attach with IMSI, people of ours after flight mode without."""
    city, days = scene.world.city, scene.people.days
    site = int(np.argmax(city.site_x + city.site_y))
    travellers = np.flatnonzero((scene.people.device == 0) & (scene.people.home_cell < 0) & (scene.people.work_cell < 0))
    travellers = scene.rng.choice(travellers, min(len(travellers), round(0.05 * scene.people.count)), replace=False)
    abroad = travellers[scene.rng.random(len(travellers)) < 0.6]
    scene.people.rooted[travellers], scene.people.has_work[travellers] = True, False
    scene.people.home_x[travellers], scene.people.home_y[travellers] = city.site_x[site] + 40, city.site_y[site] + 40
    scene.people.rate[travellers] = 0.6
    scene.what.strangers |= {int(who): ROAMER_PREFIX for who in abroad}
    flights = np.concatenate(
        [day * DAY_S + np.arange(6.2, 23, 1.3) * HOUR_S + scene.rng.normal(0, 240, 13) for day in range(days)]
    )
    flight = scene.rng.integers(0, len(flights), len(travellers) * 2)
    who = np.repeat(travellers, 2).astype(np.int64)
    at = flights[flight] + scene.rng.exponential(240, len(who))
    count = len(who)
    shows = scene.rng.random(count) < np.where(np.isin(who, abroad), 0.85, 0.06)
    scene.what.comings.append(
        Comings(
            who,
            at,
            at + scene.rng.uniform(600, 4000, count),
            site * 3 + scene.rng.integers(0, 3, count),
            np.where(shows, ENTRY_IMSI, ENTRY_ATTACH),
            np.zeros(count, dtype=np.int64),
            np.full(count, USUAL, dtype=np.int64),
            scene.rng.poisson(1.5, count),
        )
    )
    for sector in range(3):
        number = int(city.cell_numbers()[site * 3 + sector])
        scene.what.note("B11", "airport", (0.0, days * DAY_S), in_calendar=scene.wanted.in_calendar, cell=number)
        address = f"10.20.{site // 250}.{site % 250 + 2}"
        scene.what.decoys.append(decoy(number, "airport", "B11", (0.0, days * DAY_S), address))


def _core_restart(scene: Scene) -> None:
    """One core of the pool loses all contexts: nine phones in ten come back with IMSI within 20 minutes, under all cells."""
    at = scene.what.restart_at
    who = np.flatnonzero((scene.people.core == 0) & (scene.rng.random(scene.people.count) < 0.9)).astype(np.int64)
    back = at + scene.rng.beta(1.2, 3.0, len(who)) * 1200.0
    scene.what.rows.append(Rows.of(back, who, np.full(len(who), -1), PROCEDURE["attach"], identity=IDENTITY["imsi"]))
    if scene.wanted.in_calendar:
        more = {"core": CORES[0], "note": "all contexts lost"}
        scene.what.events.append({"from_at": at - 300, "to_at": at + 1500, "kind": "core_restart", **more})
    scene.what.note(
        "B12", "core_restart", (at, at + 1200), in_calendar=scene.wanted.in_calendar, subject_kind="core", subject=CORES[0]
    )


def _gateway_restart(scene: Scene) -> None:
    """All tunnels of one security gateway join again at night."""
    at = scene.what.gateway_restart_at = max(1, scene.people.days // 2 - 1) * DAY_S + 3.1 * HOUR_S
    if scene.wanted.in_calendar:
        scene.what.events.append({"from_at": at - 900, "to_at": at + 1800, "kind": "gateway_restart", "gateway": "segw-2"})
    scene.what.note(
        "B13", "gateway_restart", (at, at + 600), in_calendar=scene.wanted.in_calendar, subject_kind="gateway", subject="segw-2"
    )


def _laboratory(scene: Scene) -> None:
    """Test phones attach with IMSI forty times a working day under the laboratory's own cell."""
    labs = [index for index, cell in enumerate(scene.world.fleet) if cell.use == "laboratory"]
    testers = np.flatnonzero((scene.people.device == 0) & (scene.people.home_cell < 0) & (scene.people.work_cell < 0))
    testers = scene.rng.choice(testers, min(len(testers), 4 * len(labs)), replace=False)
    scene.people.rooted[testers], scene.people.has_work[testers], scene.people.rate[testers] = True, False, 0.1
    scene.what.strangers |= {int(who): TEST_PREFIX for who in testers}
    for turn, index in enumerate(labs):
        mine = testers[turn * 4 : turn * 4 + 4]
        cell = scene.world.fleet[index]
        scene.people.home_x[mine], scene.people.home_y[mine], scene.people.home_cell[mine] = (
            cell.x,
            cell.y,
            scene.world.first_small + index,
        )
        slots = np.concatenate(
            [day * DAY_S + np.arange(9.0, 18.0, 0.9) * HOUR_S for day in range(scene.people.days) if day % 7 < 5]
        )
        who, at = np.repeat(mine, len(slots)).astype(np.int64), np.tile(slots, len(mine))
        count, none = len(who), np.zeros(len(who), dtype=np.int64)
        at = at + scene.rng.uniform(0, 1500, count)
        where = np.full(count, scene.world.first_small + index)
        entry = np.full(count, ENTRY_IMSI)
        scene.what.comings.append(
            Comings(who, at, at + scene.rng.uniform(60, 900, count), where, entry, none, none + USUAL, none)
        )


def _power_loss(scene: Scene) -> None:
    """Meters and the like of a district lose power and come back together, with IMSI."""
    at = max(1, scene.people.days * 2 // 3) * DAY_S + 15.6 * HOUR_S
    things = np.flatnonzero(scene.people.device == 3)
    district = scene.world.city.district(scene.people.home_x, scene.people.home_y)
    at_place = int(np.bincount(district[things]).argmax()) if len(things) else 0
    who = things[district[things] == at_place].astype(np.int64)
    back = at + scene.rng.exponential(60.0, len(who))
    scene.what.rows.append(Rows.of(back, who, np.full(len(who), -1), PROCEDURE["attach"], identity=IDENTITY["imsi"]))
    place = scene.world.city.district_names[at_place]
    if scene.wanted.in_calendar:
        scene.what.events.append(
            {"from_at": at - 1800, "to_at": at + 900, "kind": "outage", "district": place, "note": "mains failure"}
        )
    scene.what.note(
        "B18", "iot_power_loss", (at, at + 600), in_calendar=scene.wanted.in_calendar, subject_kind="district", subject=place
    )


def _renumbering(scene: Scene) -> None:
    """A share of the sites gets new eNB identities within one maintenance window at night."""
    city = scene.world.city
    at = scene.what.renumbered_at = max(1, scene.people.days // 2) * DAY_S + 2.4 * HOUR_S
    sites = scene.rng.choice(len(city.site_x), max(2, round(min(0.6, scene.wanted.count) * len(city.site_x))), replace=False)
    free = scene.rng.permutation(np.setdiff1d(np.arange(76_800, max(78_400, int(city.enb[-1]) + 800)), city.enb))
    numbers: Whole = city.cell_numbers()
    for turn, site in enumerate(sites):
        for sector in range(3):
            old = int(site) * 3 + sector
            new = int(free[turn]) << 8 | SECTORS[sector]
            scene.what.renumbered[old] = new
            if scene.wanted.in_calendar:
                more = {"cell": int(numbers[old]), "new_cell": new}
                scene.what.events.append({"from_at": at - 1800, "to_at": at + 5400, "kind": "renumbering", **more})
            scene.what.note(
                "B8", "renumbering", (at, scene.people.days * DAY_S), in_calendar=scene.wanted.in_calendar, cell=new
            )
