"""How small cells join: tunnels with their addresses, and the link rows that they leave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.simulate.map import SECTORS
from cellwarden.simulate.population import NEVER
from cellwarden.simulate.randomness import DAY_S, HOUR_S, stream
from cellwarden.simulate.writing import instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from numpy.random import Generator

    from cellwarden.simulate.fleet import SmallCell
    from cellwarden.simulate.signalling import World

PLMN = "45008"
OWN_ASN, OTHER_ASN, PARTNER_ASN = 64500, 64510, 64511
FLEET_CERTIFICATE = hashlib.sha256(b"example femto fleet").hexdigest()
"""One for the whole fleet, as in the case (public case figures)."""
MACRO_TAC, HOME_TAC = 5101, 5201
"""Of the first area; macro and home cells never share a tracking area."""
_FEW = 330
"""Small cells up to which one network of addresses is enough."""
_CERTIFICATE_FROM, _CERTIFICATE_TO = -5 * 365 * DAY_S, 5 * 365 * DAY_S


@dataclass(slots=True)
class Session:
    """One tunnel of one small cell, as it presented itself; seconds since the first local midnight."""

    station: int
    number: int
    from_at: float
    to_at: float
    outer: str
    port: int
    inner: str
    asn: int
    tac: int
    equipment_id: str | None
    name: str | None
    serial: str
    software: str
    access_line: str | None
    x: float
    y: float
    gateway: str
    habits: dict[str, bool]
    ends_quietly: bool = False
    """No `ike_down` was logged."""
    cell_type: str = "home"
    """As claimed at the setup."""


def inner_addresses(seed: int, count: int = 64 * 254) -> Iterator[str]:
    """Yield addresses of the tunnels' pool, each once, in no order."""
    for number in stream(seed, "inner addresses").permutation(np.arange(1, count)):
        yield f"10.21.{number // 254}.{number % 254 + 1}"


def honest_sessions(  # noqa: C901, PLR0912  # one customer after the other, each with its own story
    world: World, inner: Iterator[str], gateway_restart_at: float
) -> list[Session]:
    """Return the tunnels of the fleet, up before the window or since their installation, with some reconnections.

    A cell reconnects about every twelve days (assumption); one customer's line gets a new address every morning.
    """
    rng = stream(world.seed, "sessions")
    if len(world.fleet) > _FEW:
        free = [f"198.18.{number // 250}.{number % 250 + 1}" for number in rng.permutation(np.arange(60_000))]
    else:
        free = [f"192.0.2.{number}" for number in rng.permutation(np.arange(1, 255))]
    partner = [f"203.0.113.{number}" for number in rng.permutation(np.arange(193, 255))]
    lines = {name: cycle(list(addresses)) for name, addresses in other_lines(world.seed).items()}
    sessions: list[Session] = []
    for index, cell in enumerate(world.fleet):
        if cell.asleep or cell.status in ("deleted", "lost", "scrapped", "suspended", "dormant"):
            span = cell.installed_at + float(rng.uniform(0.2, 3)) * HOUR_S, (cell.asleep or (cell.status_at, 0.0))[0] - 300.0
            outer = free[int(rng.integers(len(free)))]
            sessions.append(_session(world, rng, index, span=span, outer=outer, inner=next(inner)))
        if cell.use == "idle":
            continue
        pool = partner if cell.story == "other_line" else free
        starts = [max(cell.on_from, cell.installed_at + HOUR_S, -float(rng.uniform(1, 45)) * DAY_S)]
        if cell.story == "dynamic_address":
            starts += [day * DAY_S + 4 * HOUR_S + float(rng.normal(0, 400)) for day in range(world.people.days)]
        else:
            starts += [float(at) for at in rng.uniform(0, world.until, rng.poisson(world.people.days / 12.0))]
        if cell.gateway == "segw-2":
            starts.append(gateway_restart_at + float(rng.uniform(20, 600)))
        if cell.rehoming:
            starts.append(cell.rehoming.at)
        if cell.moves_at < NEVER:
            starts.append(cell.moves_at)
        if cell.returns_at < NEVER:
            starts.append(cell.returns_at)
        starts = sorted(at for at in set(starts) if starts[0] <= at < cell.off_from)
        outer, address = next(lines[cell.provider]) if cell.provider else pool.pop(), next(inner)
        for number, start in enumerate(starts):
            stops = starts[number + 1] - float(rng.uniform(25, 120)) if number + 1 < len(starts) else cell.off_from
            if number and (cell.story == "dynamic_address" or start == cell.moves_at or rng.random() < 0.3):
                if cell.provider:
                    outer = next(lines[cell.provider])
                else:
                    pool.insert(0, outer)
                    outer = pool.pop()
            if number and (start == cell.moves_at or (cell.rehoming and start == cell.rehoming.at) or rng.random() < 0.5):
                address = next(inner)
            sessions.append(_session(world, rng, index, span=(start, stops), outer=outer, inner=address))
    return sessions


def other_lines(seed: int) -> dict[str, list[str]]:
    """Return the addresses of small cells behind other providers' lines, by provider; more cells than addresses share them."""
    rng = stream(seed, "other lines")
    partner, other = rng.permutation(np.arange(1, 193)), rng.permutation(np.arange(1, 255))
    return {
        "partner": [f"203.0.113.{number}" for number in partner],
        "other": [f"198.51.100.{number}" for number in other[:170]],
    }


def _session(world: World, rng: Generator, index: int, *, span: tuple[float, float], outer: str, inner: str) -> Session:
    cell = world.fleet[index]
    moved = cell.moves_at <= span[0] < cell.returns_at
    x, y = (cell.next_x, cell.next_y) if moved else (cell.x, cell.y)
    works = cell.rehoming if cell.rehoming and cell.rehoming.at <= span[0] else None
    return Session(
        station=world.first_small + index,
        number=cell.number,
        from_at=span[0],
        to_at=span[1],
        outer=outer,
        port=int(4500 if rng.random() < 0.75 else rng.integers(20_000, 60_000)),
        inner=inner,
        asn=PARTNER_ASN if outer.startswith("203.") else OTHER_ASN if outer.startswith("198.51.") else OWN_ASN,
        tac=HOME_TAC + works.area if works else home_tac(world, x, y),
        equipment_id=cell.equipment_id if cell.habits["identity"] else None,
        name=device_name(cell.equipment_id, cell.habits, cell.number),
        serial=(works or cell).serial,
        software=(works or cell).software,
        access_line=moved_line(cell) if moved else cell.access_line,
        x=x,
        y=y,
        gateway=(works or cell).gateway,
        habits={**cell.habits, "place": cell.habits["place"] and cell.use != "bus"},
        ends_quietly=bool(rng.random() < 0.2),
    )


def moved_line(cell: SmallCell) -> str | None:
    """Return the wireline of the house that the customer moved to."""
    return None if cell.access_line is None else f"{cell.access_line[:-1]}{(int(cell.access_line[-1]) + 3) % 10}"


def home_tac(world: World, x: float, y: float) -> int:
    """Return the tracking area configured for a home cell at that place."""
    return HOME_TAC + int(world.city.area(np.array([x]), np.array([y]))[0])


def device_name(equipment_id: str | None, habits: dict[str, bool], number: int) -> str | None:
    """Return the name that a device sends: none, its id, or for one in seven a name of its own."""
    return None if not habits["name"] else f"femto-{number % 997}" if number % 7 == 0 else equipment_id


def link_rows(world: World, sessions: list[Session]) -> list[dict[str, Any]]:
    """Return the rows that the tunnels left, in time order, none after the window."""
    rng = stream(world.seed, "links")
    enb = world.city.enb
    found = []
    for session in sorted(sessions, key=lambda one: (one.from_at, one.station)):
        heard = world.city.heard(session.x, session.y, rng)
        neighbours = " ".join(f"{enb[sector // 3]}-{SECTORS[sector % 3]}" for sector in heard)
        lat, lon = (
            float(axis[0]) for axis in (world.city.latitude(np.array([session.y])), world.city.longitude(np.array([session.x])))
        )
        base = {
            "equipment_id": session.equipment_id,
            "cell": session.number,
            "cell_type": session.cell_type,
            "tac": session.tac,
            "plmn": PLMN,
            "source_ip": session.outer,
            "source_port": session.port,
            "inner_ip": session.inner,
            "asn": session.asn,
            "country": "KR",
            "certificate": FLEET_CERTIFICATE,
            "certificate_not_before": instant(_CERTIFICATE_FROM),
            "certificate_not_after": instant(_CERTIFICATE_TO),
            "certificate_issuer": "CN=Example Femto CA",
            "serial": session.serial,
            "software": session.software,
            "access_line": session.access_line if session.habits["line"] else None,
            "result": "ok",
            "gateway": session.gateway,
        }
        claimed = {
            "name": session.name,
            "lat": round(lat, 5) if session.habits["place"] else None,
            "lon": round(lon, 5) if session.habits["place"] else None,
            "neighbours": neighbours if session.habits["neighbours"] else None,
        }
        until = min(session.to_at, world.until)
        events: list[tuple[float, str, dict[str, Any]]] = [(session.from_at, "ike_up", {})]
        events.append((session.from_at + float(rng.uniform(4, 40)), "s1_setup", claimed))
        if session.habits["informs"]:
            inform = max(session.from_at + float(rng.uniform(45, 300)), float(rng.uniform(-2, 0)) * DAY_S)
            while inform < until and session.to_at > 0:
                events.append((inform, "hems_inform", claimed))
                inform += float(rng.uniform(1.5, 3.0)) * DAY_S
        if session.to_at < world.until and not session.ends_quietly:
            events.append((session.to_at, "ike_down", {}))
        found += [{"at": instant(at), "event": event, **base, **more} for at, event, more in events if at < world.until]

    def when(row: dict[str, Any]) -> datetime:
        at: datetime = row["at"]
        return at

    return sorted(found, key=when)
