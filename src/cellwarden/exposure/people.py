"""Headline numbers of a census, and the tables that reconcile them: people by grade, technology, cell, local day, district and controller."""

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

MEASURES = ("total", "technology", "cell", "day", "district", "controller")
"""What people are counted by. Districts and controllers add up to the total; the others overlap, since one person may be in several."""
NOT_RECORDED = "not recorded"
PEOPLE = Script.beside(__file__, "people.sql")

_EXPOSURE = pa.schema(
    [
        ("imsi", pa.int64()),
        ("rat", pa.string()),
        ("cell_name", pa.string()),
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
        Keys `people_signal_exposed`, `people_by_technology`, `people_by_day_local`, `people_by_controller`, `people_by_district`,
        `exposure_rows`, `events_in_exposures`, `access_rows_in_accused_episodes_without_imsi`; and `census`, the rows of the
        reconciling tables.
    """
    rows = [
        {
            "imsi": each.imsi,
            "rat": each.rat,
            "cell_name": f"{each.plmn} {each.rat} {each.cell_type or 'unknown type'} {each.cell}",
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
    measured: dict[str, dict[str, dict[str, int]]] = {measure: {} for measure in (*MEASURES, "rows")}
    for row in engine.run(PEOPLE).to_pylist():
        grades = {"total": row["people"], "imsi": row["imsi"], "possible": row["possible"], "guti": row["guti"]}
        measured[row["measure"]][row["part"]] = grades
    total = measured["total"].setdefault("", dict.fromkeys(("total", *IDENTITY_GRADES), 0))
    return {
        "people_signal_exposed": total,
        "people_by_technology": {rat: measured["technology"].get(rat, NOT_RECORDED) for rat in RATS},
        "people_by_day_local": {day: counted["total"] for day, counted in sorted(measured["day"].items())},
        "people_by_controller": {name: counted["total"] for name, counted in sorted(measured["controller"].items())},
        "people_by_district": {name: counted["total"] for name, counted in sorted(measured["district"].items())},
        "exposure_rows": measured["rows"]["exposures"]["total"],
        "events_in_exposures": measured["rows"]["events"]["total"],
        "access_rows_in_accused_episodes_without_imsi": measured["rows"]["without_imsi"]["total"],
        "census": _table(measured),
    }


def _table(measured: dict[str, dict[str, dict[str, int]]]) -> list[dict[str, Any]]:
    """Return the rows of `census.parquet`: a technology that no record covers stands there without a number."""
    rows = []
    for measure in MEASURES:
        counted: dict[str, dict[str, int] | None] = dict(measured[measure])
        if measure == "technology":
            counted |= {rat: None for rat in RATS if rat not in counted}
        for part, grades in sorted(counted.items()):
            people = grades or dict.fromkeys(("total", *IDENTITY_GRADES))
            rows.append(
                {
                    "measure": measure,
                    "part": part or "all",
                    "people": people["total"],
                    **{f"people_{name}": people[name] for name in IDENTITY_GRADES},
                }
            )
    return rows
