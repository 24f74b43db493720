"""What really happened, for measuring detectors: written apart from the records, which never say it.

The layout of `OUT/truth`, beside `OUT/records`. Times are UTC microseconds, places WGS84. Columns are only ever added. A file
without rows is still written, with its schema; the demo city writes only the five marked with a star.

`manifest.json` *
    `seed`, `subscribers`, `days`, `rows` (accepted and rejected together, by table), `exposed` (people), `thefts` (payments and
    attempts); from a scenario also `scenario`, `title`, `size`, `version`, `map` (null, or `name` and `attribution` of a real one), `time_zone` (IANA), `from_at` and `to_at` (ISO 8601), `knobs` (all of
    the scenario after its size was applied), `attacks` and `confounders` and `faults` (codes of simulation.md, such as `A2`,
    `B15`, `F7`), `cells` (home and macro cells on the air), `cell_days`, `expects` (what a perfect system reports, in words), and
    `files` (path relative to OUT: `sha256`, `rows`, of every file of the records and the truth but this one).
`cells.parquet` *: one row a tunnel of a rogue cell (a unit, night and id), and one a decoy
    `plmn`, `rat`, `cell_type`, `cell`, `unit` (null for a decoy), `kind` (`rogue` `decoy`), `reason` (rogue: `deleted_id` `lost_id`
    `never_issued_id` `cloned_id` `inserted_id` `macro_id`; decoy: the name of the innocent explanation, one of REASONS), `from_at`,
    `to_at`, `source` (the inner addresses used: access rows of (`cell_type`, `cell`, `source`) are the rogue's and nobody else's).
    From a scenario also `codes` (`A1` ..., `B1` ...) and `genuine_source` (inner addresses of the live owner of a cloned id, else empty).
    A decoy that touches a whole pool, gateway or area has no row here but one in `confounders`.
`units.parquet`: one row a rogue unit
    `unit`, `codes`, `cells` (list), `from_at`, `to_at`, `nights` (local days on which it was up), `imsi_share` (asked for, 0..1), `exposed`
    (people), `victims` (people robbed), `stolen` (approved money, minor units).
`tracks.parquet` *: one row a unit and full minute of a tunnel
    `unit`, `at`, `lat`, `lon`; from a scenario also `cell`, `radius_m`.
`exposures.parquet` *: subscriber x rogue cell x episode by the rules of records.md, over the records as written
    `imsi`, `plmn`, `rat`, `cell_type`, `cell`, `unit`, `from_at`, `to_at`, `events`, `identity` (`imsi` `possible` `guti`). Rows of a fault that cannot be
    read (a truncated `imsi`) are under the identifier as written; a lost row is not counted, a duplicate counts once.
`fraud_payments.parquet` *: one row a payment or attempt that was a theft
    `payment_id`, `imsi`, `cell`, `unit`; from a scenario also `at`, `amount`, `status`, `delay_s` (after the end of the capture; 0: during it).
`complaints.parquet`: one row a complaint of the records
    `complaint_id`, `cause` (`theft` `dispute` `news` `smishing` `quality` `poison` `other`), `unit` (null unless `theft`), `payment_id` (the true one).
`confounders.parquet`: one row an innocent thing that happened
    `code` (`B1` ...), `reason` (one of REASONS), `subject_kind` (`cell` `core` `gateway` `district` `payments` `fleet`), `subject` (core, gateway or district
    by name; null for a cell), `plmn`, `rat`, `cell_type`, `cell` (null unless a cell), `from_at`, `to_at`, `in_calendar` (the operator's events say so).
`altered.parquet`: one row an altered, lost, doubled or late row of the records
    `fault` (`F1` ...), `table`, `at` and `imsi` (as they should be), `cell`, `column` (null for a whole row), `before`, `after` (text; null: lost).
    Faults that touch every row of a span are one row with `at` its beginning and `imsi` null; `after` says what was done.

Codes of faults: F1 duplicated rows, F2 lost rows in bursts, F3 late rows (in the file of a later hour), F4 clock skew of one core, F5 time
written 9 h off, F6 rows not in time order, F7 a missing hour, F8 a renamed column, F9 truncated `imsi`, F10 numbers given to other
people (`msisdn`), F11 a stale, incomplete or wrong registry, F12 cell numbers in hex or `enb-cell` form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from cellwarden.records import vocabulary as v
from cellwarden.simulate.rows import IDENTITY, PROCEDURE, PROTECTION, Rows
from cellwarden.simulate.sessions import PLMN
from cellwarden.simulate.van import MINUTE_S
from cellwarden.simulate.writing import STAMP, instant, stamps

if TYPE_CHECKING:
    from cellwarden.simulate.finish import Names
    from cellwarden.simulate.payments import Payments
    from cellwarden.simulate.randomness import Reals, Whole
    from cellwarden.simulate.sessions import Session
    from cellwarden.simulate.signalling import World
    from cellwarden.simulate.van import Plan

REASONS = (
    "temporary_cell",
    "on_board_cell",
    "inventory_lag",
    "reissued_id",
    "house_move",
    "carried_cell",
    "renumbering",
    "shared_carrier",
    "festival",
    "airport",
    "core_restart",
    "gateway_restart",
    "test_laboratory",
    "public_venue",
    "always_open_venue",
    "phone_shop",
    "iot_power_loss",
    "smishing",
    "dispute",
    "woken_cell",
    "rehomed_cell",
    "dynamic_address",
    "other_line",
    "planted_attaches",
)
"""Innocent explanations, in the order of B1 to B20 (simulation.md); then a cell that slept for months (B21), one that works moved to another
gateway (B5), one of the demo city alone, a cell behind another provider's line (B22), and the hospital on which evidence is planted (A18)."""
GAP_S = 6 * 3600.0
"""An episode ends after a longer silence (records.md, "Episode")."""
_KEY = [("plmn", pa.string()), ("rat", pa.string()), ("cell_type", pa.string()), ("cell", pa.int64()), ("unit", pa.string())]
CELLS = pa.schema(
    [
        *_KEY,
        ("kind", pa.string()),
        ("reason", pa.string()),
        ("from_at", STAMP),
        ("to_at", STAMP),
        ("source", pa.list_(pa.string())),
    ]
)
"""`unit` is null for a decoy; `source` are the inner addresses used; a decoy's span is the window, or its part of it."""
EXPOSURES = pa.schema(
    [("imsi", pa.string()), *_KEY, ("from_at", STAMP), ("to_at", STAMP), ("events", pa.int64()), ("identity", pa.string())]
)
THEFTS = pa.schema([("payment_id", pa.string()), ("imsi", pa.string()), ("cell", pa.int64()), ("unit", pa.string())])
TRACKS = pa.schema([("unit", pa.string()), ("at", STAMP), ("lat", pa.float64()), ("lon", pa.float64())])


def cells(world: World, plan: Plan, sessions: list[Session], decoys: list[dict[str, Any]]) -> pa.Table:
    """Return one row a tunnel of a rogue cell (one a unit, night and id), and one a decoy."""
    station = {cell.station: cell for cell in plan.cells}
    rows = [
        {
            **_named(session.number, station[session.station].cell_type, station[session.station].unit),
            "kind": "rogue",
            "reason": station[session.station].reason,
            "from_at": instant(session.from_at),
            "to_at": instant(session.to_at),
            "source": [session.inner],
        }
        for session in plan.sessions
    ]
    for index, cell in enumerate(world.fleet):
        if cell.story:
            tunnels = [one for one in sessions if one.station == world.first_small + index]
            since = max(0.0, cell.on_from)
            span = {"from_at": instant(since), "to_at": instant(world.until), "source": sorted({one.inner for one in tunnels})}
            rows.append({**_named(cell.number, "home", None), "kind": "decoy", "reason": cell.story, **span})
    return pa.Table.from_pylist(rows + decoys, schema=CELLS)


def _named(number: int, cell_type: str, unit: str | None) -> dict[str, Any]:
    return {"plmn": PLMN, "rat": "lte", "cell_type": cell_type, "cell": number, "unit": unit}


def exposures(rows: Rows, plan: Plan, names: Names) -> pa.Table:
    """Return subscriber x cell x episode with the grade of the contract; `rows` are finished and in time order.

    References: records.md, "Episode" and "Identity grade".
    """
    parts = []
    for cell in plan.cells:
        mine = rows.where(rows.station == cell.station)
        if not len(mine):
            continue
        episode = np.concatenate(([0], np.cumsum(np.diff(mine.at) > GAP_S))).astype(np.int64)
        known = mine.who >= 0
        parts.append((cell, _per_subscriber(mine.where(known), episode[known])))
    return pa.concat_tables(
        [
            pa.table(
                {
                    "imsi": pa.array([names.imsi[who] for who in who_column]),
                    **{
                        name: pa.array([value] * len(who_column), EXPOSURES.field(name).type)
                        for name, value in _named(cell.number, cell.cell_type, cell.unit).items()
                    },
                    "from_at": stamps(first),
                    "to_at": stamps(last),
                    "events": pa.array(events),
                    "identity": pa.array([v.IDENTITY_GRADES[grade] for grade in grades]),
                },
                schema=EXPOSURES,
            )
            for cell, (who_column, first, last, events, grades) in parts
        ]
    )


def _per_subscriber(rows: Rows, episode: Whole) -> tuple[Whole, Reals, Reals, Whole, Whole]:
    registers = (rows.procedure == PROCEDURE["ims_register"]) & np.isin(
        rows.ims, (PROTECTION["none"], PROTECTION["integrity_only"])
    )
    possible = (rows.identity == IDENTITY["unknown"]) | (rows.ciphering == 0) | registers
    shown = np.isin(rows.identity, (IDENTITY["imsi"], IDENTITY["suci_null"]))
    grade = np.where(shown, 0, np.where(possible, 1, 2))
    order = np.lexsort((rows.at, rows.who, episode))
    who, at, grade, spell = rows.who[order], rows.at[order], grade[order], episode[order]
    starts = np.flatnonzero(np.concatenate(([True], (who[1:] != who[:-1]) | (spell[1:] != spell[:-1]))))
    counts = np.diff(np.append(starts, len(who)))
    return who[starts], at[starts], at[starts + counts - 1], counts.astype(np.int64), np.minimum.reduceat(grade, starts)


def thefts(payments: Payments, payment_ids: list[str], plan: Plan, stop: Whole, names: Names) -> pa.Table:
    """Return the payments that were thefts, with the cell and unit that made each possible; `stop` is one a capture."""
    stolen = np.flatnonzero(payments.capture >= 0)
    found = [plan.stops[int(stop[payments.capture[one]])].cell for one in stolen]
    return pa.table(
        {
            "payment_id": [payment_ids[one] for one in stolen],
            "imsi": [names.imsi[payments.who[one]] for one in stolen],
            "cell": [cell.number for cell in found],
            "unit": [cell.unit for cell in found],
        },
        schema=THEFTS,
    )


def tracks(world: World, plan: Plan) -> pa.Table:
    """Return where each unit was at every full minute of a tunnel; between stops it drives straight on.

    A unit that stays a minute is at several places within ten.
    """
    rows = []
    for session in plan.sessions:
        unit = next(cell.unit for cell in plan.cells if cell.station == session.station)
        stops = [
            stop
            for stop in plan.stops
            if stop.cell.station == session.station and session.from_at < stop.from_at < session.to_at
        ]
        at = np.arange(np.ceil(session.from_at / MINUTE_S), session.to_at / MINUTE_S) * MINUTE_S
        turns = np.array([moment for stop in stops for moment in (stop.from_at, stop.to_at)])
        x = np.interp(at, turns, np.repeat([stop.x for stop in stops], 2))
        y = np.interp(at, turns, np.repeat([stop.y for stop in stops], 2))
        lat, lon = world.city.latitude(y), world.city.longitude(x)
        rows += [
            {"unit": unit, "at": instant(float(moment)), "lat": float(north), "lon": float(east)}
            for moment, north, east in zip(at, lat, lon, strict=True)
        ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: (str(row["unit"]), row["at"])), schema=TRACKS)
