"""A result folder with three people and a lake with their subscribers; made up."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
from told_people import DAY, START, TOML, exposure, payment, suspect

from cellwarden.lake.pseudonyms import in_hex
from cellwarden.lake.store import SCHEMAS
from cellwarden.records.results import RESULTS
from cellwarden.workflows.notify import Order

A, B, C = (in_hex(number) for number in (1, 2, 3))
PEOPLE = ((1, "en", "own"), (2, None, "own"), (3, "ko", "Example MVNO"))


def a_result(place, *, logins=()):
    """Write a result, its lake and the facts; return the order to make notices."""
    result = place / "result"
    result.mkdir()
    summary = {
        "operator": {"name": "Example Mobile", "time_zone": "Asia/Seoul"},
        "window": {"from": "2025-08-04T00:00:00Z", "to": "2025-08-15T00:00:00Z"},
    }
    (result / "summary.json").write_text(json.dumps(summary))
    exposures = [
        exposure(A, events=1, evidence=""),
        exposure(B, "guti", events=1, evidence=""),
        exposure(C, events=1, evidence=""),
    ]
    more = {"cell": 7, "unit": "unit-1", "channel": "ars"}
    for table, rows in (
        ("exposures", exposures),
        ("suspects", [suspect(from_at=START, to_at=START)]),
        ("payment_details", [payment(A, **more), payment(C, payment_id="P2", **more)]),
        ("login_links", list(logins)),
    ):
        pq.write_table(pa.Table.from_pylist(rows, RESULTS[table]), result / f"{table}.parquet")
    subscribers = place / "result.lake" / "subscribers"
    subscribers.mkdir(parents=True)
    known = [
        {"imsi": number, "language": language, "controller": controller, "device_class": "phone"}
        for number, language, controller in PEOPLE
    ]
    pq.write_table(pa.Table.from_pylist(known, SCHEMAS["subscribers"]), subscribers / "part-0.parquet")
    (place / "notice.toml").write_text(TOML, encoding="utf-8")
    return Order(result=result, facts=place / "notice.toml", out=place / "round", on=DAY, case="C-1")
