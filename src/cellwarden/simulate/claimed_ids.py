"""Whose number each id of a rogue unit is: a dead one's, a live one's, nobody's, or one slipped into the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.simulate.fleet import NUMBERS, SOFTWARE, SmallCell
from cellwarden.simulate.map import SECTORS
from cellwarden.simulate.randomness import DAY_S
from cellwarden.simulate.sessions import FLEET_CERTIFICATE, PLMN, home_tac
from cellwarden.simulate.writing import instant

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.scenario import Attack
    from cellwarden.simulate.signalling import World
    from cellwarden.simulate.van import Plan, RogueCell, Stop


def choose_ids(world: World, rng: Generator, plan: Plan, attack: Attack, taken: set[int]) -> list[dict[str, Any]]:
    """Give each id of a unit its number, and return the registry rows that an insider added for it.

    Numbers come from the registry's dead, from nowhere, from a live home, or from the macro range.
    """
    inserted = []
    issued = {cell.number for cell in world.fleet}
    for rogue in (cell for cell in plan.cells if cell.unit == attack.unit):
        stops = [stop for stop in plan.stops if stop.cell is rogue]
        if rogue.reason in ("never_issued_id", "inserted_id"):
            free = (int(number) for number in rng.integers(*NUMBERS, 9999))
            rogue.number = next(number for number in free if number not in issued and number not in taken)
        elif rogue.reason == "macro_id":
            unused = np.setdiff1d(np.arange(76_800, 78_200), world.city.enb)
            rogue.number = int(rng.choice(unused)) << 8 | SECTORS[int(rng.integers(3))]
            rogue.cell_type = "macro"
        elif rogue.reason == "cloned_id":
            rogue.claims = _live_owner(world, rng, stops, {cell.number for cell in plan.cells if cell.claims is not None})
            rogue.number = rogue.claims.number
            if attack.beside_owner:
                rogue.claims.off_from = min(stop.from_at for stop in stops) - 400.0
                for stop in stops:
                    stop.x, stop.y = rogue.claims.x + 12.0, rogue.claims.y - 9.0
        else:
            status = rogue.reason.removesuffix("_id")
            dead = [cell for cell in world.fleet if cell.use == "idle" and cell.status == status and cell.number not in taken]
            if not dead:
                rogue.reason, status = "deleted_id", "deleted"
                dead = [cell for cell in world.fleet if cell.use == "idle" and cell.number not in taken]
            rogue.claims = dead[int(rng.integers(len(dead)))]
            rogue.reason = f"{rogue.claims.status}_id"
            rogue.number = rogue.claims.number
        taken.add(rogue.number)
        if rogue.reason == "inserted_id":
            inserted.append(_inserted(world, rng, rogue, stops[0]))
    return inserted


def _inserted(world: World, rng: Generator, rogue: RogueCell, stop: Stop) -> dict[str, Any]:
    """Return the row that an insider added: clean, backdated, without order, address or line (A19)."""
    recorded = stop.from_at - float(rng.uniform(1.0, 4.0)) * DAY_S
    return {
        "equipment_id": f"HNB-{rng.integers(10_000, 100_000)}",
        "cell": rogue.number,
        "cell_type": "home",
        "kind": "femto",
        "status": "active",
        "valid_from": instant(recorded - float(rng.uniform(200, 500)) * DAY_S),
        "recorded_at": instant(recorded),
        "recorded_by": "provisioning",
        "tac": home_tac(world, stop.x, stop.y),
        "plmn": PLMN,
        "serial": f"FX-{rng.integers(100_000, 1_000_000)}",
        "vendor": "ExampleVendor",
        "software": SOFTWARE[0],
        "certificate": FLEET_CERTIFICATE,
    }


def _live_owner(world: World, rng: Generator, stops: list[Stop], cloned: set[int]) -> SmallCell:
    """Return a live home far from the stops in which at least two people live."""
    x, y = (float(np.mean([getattr(stop, axis) for stop in stops])) for axis in "xy")
    members = np.bincount(world.people.home_cell[world.people.home_cell >= 0], minlength=world.first_small + len(world.fleet))
    ranked = []
    for index, cell in enumerate(world.fleet):
        if cell.use == "home" and not cell.story and cell.number not in cloned and cell.installed_at < -30 * DAY_S:
            far = float(np.hypot(cell.x - x, cell.y - y)) > 0.35 * world.city.side_m
            ranked.append((far, min(3, int(members[world.first_small + index])), float(rng.random()), index))
    return world.fleet[max(ranked)[3]]
