"""The registry as the operator kept it: macro sectors, small cells in service, and ids that live on paper only."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.simulate.map import SECTORS
from cellwarden.simulate.population import NEVER
from cellwarden.simulate.randomness import DAY_S, HOUR_S, stream
from cellwarden.simulate.sessions import FLEET_CERTIFICATE, HOME_TAC, MACRO_TAC, PLMN, home_tac, moved_line
from cellwarden.simulate.writing import instant

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.fleet import SmallCell
    from cellwarden.simulate.signalling import World

_MACRO_CERTIFICATE = hashlib.sha256(b"example macro").hexdigest()
_CLERKS = ("registry", "registry", "registry", "provisioning", "field-team")


def equipment_rows(world: World) -> list[dict[str, Any]]:
    """Return one row a version of a cell, in the order of recording."""
    rng = stream(world.seed, "equipment")
    rows = _macros(world, rng)
    for cell in world.fleet:
        rows += _small(world, rng, cell)
    return sorted(rows, key=lambda row: (row["recorded_at"], row["cell"]))


def _order(rng: Generator, at: float) -> str:
    return f"WO-{instant(at):%Y-%m%d}-{rng.integers(1, 100):02d}"


def _macros(world: World, rng: Generator) -> list[dict[str, Any]]:
    city = world.city
    tac = MACRO_TAC + city.area(city.site_x, city.site_y)
    lat, lon = city.latitude(city.site_y), city.longitude(city.site_x)
    rows = []
    for station, number in enumerate(city.cell_numbers()):
        site = station // 3
        since = -float(rng.uniform(400, 2200)) * DAY_S
        rows.append(
            {
                "equipment_id": f"ENB-{city.enb[site]}-{SECTORS[station % 3]}",
                "cell": int(number),
                "cell_type": "macro",
                "kind": "macro",
                "status": "active",
                "valid_from": instant(since),
                "recorded_at": instant(since + float(rng.uniform(60, 7200))),
                "recorded_by": "registry",
                "tac": int(tac[site]),
                "plmn": PLMN,
                "serial": f"EX-{city.enb[site]}{station % 3}",
                "vendor": "ExampleVendor",
                "software": "22.1",
                "certificate": _MACRO_CERTIFICATE,
                "lat": round(float(lat[site]), 5),
                "lon": round(float(lon[site]), 5),
                "work_order": _order(rng, since),
            }
        )
    return rows


def _small(  # noqa: C901  # one version after the other, by the story of the cell
    world: World, rng: Generator, cell: SmallCell
) -> list[dict[str, Any]]:
    def version(
        status: str, since: float, recorded_at: float, place: tuple[float, float] | None = None, **changes: object
    ) -> dict[str, Any]:
        x, y = place or (cell.x, cell.y)
        lat, lon = world.city.latitude(np.array([y]))[0], world.city.longitude(np.array([x]))[0]
        off = status in ("deleted", "scrapped")
        return {
            "equipment_id": cell.equipment_id,
            "cell": cell.number,
            "cell_type": "home",
            "kind": "mobile" if cell.use == "bus" else "femto",
            "status": status,
            "valid_from": instant(since),
            "recorded_at": instant(recorded_at),
            "recorded_by": _CLERKS[int(rng.integers(len(_CLERKS)))],
            "tac": home_tac(world, float(x), float(y)),
            "plmn": PLMN,
            "serial": cell.serial,
            "vendor": cell.vendor,
            "software": cell.software,
            "certificate": FLEET_CERTIFICATE,
            "access_line": None if off else cell.access_line,
            "source_networks": None if off else cell.networks,
            "lat": None if cell.use == "bus" else round(float(lat), 5),
            "lon": None if cell.use == "bus" else round(float(lon), 5),
            "work_order": _order(rng, since),
            **changes,
        }

    def later(at: float) -> float:
        return at + float(rng.uniform(60, 4 * HOUR_S))

    if cell.former is not None:
        equipment_id, serial, since = cell.former
        old: dict[str, object] = {"equipment_id": equipment_id, "serial": serial}
        place = (cell.x * 0.6 + 500, cell.y * 0.6 + 500)
        return [
            version("active", since, later(since), place, access_line=None, **old),
            version("deleted", cell.status_at, later(cell.status_at), place, **old),
            version("active", cell.recorded_at - HOUR_S, cell.recorded_at),
        ]
    rows = [version("active", cell.installed_at, cell.recorded_at)]
    if cell.use == "idle":
        if cell.status == "planned":
            return [version("planned", cell.status_at, later(cell.status_at))]
        rows.append(version("lost" if cell.status == "recovered" else cell.status, cell.status_at, later(cell.status_at)))
        if cell.status == "recovered":
            back = cell.status_at + 40 * DAY_S
            rows.append(version("recovered", back, later(back)))
        if rng.random() < 0.5:
            rows[0]["valid_to"] = rows[1]["valid_from"]
    if cell.asleep and cell.asleep[1] < NEVER:
        since, back = cell.asleep
        rows += [version("dormant", since, later(since + 90 * DAY_S)), version("active", back, later(back))]
    if works := cell.rehoming:
        box = {"serial": works.serial, "vendor": works.vendor, "software": works.software}
        rows.append({**version("active", works.at, works.recorded_at), "tac": HOME_TAC + works.area, **box})
    if cell.moves_at < NEVER and cell.story != "carried_cell":
        place = (cell.next_x, cell.next_y)
        rows.append(version("active", cell.moves_at, later(cell.moves_at), place=place, access_line=moved_line(cell)))
    return rows
