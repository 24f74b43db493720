"""Headline numbers of a census: people by grade, technology, local day and controller. They reconcile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cellwarden.engines.port import Script
from cellwarden.foundation.clock import local_days
from cellwarden.records.vocabulary import IDENTITY_GRADES, RATS

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cellwarden.engines.port import Engine
    from cellwarden.exposure.census import Exposure

PEOPLE = Script.beside(__file__, "people.sql")

_EXPOSURE = pa.schema(
    [
        ("imsi", pa.int64()),
        ("rat", pa.string()),
        ("cell", pa.int64()),
        ("unit", pa.string()),
        ("events", pa.int64()),
        ("rank", pa.int64()),
    ]
)
_LOCAL_DAY = pa.schema([("day", pa.string()), ("from_at", pa.timestamp("us")), ("to_at", pa.timestamp("us"))])


def count_people(
    engine: Engine, exposures: list[Exposure], *, span: tuple[datetime, datetime] | None, zone: ZoneInfo
) -> dict[str, Any]:
    """Count who was exposed; `census.sql` must have run on this engine.

    Args:
        engine: Where `accused_access` lies.
        exposures: The graded census.
        span: First and last instant of `access`; None without rows.
        zone: Whose days count.

    Returns:
        Keys `people_signal_exposed`, `people_by_technology`, `people_by_day_local`, `people_by_controller`,
        `exposure_rows`, `events_in_exposures`, `access_rows_in_accused_episodes_without_imsi`.
    """
    rows = [
        {
            "imsi": each.imsi,
            "rat": each.rat,
            "cell": each.cell,
            "unit": each.unit,
            "events": each.events,
            "rank": IDENTITY_GRADES.index(each.identity) + 1,
        }
        for each in exposures
    ]
    engine.put("exposure", pa.Table.from_pylist(rows, _EXPOSURE))
    days = [
        {"day": day.isoformat(), "from_at": start, "to_at": end}
        for day, start, end in (local_days(*span, zone) if span else ())
    ]
    engine.put("local_day", pa.Table.from_pylist(days, _LOCAL_DAY))
    measured: dict[str, dict[str, dict[str, int]]] = {"total": {}, "technology": {}, "controller": {}, "day": {}, "rows": {}}
    for row in engine.run(PEOPLE).to_pylist():
        grades = {"total": row["people"], "imsi": row["imsi"], "possible": row["possible"], "guti": row["guti"]}
        measured[row["measure"]][row["part"]] = grades
    return {
        "people_signal_exposed": measured["total"][""],
        "people_by_technology": {rat: measured["technology"].get(rat, "not recorded") for rat in RATS},
        "people_by_day_local": {day: counted["total"] for day, counted in sorted(measured["day"].items())},
        "people_by_controller": {name: counted["total"] for name, counted in sorted(measured["controller"].items())},
        "exposure_rows": measured["rows"]["exposures"]["total"],
        "events_in_exposures": measured["rows"]["events"]["total"],
        "access_rows_in_accused_episodes_without_imsi": measured["rows"]["without_imsi"]["total"],
    }
