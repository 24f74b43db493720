"""Every table of the records but access, from what a scenario made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from cellwarden.simulate.city import payments_table, table_of
from cellwarden.simulate.equipment import equipment_rows
from cellwarden.simulate.finish import usage_table
from cellwarden.simulate.map import SECTORS
from cellwarden.simulate.people_table import subscribers_table
from cellwarden.simulate.places import TYPE
from cellwarden.simulate.randomness import DAY_S, HOUR_S, Truths, Whole, stream
from cellwarden.simulate.sessions import OWN_ASN, PLMN, link_rows
from cellwarden.simulate.spoken import spoken
from cellwarden.simulate.usage import Usage, ordinary_usage
from cellwarden.simulate.voices import logins, tips
from cellwarden.simulate.writing import TIME_ZONE, instant, write

if TYPE_CHECKING:
    from pathlib import Path

    from cellwarden.simulate.access_files import Book
    from cellwarden.simulate.attacks import Attacks
    from cellwarden.simulate.captures import Captures
    from cellwarden.simulate.crowd import Crowd
    from cellwarden.simulate.faults import Breakage
    from cellwarden.simulate.finish import Names
    from cellwarden.simulate.happening import Happenings
    from cellwarden.simulate.payments import Payments
    from cellwarden.simulate.places import Places
    from cellwarden.simulate.randomness import Reals
    from cellwarden.simulate.rows import Stays
    from cellwarden.simulate.scenario import Scenario
    from cellwarden.simulate.sessions import Session
    from cellwarden.simulate.signalling import World

_OPERATOR = f"""\
name = "Example Mobile (fictional)"
time_zone = "{TIME_ZONE}"
own_plmns = ["{PLMN}"]
currency = "KRW"
own_networks = ["192.0.2.0/24", "198.18.0.0/15", "10.20.0.0/15"]
own_asns = [{OWN_ASN}]
country = "KR"
"""
_FORMATS = {"usage": "parquet", "payments": "parquet", "links": "parquet", "subscribers": "parquet"}
"""The others are CSV, and whatever has its cell numbers as text."""
_VISITED = 0.08
"""Share of the small cells in service that are inspected in the window (assumption)."""
_STRICT_S = 30 * DAY_S
"""For so long the registry has hardly taken a row without an order (assumption)."""
_HOLES = 0.2
"""Share of the calendar that nobody wrote down (0 to 40 % in simulation.md)."""


@dataclass(slots=True)
class Made:
    """Everything that the records and the truth are written from."""

    wanted: Scenario
    seed: int
    world: World
    people: Crowd
    what: Happenings
    attacks: Attacks
    honest: list[Session]
    places: Places
    names: Names
    stays: Stays
    payments: Payments
    legs: Usage
    captures: Captures
    successions: list[tuple[float, float, Whole]]
    """From, to, and each station's successor (or itself) in that time."""
    book: Book
    said: list[dict[str, Any]] = field(default_factory=list)
    """Complaints with their causes."""

    @property
    def payment_ids(self) -> list[str]:
        """One a payment, in order of time."""
        return [f"P{number:07d}" for number in range(1, len(self.payments.at) + 1)]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Places as `usage_table` asks for them."""

    places: Places
    number: Whole
    address: list[str]

    def at(self, station: Whole, when: Reals) -> tuple[Whole, Whole, Truths]:
        """Return tracking area, index of the address, and whether it is a home cell."""
        where = self.places.at(station, (when * 1000.0).astype(np.int64), 0)
        return where.tac, where.source.astype(np.int64), where.cell_type == TYPE["home"]


def write_tables(made: Made, folder: Path, breakage: Breakage | None) -> dict[str, int]:
    """Write them and return how many rows each has; usage first and by itself, since a large city's is most of the memory."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "operator.toml").write_text(_OPERATOR, encoding="utf-8")
    world, names = made.world, made.names

    def imsi(who: int) -> str:
        return names.imsi[who]

    usage = Usage.joined([ordinary_usage(world, made.stays), made.legs])
    inside = (usage.at >= 0) & (usage.at < world.until)
    inside[inside] = made.wanted.history.kept(made.people.days)[(usage.at[inside] // DAY_S).astype(np.int64)]
    usage = Usage(*(getattr(usage, one)[inside] for one in Usage.__slots__))
    for first, last, successor in made.successions:
        within = (usage.at >= first) & (usage.at < last)
        usage.station[within] = successor[usage.station[within]]
    seen: Any = _Seen(made.places, made.places.number, made.places.addresses.to_pylist())
    made.said += spoken(
        world, made.wanted, made.payments, made.payment_ids, imsi, attacks=made.attacks, confounders=made.what.confounders
    )
    rows: dict[str, int] = {}

    def put(name: str, table: pa.Table) -> None:
        if name not in made.wanted.network.without:
            table = breakage.as_spelled(name, table) if breakage else table
            is_text = "cell" in table.column_names and pa.types.is_string(table.schema.field("cell").type)
            write(folder / f"{name}.{'csv' if is_text else _FORMATS.get(name, 'csv')}", table)
            rows[name] = int(table.num_rows)

    put("usage", usage_table(world, usage, seen, names))
    del usage
    content: dict[str, pa.Table] = {
        "payments": payments_table(made.payments, made.payment_ids, names),
        "subscribers": subscribers_table(world, made.people, names, PLMN),
        "equipment": table_of("equipment", _registry(made)),
        "links": table_of("links", link_rows(world, [*made.honest, *made.attacks.plan.sessions])),
        "complaints": table_of("complaints", made.said),
        "logins": table_of("logins", logins(world, made.payments, imsi)),
        "tips": table_of("tips", tips(world, made.payments)),
        "events": table_of("events", _calendar(made)),
    }
    if breakage is not None:
        content = breakage.tables(content)
    for name, table in content.items():
        put(name, table)
    return rows


def _registry(made: Made) -> list[dict[str, Any]]:
    """Return the registry with what an insider added and with the numbers that changed."""
    rows = equipment_rows(made.world)
    rows = _with_holes(rows + _inspected(made, rows), made.seed, made.wanted.network.holes) + made.attacks.inserted
    if made.what.renumbered_at < made.world.until:
        number = made.places.number
        first = len(number) - len(made.places.renamed)
        changed = {int(number[old]): int(number[first + turn]) for turn, old in enumerate(made.places.renamed)}
        at = instant(made.what.renumbered_at)
        for row in [row for row in rows if row["cell_type"] == "macro" and row["cell"] in changed]:
            new = changed[row["cell"]]
            rows.append({**row, "status": "deleted", "valid_from": at, "recorded_at": at})
            fresh = {"cell": new, "equipment_id": f"ENB-{new >> 8}-{SECTORS[0]}", "valid_from": at, "recorded_at": at}
            rows.append({**row, **fresh, "work_order": f"WO-{at:%Y-%m%d}-01"})
    return sorted(rows, key=lambda row: (row["recorded_at"], row["cell"]))


def _inspected(made: Made, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the versions that inspections in the window left: the cell was found as the registry had it."""
    rng, until = stream(made.seed, "inspections"), made.world.until
    changing = {row["cell"] for row in rows if max(row["valid_from"], row["recorded_at"]) >= instant(0.0)}
    standing = {row["cell"]: row for row in rows if row["cell_type"] == "home" and row["cell"] not in changing}
    found = []
    for row in standing.values():
        at, is_visited = float(rng.uniform(0, until)), rng.random() < _VISITED
        if is_visited and row["status"] == "active":
            order = f"WO-{instant(at):%Y-%m%d}-{rng.integers(1, 100):02d}"
            times = {"valid_from": instant(at), "recorded_at": instant(at + float(rng.uniform(0.5, 5)) * HOUR_S)}
            found.append({**row, **times, "recorded_by": "field-team", "work_order": order})
    return found


def _with_holes(rows: list[dict[str, Any]], seed: int, share: float) -> list[dict[str, Any]]:
    """Return the rows as clerks left them: some without the order that changed them, some without a place.

    Most holes are old ones, from before the system asked for an order.
    """
    for row, (order, place) in zip(rows, stream(seed, "registry holes").random((len(rows), 2)), strict=True):
        if order < (share if row["recorded_at"] < instant(-_STRICT_S) else share / 10):
            row["work_order"] = None
        if place < share:
            row["lat"] = row["lon"] = None
    return rows


def _calendar(made: Made) -> list[dict[str, Any]]:
    """Return the calendar: works that did nothing among the rest, and a fifth of those missing."""
    rng, people = stream(made.seed, "calendar"), made.people
    rows = list(made.what.events)
    numbers = made.world.city.cell_numbers()
    for _ in range(max(3, people.days // 3)):
        at = float(rng.integers(0, people.days)) * DAY_S + 2 * HOUR_S
        if rng.random() >= _HOLES:
            rows.append({"from_at": at, "to_at": at + 2 * HOUR_S, "kind": "maintenance", "cell": int(rng.choice(numbers))})
    ordered = sorted(rows, key=lambda row: float(str(row["from_at"])))
    return [
        {**row, "from_at": instant(float(str(row["from_at"]))), "to_at": instant(float(str(row["to_at"])))} for row in ordered
    ]
