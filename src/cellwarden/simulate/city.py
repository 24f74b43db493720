"""A small city with a rogue van: everything put together and written as a record folder, the truth beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.foundation.digest import canonical_json
from cellwarden.foundation.errors import UsageError
from cellwarden.records import tables
from cellwarden.records import vocabulary as v
from cellwarden.simulate import truth
from cellwarden.simulate.captures import capture_rows, catch
from cellwarden.simulate.equipment import equipment_rows
from cellwarden.simulate.finish import CORES, Names, Stations, access_table, draw_open, make_names, usage_table
from cellwarden.simulate.fleet import build_fleet
from cellwarden.simulate.map import SECTORS, build_map
from cellwarden.simulate.payments import CATEGORIES, MERCHANTS, Payments, make_payments
from cellwarden.simulate.population import build_population, plan_days
from cellwarden.simulate.randomness import DAY_S, HOUR_S, pick, stream
from cellwarden.simulate.rows import Rows, Stays
from cellwarden.simulate.sessions import OWN_ASN, PLMN, honest_sessions, inner_addresses, link_rows
from cellwarden.simulate.signalling import World, core_restart, everyday, journeys, rejected_first
from cellwarden.simulate.usage import Usage, ordinary_usage
from cellwarden.simulate.van import plan_van
from cellwarden.simulate.visits import make_visits, wanted
from cellwarden.simulate.voices import complaints, logins, tips
from cellwarden.simulate.writing import FIRST_WEEKDAY, arrow_table, instant, stamps, words, write, write_by_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

_OPERATOR = f"""\
name = "Example Mobile (fictional)"
time_zone = "Asia/Seoul"
own_plmns = ["{PLMN}"]
currency = "KRW"
own_networks = ["192.0.2.0/24", "10.20.0.0/15"]
own_asns = [{OWN_ASN}]
country = "KR"
"""
CONTROLLERS = ("own", "Example MVNO", "Sample Mobile")


@dataclass(frozen=True, slots=True)
class CityReport:
    """What was made; the manifest holds the same."""

    seed: int
    subscribers: int
    days: int
    rows: dict[str, int]
    """By table of the contract."""
    exposed: int
    """People with a row at a rogue cell."""
    thefts: int
    """Payments and attempts made through rogue cells."""


@dataclass(frozen=True, slots=True)
class Festival:
    """A temporary macro cell, its park and its hours."""

    number: int
    site: int
    x: float
    y: float
    from_at: float
    to_at: float


def build_city(
    out: Path, *, seed: int, subscribers: int = 20_000, days: int = 14, progress: Callable[[str, float], None] | None = None
) -> CityReport:
    """Write `out/records` by the contract and `out/truth` apart; the same arguments give the same bytes.

    Args:
        out: A folder; made if missing, files of the same name are replaced.
        seed: Any integer.
        subscribers: At least 800, so that the odd stories have their people.
        days: Local days from Monday 4 August 2025; at least 9, so that the six nights have a past.
        progress: Told what is under way and the share done, 0..1.

    Raises:
        UsageError: Too few subscribers or days.
    """
    if subscribers < 800 or days < 9:
        raise UsageError(
            f"{subscribers} subscribers and {days} days are too few for the stories of the city",
            fix="Ask for 800 subscribers and 9 days at least",
        )
    tell = progress or (lambda _what, _share: None)
    tell("people", 0.0)
    world = _world(seed, subscribers, days)
    festival = _festival(world)
    restart_at = 3 * DAY_S + 14.2 * HOUR_S
    gateway_restart_at = (days // 2 - 1) * DAY_S + 3.1 * HOUR_S
    tell("signalling", 0.1)
    daily = everyday(world)
    visit_rows, visits = make_visits(world, wanted(world, (festival.x, festival.y, festival.from_at, festival.to_at)))
    inner = inner_addresses(seed)
    honest = honest_sessions(world, inner, gateway_restart_at)
    tell("van", 0.3)
    plan = plan_van(world, daily, inner)
    captures = catch(world, plan, visits)
    stays = Stays.joined([visits, captures.stays()])
    payments, legs, paging = make_payments(world, plan, captures, stays)
    ordinary = Rows.joined([daily, journeys(world)])
    ordinary = ordinary.where(stays.find(ordinary.who, ordinary.at, margin_s=280) < 0)
    rows = Rows.joined([ordinary, visit_rows, capture_rows(world, captures), paging, core_restart(world, 0, restart_at, stays)])
    rows = Rows.joined([rows, rejected_first(rows, stream(seed, "rejects"))])
    rows = rows.where((rows.at >= 0) & (rows.at < world.until))
    rows = rows.where(np.lexsort((rows.who, rows.at)))
    draw_open(rows, seed)
    tell("records", 0.6)
    names = make_names(seed, subscribers)
    sessions = [*honest, *plan.sessions]
    stations = Stations.of(world, sessions, festival.number, festival.site, [cell.number for cell in plan.cells])
    usage = Usage.joined([ordinary_usage(world, stays), legs])
    payment_ids = [f"P{number:07d}" for number in range(1, len(payments.at) + 1)]

    def imsi(who: int) -> str:
        return names.imsi[who]

    records = {
        "access": access_table(world, rows, stations, names),
        "usage": usage_table(world, usage, stations, names),
        "payments": payments_table(payments, payment_ids, names),
        "subscribers": _subscribers_table(world, names),
        "equipment": table_of("equipment", equipment_rows(world)),
        "links": table_of("links", link_rows(world, sessions)),
        "complaints": table_of("complaints", complaints(world, payments, payment_ids, imsi)),
        "logins": table_of("logins", logins(world, payments, imsi)),
        "tips": table_of("tips", tips(world, payments)),
        "events": table_of("events", _events(world, festival, restart_at, gateway_restart_at)),
    }
    tell("writing", 0.8)
    _write_records(out / "records", records)
    exposed = truth.exposures(rows, plan, names)
    thefts = truth.thefts(payments, payment_ids, plan, captures.stop, names)
    for name, content in {
        "cells": truth.cells(world, plan, honest, [_temporary(festival)]),
        "exposures": exposed,
        "fraud_payments": thefts,
        "tracks": truth.tracks(world, plan),
    }.items():
        write(out / "truth" / f"{name}.parquet", content)
    counts = {name: int(content.num_rows) for name, content in records.items()}
    report = CityReport(seed, subscribers, days, counts, len(exposed.column("imsi").unique()), thefts.num_rows)
    (out / "truth" / "manifest.json").write_text(canonical_json(asdict(report)), encoding="utf-8")
    tell("done", 1.0)
    return report


def _world(seed: int, subscribers: int, days: int) -> World:
    city = build_map(seed, subscribers)
    people = build_population(seed, city, subscribers=subscribers, days=days, first_weekday=FIRST_WEEKDAY, cores=len(CORES))
    fleet = build_fleet(seed, city, people)
    plan_days(seed, people)
    return World(seed, city, people, fleet)


def _festival(world: World) -> Festival:
    """A Saturday noon to ten at night; its cell is a macro cell that no registry row announces."""
    rng = stream(world.seed, "festival")
    city = world.city
    site = int(rng.integers(len(city.site_x)))
    free = np.setdiff1d(np.arange(78_300, 78_400), city.enb)
    saturday = (5 - FIRST_WEEKDAY) % 7
    number = (int(rng.choice(free)) << 8) | SECTORS[0]
    x, y = float(city.site_x[site] + 150), float(city.site_y[site] + 150)
    return Festival(number, site, x, y, saturday * DAY_S + 12 * HOUR_S, saturday * DAY_S + 22 * HOUR_S)


def _temporary(festival: Festival) -> dict[str, Any]:
    return {
        "plmn": PLMN,
        "rat": "lte",
        "cell_type": "macro",
        "cell": festival.number,
        "unit": None,
        "kind": "decoy",
        "reason": "temporary_cell",
        "from_at": instant(festival.from_at),
        "to_at": instant(festival.to_at),
        "source": ["10.20.9.9"],
    }


def table_of(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as a table of the contract; keys that it does not know are left out."""
    table = tables.TABLES[name]
    return arrow_table(table, {column.name: [row.get(column.name) for row in rows] for column in table.columns})


def _write_records(folder: Path, records: dict[str, pa.Table]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "operator.toml").write_text(_OPERATOR, encoding="utf-8")
    write_by_day(folder / "access", records["access"])
    for name in ("usage", "payments", "links", "subscribers"):
        write(folder / f"{name}.parquet", records[name])
    for name in ("equipment", "complaints", "logins", "tips", "events"):
        write(folder / f"{name}.csv", records[name])


def payments_table(payments: Payments, payment_ids: list[str], names: Names) -> pa.Table:
    """Return the payments table."""
    shops = [shop for shops in MERCHANTS for shop in shops]
    sizes = np.array([len(shops) for shops in MERCHANTS])
    first = np.cumsum(sizes) - sizes
    count = len(payment_ids)
    return arrow_table(
        tables.PAYMENTS,
        {
            "payment_id": payment_ids,
            "at": stamps(payments.at),
            "imsi": words(payments.who, names.imsi),
            "channel": words(payments.channel, v.PAYMENT_CHANNELS),
            "kind": words(payments.kind, v.PAYMENT_KINDS),
            "merchant": words(first[payments.category] + payments.merchant % sizes[payments.category], shops),
            "category": words(payments.category, CATEGORIES),
            "amount": payments.amount,
            "currency": words(np.zeros(count, dtype=np.int64), ("KRW",)),
            "status": words(payments.status, v.PAYMENT_STATUSES),
            "disputed_at": stamps(payments.disputed_at),
        },
    )


def _subscribers_table(world: World, names: Names) -> pa.Table:
    """About 15 % with a virtual operator (assumption)."""
    rng, people = stream(world.seed, "subscribers"), world.people
    count = people.count
    order = np.argsort(np.array(names.imsi))
    joined = [date(2010, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 5_600, count)]
    columns: dict[str, Any] = {
        "imsi": words(order, names.imsi),
        "msisdn": words(order, names.msisdn),
        "controller": words(pick(rng, {0: 85, 1: 10, 2: 5}, count), CONTROLLERS),
        "birth_decade": pick(rng, {1940: 5, 1950: 11, 1960: 17, 1970: 18, 1980: 17, 1990: 17, 2000: 12, 2010: 3}, count),
        "sex": words(rng.integers(0, 2, count), v.SEXES),
        "district": words(
            world.city.district(people.home_x[order], people.home_y[order]), [f"Example-gu {number}" for number in range(1, 10)]
        ),
        "joined_on": joined,
        "language": words(pick(rng, {0: 96, 1: 4}, count), v.LANGUAGES),
        "device_class": words(pick(rng, {0: 93, 1: 4, 2: 2, 3: 1}, count), v.DEVICE_CLASSES),
    }
    return arrow_table(tables.SUBSCRIBERS, columns)


def _events(world: World, festival: Festival, restart_at: float, gateway_restart_at: float) -> list[dict[str, Any]]:
    """The operators' own calendar; other works of the window are missing from it, as in real life."""
    rng = stream(world.seed, "events")
    numbers = world.city.cell_numbers()
    district = int(world.city.district(np.array([festival.x]), np.array([festival.y]))[0])
    place = f"Example-gu {district + 1}"
    rows = [
        {
            "from_at": restart_at - 300,
            "to_at": restart_at + 1500,
            "kind": "core_restart",
            "core": CORES[0],
            "note": "all contexts lost",
        },
        {
            "from_at": gateway_restart_at - 900,
            "to_at": gateway_restart_at + 1800,
            "kind": "gateway_restart",
            "gateway": "segw-2",
        },
        {
            "from_at": festival.from_at,
            "to_at": festival.to_at,
            "kind": "festival",
            "district": place,
            "note": "summer music festival",
        },
        {
            "from_at": festival.from_at - 3 * HOUR_S,
            "to_at": festival.to_at + 2 * HOUR_S,
            "kind": "temporary_cell",
            "cell": festival.number,
            "district": place,
        },
    ]
    for _ in range(3):
        at = float(rng.integers(0, world.people.days)) * DAY_S + 2 * HOUR_S
        rows.append({"from_at": at, "to_at": at + 2 * HOUR_S, "kind": "maintenance", "cell": int(rng.choice(numbers))})
    ordered = sorted(rows, key=lambda row: float(str(row["from_at"])))
    return [
        {**row, "from_at": instant(float(str(row["from_at"]))), "to_at": instant(float(str(row["to_at"])))} for row in ordered
    ]
