"""The truth of a scenario on disk, in the layout of truth.py."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden import __version__
from cellwarden.foundation.digest import canonical_json, sha256_of
from cellwarden.records import vocabulary as v
from cellwarden.simulate import truth
from cellwarden.simulate.finish import Names
from cellwarden.simulate.payments import STATUS
from cellwarden.simulate.rows import Rows
from cellwarden.simulate.sessions import PLMN
from cellwarden.simulate.writing import STAMP, TIME_ZONE, instant, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cellwarden.simulate.faults import Breakage
    from cellwarden.simulate.fleet import SmallCell
    from cellwarden.simulate.tables import Made

_TEXTS = pa.list_(pa.string())
CELLS = pa.schema([*truth.CELLS, ("codes", _TEXTS), ("genuine_source", _TEXTS)])
UNITS = pa.schema(
    [
        ("unit", pa.string()),
        ("codes", _TEXTS),
        ("cells", pa.list_(pa.int64())),
        ("from_at", STAMP),
        ("to_at", STAMP),
        ("nights", pa.int64()),
        ("imsi_share", pa.float64()),
        ("exposed", pa.int64()),
        ("victims", pa.int64()),
        ("stolen", pa.int64()),
    ]
)
TRACKS = pa.schema([*truth.TRACKS, ("cell", pa.int64()), ("radius_m", pa.float64())])
THEFTS = pa.schema([*truth.THEFTS, ("at", STAMP), ("amount", pa.int64()), ("status", pa.string()), ("delay_s", pa.float64())])
COMPLAINTS = pa.schema(
    [("complaint_id", pa.string()), ("cause", pa.string()), ("unit", pa.string()), ("payment_id", pa.string())]
)
CONFOUNDERS = pa.schema(
    [
        *((name, pa.string()) for name in ("code", "reason", "subject_kind", "subject", "plmn", "rat", "cell_type")),
        ("cell", pa.int64()),
        ("from_at", STAMP),
        ("to_at", STAMP),
        ("in_calendar", pa.bool_()),
    ]
)
ALTERED = pa.schema(
    [
        ("fault", pa.string()),
        ("table", pa.string()),
        ("at", STAMP),
        ("imsi", pa.string()),
        ("cell", pa.int64()),
        *((name, pa.string()) for name in ("column", "before", "after")),
    ]
)
CODES = {
    "inventory_lag": "B4",
    "reissued_id": "B5",
    "rehomed_cell": "B5",
    "house_move": "B6",
    "carried_cell": "B7",
    "on_board_cell": "B3",
    "test_laboratory": "B14",
    "public_venue": "B15",
    "always_open_venue": "B16",
    "phone_shop": "B17",
    "woken_cell": "B21",
    "other_line": "B22",
    "planted_attaches": "A18",
}
"""Of the reasons that the fleet's cells have for looking odd; one may have two: a cell that slept and woke behind another provider's line."""


def write_truth(
    made: Made, out: Path, rows: dict[str, int], rogue_rows: Rows, breakage: Breakage | None, *, size: str
) -> tuple[int, int]:
    """Write the truth and return how many people were exposed and how many payments were thefts."""
    folder, plan, world = out / "truth", made.attacks.plan, made.world
    exposed = _exposures(made, rogue_rows)
    thefts = _thefts(made)
    tables = {
        "cells": _cells(made),
        "units": _units(made, exposed, thefts),
        "tracks": _tracks(made),
        "exposures": exposed,
        "fraud_payments": thefts,
        "complaints": _complaints(made, thefts),
        "confounders": _confounders(made),
        "altered": _altered(made, breakage),
    }
    for name, table in tables.items():
        write(folder / f"{name}.parquet", table)
    people = len(exposed.column("imsi").unique())
    wanted, active = made.wanted, sum(cell.use != "idle" for cell in world.fleet)
    cells = world.city.sectors + active + len({cell.number for cell in plan.cells})
    manifest = {
        "scenario": wanted.name,
        "title": wanted.title,
        "expects": wanted.expects,
        "seed": made.seed,
        "size": size,
        "version": __version__,
        "map": None
        if world.city.ground is None
        else {"name": world.city.ground.name, "attribution": world.city.ground.attribution},
        "time_zone": TIME_ZONE,
        "subscribers": made.people.count,
        "days": made.people.days,
        "from_at": instant(0.0).isoformat(),
        "to_at": instant(world.until).isoformat(),
        "knobs": asdict(wanted),
        "attacks": sorted({code for attack in wanted.attacks for code in attack.codes}),
        "confounders": sorted({one.code for one in wanted.confounders} | {CODES[why] for _, why in _reasons(made)}),
        "faults": sorted({one.code for one in wanted.faults}),
        "cells": cells,
        "cell_days": cells * int(wanted.history.kept(made.people.days).sum()),
        "rows": rows,
        "exposed": people,
        "thefts": thefts.num_rows,
        "files": _files(out),
    }
    (folder / "manifest.json").write_text(canonical_json(manifest), encoding="utf-8")
    return people, int(thefts.num_rows)


def _files(out: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name != "manifest.json":
            count = pq.read_metadata(path).num_rows if path.suffix == ".parquet" else None
            found[path.relative_to(out).as_posix()] = {"sha256": sha256_of(path), "rows": count}
    return found


def _cells(made: Made) -> pa.Table:
    plan, world = made.attacks.plan, made.world
    found = truth.cells(world, plan, made.honest, []).to_pylist()
    genuine: dict[int, list[str]] = {}
    for one in made.honest:
        if one.to_at > 0:
            genuine.setdefault(one.number, []).append(one.inner)
    for row in found:
        rogue = row["kind"] == "rogue"
        row["codes"] = list(made.attacks.rules[row["unit"]].codes) if rogue else [CODES[row["reason"]]]
        row["genuine_source"] = sorted(set(genuine.get(row["cell"], []))) if rogue and row["reason"] == "cloned_id" else []
    return pa.Table.from_pylist(found + made.what.decoys, schema=CELLS)


def _exposures(made: Made, rogue_rows: Rows) -> pa.Table:
    if not len(rogue_rows):
        return truth.EXPOSURES.empty_table()
    names = Names(made.book.imsi.to_pylist(), [], [])
    same = np.zeros(len(rogue_rows), dtype=np.bool_)
    columns = [getattr(rogue_rows, name) for name in Rows.__slots__]
    same[1:] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    return truth.exposures(rogue_rows.where(~same), replace(made.attacks.plan, cells=_seen(made, rogue_rows)), names)


def _seen(made: Made, rogue_rows: Rows) -> list[Any]:
    stations = set(np.unique(rogue_rows.station).tolist())
    return [cell for cell in made.attacks.plan.cells if cell.station in stations]


def _thefts(made: Made) -> pa.Table:
    payments, captures = made.payments, made.captures
    stolen = np.flatnonzero(payments.capture >= 0)
    ids = made.payment_ids
    cells = [made.attacks.plan.stops[int(captures.stop[payments.capture[one]])].cell for one in stolen]
    return pa.table(
        {
            "payment_id": pa.array([ids[one] for one in stolen], pa.string()),
            "imsi": pa.array([made.names.imsi[payments.who[one]] for one in stolen], pa.string()),
            "cell": pa.array([cell.number for cell in cells], pa.int64()),
            "unit": pa.array([cell.unit for cell in cells], pa.string()),
            "at": pa.array([instant(float(payments.at[one])) for one in stolen], STAMP),
            "amount": pa.array(payments.amount[stolen]),
            "status": pa.array([v.PAYMENT_STATUSES[payments.status[one]] for one in stolen], pa.string()),
            "delay_s": pa.array(np.maximum(0.0, payments.at[stolen] - captures.to_at[payments.capture[stolen]])),
        },
        schema=THEFTS,
    )


def _units(made: Made, exposed: pa.Table, thefts: pa.Table) -> pa.Table:
    rows = []
    seen, robbed = exposed.select(["imsi", "unit"]).to_pylist(), thefts.to_pylist()
    for unit, attack in made.attacks.rules.items():
        sessions = [
            one
            for one in made.attacks.plan.sessions
            if one.number in {cell.number for cell in made.attacks.plan.cells if cell.unit == unit}
        ]
        stops = [stop for stop in made.attacks.plan.stops if stop.cell.unit == unit]
        mine = [row for row in robbed if row["unit"] == unit]
        rows.append(
            {
                "unit": unit,
                "codes": list(attack.codes),
                "cells": sorted({stop.cell.number for stop in stops}),
                "from_at": instant(min(one.from_at for one in sessions)),
                "to_at": instant(max(one.to_at for one in sessions)),
                "nights": len({stop.night for stop in stops}),
                "imsi_share": attack.imsi_share,
                "exposed": len({row["imsi"] for row in seen if row["unit"] == unit}),
                "victims": len({row["imsi"] for row in mine}),
                "stolen": sum(row["amount"] for row in mine if row["status"] == v.PAYMENT_STATUSES[STATUS["approved"]]),
            }
        )
    return pa.Table.from_pylist(rows, schema=UNITS)


def _tracks(made: Made) -> pa.Table:
    found = truth.tracks(made.world, made.attacks.plan).to_pylist()
    spans = [
        (one.from_at, one.to_at, one.number, next(cell.unit for cell in made.attacks.plan.cells if cell.station == one.station))
        for one in made.attacks.plan.sessions
    ]
    for row in found:
        at = (row["at"] - instant(0.0)).total_seconds()
        row["cell"] = next(number for first, last, number, unit in spans if unit == row["unit"] and first <= at < last)
        row["radius_m"] = made.attacks.rules[row["unit"]].reach_m
    return pa.Table.from_pylist(found, schema=TRACKS)


def _complaints(made: Made, thefts: pa.Table) -> pa.Table:
    units = dict(zip(thefts.column("payment_id").to_pylist(), thefts.column("unit").to_pylist(), strict=True))
    rows = [
        {
            "complaint_id": row["complaint_id"],
            "cause": row["cause"],
            "payment_id": row.get("true_payment"),
            "unit": units.get(str(row.get("true_payment"))),
        }
        for row in made.said
    ]
    return pa.Table.from_pylist(rows, schema=COMPLAINTS)


def _confounders(made: Made) -> pa.Table:
    rows = list(made.what.confounders)
    for cell, why in _reasons(made):
        since = max(0.0, cell.on_from)
        span = {"from_at": instant(since), "to_at": instant(made.world.until), "in_calendar": False}
        key = {"subject_kind": "cell", "plmn": PLMN, "rat": "lte", "cell_type": "home", "cell": cell.number}
        rows.append({"code": CODES[why], "reason": why, **key, **span})
    return pa.Table.from_pylist(rows, schema=CONFOUNDERS)


def _reasons(made: Made) -> Iterator[tuple[SmallCell, str]]:
    """Yield why each cell looks odd: its story, a line of another provider, registered or not, and what somebody plants there."""
    poisoned = next((cell for cell in made.world.fleet if cell.use == "hospital"), None)
    for cell in made.world.fleet:
        if cell.story:
            yield cell, cell.story
        if cell.provider:
            yield cell, "other_line"
        if cell is poisoned and any(rule.poisons for rule in made.attacks.rules.values()):
            yield cell, "planted_attaches"


def _altered(made: Made, breakage: Breakage | None) -> pa.Table:
    names = made.names.imsi
    rows = [
        {**row, "imsi": None if row["who"] is None else names[row["who"]]} for row in (breakage.altered if breakage else [])
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: (row["fault"], str(row["at"]), str(row["imsi"]))), schema=ALTERED)
