"""Small tables between the stages: what the examination accuses goes into the census, what the census found into the links."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.detect.fusion import Suspect
    from cellwarden.engines.port import Engine
    from cellwarden.exposure.census import Exposure
    from cellwarden.lake.store import Lake
    from cellwarden.linkage.payments import Linkage

_KEY = [("plmn", pa.string()), ("rat", pa.string()), ("cell_type", pa.string()), ("cell", pa.int64())]
_AT = pa.timestamp("us")
_ACCUSED = pa.schema([*_KEY, ("unit", pa.string()), ("from_at", _AT), ("to_at", _AT)])
_TILE = pa.schema([("north", pa.int64()), ("east", pa.int64())])
_EXPOSED = pa.schema(
    [
        *_KEY,
        ("unit", pa.string()),
        ("imsi", pa.int64()),
        ("from_at", _AT),
        ("to_at", _AT),
        ("episode_from", _AT),
        ("episode_to", _AT),
    ]
)
_LINKED_PAYMENT = pa.schema(
    [
        ("payment_id", pa.string()),
        ("imsi", pa.int64()),
        ("cell", pa.int64()),
        ("unit", pa.string()),
        ("probability", pa.float64()),
    ]
)


def put_accused(engine: Engine, suspects: list[Suspect]) -> None:
    """Hand the accused spells to the census."""
    rows = [
        {**_key(each), "unit": each.spell.unit, "from_at": each.spell.from_at, "to_at": each.spell.to_at} for each in suspects
    ]
    engine.put("accused", pa.Table.from_pylist(rows, _ACCUSED))


def exposed(exposures: list[Exposure], suspects: list[Suspect]) -> pa.Table:
    """Return the census as the linkage reads it: each exposure with the span of its episode."""
    ends = {(*_key(each).values(), each.spell.unit, each.spell.from_at): each.spell.to_at for each in suspects}
    rows = [
        {
            **{
                name: getattr(each, name)
                for name in ("plmn", "rat", "cell_type", "cell", "unit", "imsi", "from_at", "to_at", "episode_from")
            },
            "episode_to": ends[each.plmn, each.rat, each.cell_type, each.cell, each.unit, each.episode_from],
        }
        for each in exposures
    ]
    return pa.Table.from_pylist(rows, _EXPOSED)


def put_linked_payments(engine: Engine, linkage: Linkage) -> None:
    """Hand the payment links to the other links."""
    rows = [{name: getattr(each, name) for name in _LINKED_PAYMENT.names} for each in linkage.links]
    engine.put("linked_payment", pa.Table.from_pylist(rows, _LINKED_PAYMENT))


def spans(engine: Engine, until: datetime) -> dict[str, tuple[datetime, datetime]]:
    """Return the first and last time of each table that has rows, up to an instant."""
    found = {}
    for table, first, last in (
        ("cell_day", "first_at", "last_at"),
        ("usage", "at", "at"),
        ("links", "at", "at"),
        ("payments", "at", "at"),
        ("complaints", "at", "at"),
        ("logins", "at", "at"),
        ("tips", "at", "at"),
    ):
        (row,) = engine.fetch(
            f"SELECT min(t.{first}) AS first_at, max(t.{last}) AS last_at FROM {table} t WHERE t.{first} <= :until", until=until
        ).to_pylist()
        if row["first_at"] is not None:
            found["access" if table == "cell_day" else table] = (row["first_at"], row["last_at"])
    return found


def frequent_plmn(engine: Engine) -> str | None:
    """Return the PLMN of most access rows; None without rows."""
    rows = engine.fetch(
        "SELECT c.plmn AS plmn, CAST(sum(c.events) AS BIGINT) AS events FROM cell_day c GROUP BY c.plmn"
    ).to_pylist()
    return max(rows, key=lambda row: (row["events"], row["plmn"]))["plmn"] if rows else None


def steps(engine: Engine) -> list[dict[str, Any]]:
    """Return which placed cells the visitors of accused cells were on just before and after, in order of time."""
    rows: list[dict[str, Any]] = engine.fetch(
        "SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source, s.at AS at, s.imsi AS imsi, "
        "s.near_cell AS near_cell, s.lat AS lat, s.lon AS lon "
        "FROM surrounding_all s JOIN (SELECT DISTINCT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell FROM accused a) c "
        "ON c.plmn = s.plmn AND c.rat = s.rat AND c.cell_type = s.cell_type AND c.cell = s.cell "
        "ORDER BY s.at, s.imsi, s.cell, s.source, s.near_cell, s.lat, s.lon"
    ).to_pylist()
    return rows


def borders(engine: Engine, seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return towards whom the placed cells look that are seen or stand near a seen one; rows of `border_all` over all days."""
    # Tiles of a twentieth of a degree, some five kilometres, and those next to them: a nation's borders fit no memory.
    tiles = {
        (math.floor(row["lat"] * 20) + north, math.floor(row["lon"] * 20) + east)
        for row in seen
        for north in (-1, 0, 1)
        for east in (-1, 0, 1)
    }
    engine.put("tile", pa.Table.from_pylist([{"north": north, "east": east} for north, east in sorted(tiles)], _TILE))
    rows: list[dict[str, Any]] = engine.fetch(
        "SELECT b.cell AS cell, b.lat AS lat, b.lon AS lon, b.other_lat AS other_lat, b.other_lon AS other_lon, "
        "CAST(sum(b.crossings) AS BIGINT) AS crossings FROM border_all b "
        "JOIN tile t ON t.north = CAST(floor(b.lat * 20) AS BIGINT) AND t.east = CAST(floor(b.lon * 20) AS BIGINT) "
        "GROUP BY b.cell, b.lat, b.lon, b.other_lat, b.other_lon ORDER BY cell, lat, lon, other_lat, other_lon"
    ).to_pylist()
    return rows


def places(engine: Engine) -> list[dict[str, Any]]:
    """Return where registered cells stand, for the background of a map."""
    rows: list[dict[str, Any]] = engine.fetch(
        "SELECT DISTINCT v.lat AS lat, v.lon AS lon, v.kind AS kind FROM equipment_version v "
        "WHERE v.lat IS NOT NULL AND v.lon IS NOT NULL AND v.status = 'active' ORDER BY lat, lon, kind"
    ).to_pylist()
    return rows


def rejected(lake: Lake) -> list[dict[str, Any]]:
    """Return every rejected row of the lake, in order of file and row."""
    return [row for path in lake.files("rejected") for row in pq.read_table(path).to_pylist()]


def _key(suspect: Suspect) -> dict[str, Any]:
    key = suspect.spell.key
    return {"plmn": key.plmn, "rat": key.rat, "cell_type": key.cell_type, "cell": key.cell}
