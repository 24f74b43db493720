"""The dry run: what an act would have stopped in the records, and whom it would have hurt.

Three words, never a false alarm rate: *caught* (the census or a dispute names them), *hurt* (nothing speaks against them), *unknown*.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cellwarden.engines.port import Script
from cellwarden.foundation.clock import iso, naive
from cellwarden.lake.pseudonyms import from_hex

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine
    from cellwarden.incident.containment.catalogue import Act

PRESENCE = Script.beside(__file__, "presence.sql")
PAYMENTS = Script.beside(__file__, "payments.sql")
DORMANT = Script.beside(__file__, "dormant.sql")

CLASSES = {1: "caught", 2: "hurt", 3: "unknown"}
SETTLED = timedelta(days=60)
"""A payment that nobody disputed for so long is taken for wanted: a bill and its objection have passed."""

_BLOCKED = pa.schema([("cell_type", pa.string()), ("cell", pa.int64()), ("source", pa.string())])
_EXPOSED = pa.schema(
    [
        ("imsi", pa.int64()),
        ("plmn", pa.string()),
        ("rat", pa.string()),
        ("cell", pa.int64()),
        ("from_at", pa.timestamp("us")),
        ("to_at", pa.timestamp("us")),
    ]
)
_LINKED = pa.schema([("payment_id", pa.string())])
_SHOWN = """SELECT DISTINCT coalesce(l.cell_type, k.cell_type) AS cell_type, coalesce(l.cell, k.cell) AS cell, l.inner_ip AS source,
  l.source_ip AS source_ip, l.serial AS serial, l.certificate AS certificate
FROM links l
LEFT JOIN (SELECT e.equipment_id AS equipment_id, min(e.cell) AS cell, min(e.cell_type) AS cell_type FROM equipment e
  GROUP BY e.equipment_id HAVING count(DISTINCT e.cell) = 1) k ON k.equipment_id = l.equipment_id
WHERE coalesce(l.cell, k.cell) IS NOT NULL AND l.inner_ip IS NOT NULL"""
_FIRST = "SELECT l.serial AS serial, min(l.at) AS first_at FROM links l WHERE l.serial IS NOT NULL GROUP BY l.serial"


def put_blocked(engine: Engine, act: Act, target: dict[str, Any]) -> int:
    """Hand in which cells at which addresses a block means, as the records showed them; return how many.

    A cell is meant at every address. What a unit shows (serial, certificate, outer address) is looked up in the link log.
    """
    if act.name == "block_cell":
        rows = [{"cell_type": target["cell_type"], "cell": target["cell"], "source": None}]
    else:
        shown = engine.fetch(_SHOWN).to_pylist()
        is_meant = _is_meant(engine, act, target)
        chosen = [row for row in shown if is_meant(row)]
        rows = [{name: row[name] for name in _BLOCKED.names} for row in chosen]
    distinct = sorted({tuple(row.values()) for row in rows}, key=str)
    engine.put("blocked", pa.Table.from_pylist([dict(zip(_BLOCKED.names, row, strict=True)) for row in distinct], _BLOCKED))
    return len(distinct)


def presence_dry_run(
    engine: Engine, exposures: list[dict[str, Any]], *, from_at: datetime, to_at: datetime
) -> dict[str, dict[str, int]]:
    """Return what a block (see `put_blocked`) would have stopped, by class.

    Args:
        engine: With the lake's tables.
        exposures: Rows of `exposures.parquet`, with pseudonyms.
        from_at: Start of the window, aware.
        to_at: End of it.
    """
    rows = [
        {
            **{name: row[name] for name in ("plmn", "rat", "cell")},
            "imsi": from_hex(row["imsi"]),
            "from_at": naive(row["from_at"]),
            "to_at": naive(row["to_at"]),
        }
        for row in exposures
    ]
    engine.put("exposed", pa.Table.from_pylist(rows, _EXPOSED))
    found = engine.run(PRESENCE, from_at=naive(from_at), to_at=naive(to_at)).to_pylist()
    return {CLASSES[row["rank"]]: {name: int(value or 0) for name, value in row.items() if name != "rank"} for row in found}


def payments_dry_run(
    engine: Engine, target: dict[str, Any], linked: list[str], *, from_at: datetime, to_at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Return which payments a restriction would have declined, by class and currency; `linked` names those linked to exposures."""
    engine.put("linked", pa.Table.from_pylist([{"payment_id": each} for each in linked], _LINKED))
    rows = engine.run(
        PAYMENTS,
        from_at=naive(from_at),
        to_at=naive(to_at),
        settled_before=naive(to_at - SETTLED),
        merchant=target.get("merchant", ""),
        category=target.get("category", ""),
        channel=target.get("channel", ""),
        imsi=from_hex(target["subscriber"]) if "subscriber" in target else 0,
    ).to_pylist()
    return {
        name: [{key: row[key] for key in ("currency", "payments", "people", "amount")} for row in rows if row["rank"] == rank]
        for rank, name in CLASSES.items()
    }


def people_dry_run(
    exposures: list[dict[str, Any]], subscribers: dict[str, dict[str, Any]], grades: list[str]
) -> dict[str, Any]:
    """Return how many people an act on people reaches, once each under the strongest grade.

    Args:
        exposures: Rows of `exposures.parquet`.
        subscribers: `controller` and `device_class` by pseudonym, where known.
        grades: Which grades are reached.
    """
    order = ("imsi", "possible", "guti")
    strongest: dict[str, str] = {}
    for row in exposures:
        if row["identity"] in order:
            held = strongest.get(row["imsi"], order[-1])
            strongest[row["imsi"]] = min(held, row["identity"], key=order.index)
    reached = sorted(person for person, grade in strongest.items() if grade in grades)
    about = [subscribers.get(person, {}) for person in reached]
    return {
        "people": len(reached),
        "by_grade": {grade: sum(strongest[person] == grade for person in reached) for grade in grades},
        "of_other_controllers": sum(each.get("controller") not in (None, "own") for each in about),
        "not_phones": sum(each.get("device_class") not in (None, "phone") for each in about),
        "list": reached,
    }


def dormant_units(engine: Engine, *, silent_days: int, until: datetime) -> list[dict[str, Any]]:
    """Return units in the registry that fell silent, with when they were last seen; None: never in these records."""
    since = naive(until - timedelta(days=silent_days))
    rows = engine.run(DORMANT, until=naive(until), since=since).to_pylist()
    return [{**row, "last_seen_at": None if row["last_seen_at"].year == 1970 else iso(row["last_seen_at"])} for row in rows]


def _is_meant(engine: Engine, act: Act, target: dict[str, Any]) -> Any:
    """Return the test of a shown presence against the target."""
    if act.name == "block_certificate":
        return lambda row: (row["certificate"] or "").lower() == target["certificate"]
    if act.name == "block_serial":
        return lambda row: row["serial"] == target["serial"]
    if act.name == "block_source":
        network = ipaddress.ip_network(target["network"])
        return lambda row: _is_in(row["source_ip"], network)
    since = naive(datetime.fromisoformat(target["since"]))
    new = {row["serial"] for row in engine.fetch(_FIRST).to_pylist() if row["first_at"] >= since}
    return lambda row: row["serial"] in new


def _is_in(address: str | None, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(address or "") in network
    except ValueError:
        return False
