"""Ask a lake the inside question without investigating anything, and write its answer as summaries and tables hold it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import pyarrow as pa

from cellwarden.detect.examination import BASE
from cellwarden.detect.registry_audit import HELPS, NEEDS, audit
from cellwarden.foundation.clock import aware, iso
from cellwarden.foundation.errors import UsageError
from cellwarden.lake.reading import open_records
from cellwarden.records.countries import ZONE_OF_MCC
from cellwarden.records.operator import Operator
from cellwarden.workflows.accused import frequent_plmn
from cellwarden.workflows.bootstrap import opened_engine

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.detect.registry_audit import Audit, RegistryRow
    from cellwarden.lake.store import Lake

Row = dict[str, Any]


def audit_registry(lake: Lake, *, engine: str = "duckdb", zone: str = "", until: datetime | None = None) -> Row:
    """Audit the registry of a lake.

    Args:
        lake: Whose `equipment`; `access` and `links` say whether a backdated cell was ever there.
        engine: As `--engine` calls it.
        zone: IANA name of the operator's zone; empty: that of the country of its cells, else UTC.
        until: Ignore what was not known by then; aware.

    Returns:
        What `summary.json` calls `registry_audit`, with `time_zone` and, as `rows`, every row that carries a mark.

    Raises:
        UsageError: The lake holds no registry, or the zone is none.
    """
    if zone and zone not in available_timezones():
        raise UsageError(f"{zone!r} is no time zone", where="--zone", fix="Say an IANA name, as Asia/Seoul")
    with lake.locked(), opened_engine(engine, lake.scratch) as opened:
        holdings = open_records(opened, lake, until=until)
        if lacking := holdings.missing(NEEDS):
            raise UsageError(
                f"this lake holds no {lacking[0]}", where=lake.folder.name, fix="Load the registry: cellwarden ingest"
            )
        operator = Operator(time_zone=zone).completed(frequent_plmn=frequent_plmn(opened), zone_of_mcc=ZONE_OF_MCC)
        opened.put("own_plmn", pa.table({"plmn": pa.array(operator.own_plmns, pa.string())}))
        opened.run(BASE, own_plmn=operator.own_plmns[0] if operator.own_plmns else "")
        found = audit(opened, zone=operator.zone, lacking=holdings.missing((*NEEDS, *HELPS)))
    return {**shown(found), "time_zone": operator.zone.key, "rows": registry_rows(found)}


def shown(found: Audit) -> Row:
    """Return the audit as `summary.json` holds it; rows that carry a mark and are not named are in `registry_rows.parquet`."""
    return {
        "rows_named": [_named(each) for each in found.named],
        "rows_marked": len(found.rows),
        "hands": [
            {"recorded_by": hand.name, "rows": hand.rows, "named": hand.named, "rates": [asdict(rate) for rate in hand.rates]}
            for hand in found.hands
        ],
        "imports": [{**each, "import_at": iso(each["import_at"])} for each in found.imports],
        "common": found.common,
        "few": found.few,
        "lacking": found.lacking,
    }


def registry_rows(found: Audit) -> list[Row]:
    """Return the rows of `registry_rows.parquet`, in the order of recording."""
    return [
        {
            **each.row,
            **{name: aware(each.row[name]) for name in ("valid_from", "recorded_at")},
            **{name: getattr(each, name) for name in ("found", "expected", "p", "is_named")},
            "marks": list(each.marks),
        }
        for each in found.rows
    ]


def _named(each: RegistryRow) -> Row:
    times = {name: iso(each.row[name]) for name in ("valid_from", "recorded_at")}
    return {**each.row, **times, "marks": list(each.marks), "found": each.found, "expected": each.expected, "p": each.p}
