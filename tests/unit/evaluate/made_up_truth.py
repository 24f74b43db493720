"""A made-up truth and a made-up result, from short literals; every row can be bent with keywords.

Two rogue ids of one unit on the night of 5 August, one id of another unit on 6 August, one café. PLMN 001-01.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.evaluate.found import Found
from cellwarden.evaluate.judging import Air, judged
from cellwarden.evaluate.truth import Truth
from cellwarden.records.results import RESULTS

if TYPE_CHECKING:
    from pathlib import Path

    from cellwarden.evaluate.judging import Judged

Row = dict[str, Any]
FIRST, SECOND, THIRD, CAFE, HONEST = 101, 102, 103, 201, 301


def at(text: str) -> datetime:
    """Read `05 10:00` of August 2025, UTC."""
    return datetime.fromisoformat(f"2025-08-{text}").replace(tzinfo=UTC)


def key(cell: int) -> Row:
    return {"plmn": "00101", "rat": "lte", "cell_type": "home", "cell": cell}


def tunnel(cell: int, since: str, until: str, unit: str = "van", **more: Any) -> Row:
    return {
        **key(cell),
        "unit": unit,
        "kind": "rogue",
        "reason": "deleted_id",
        "from_at": at(since),
        "to_at": at(until),
        "source": ["10.9.9.9"],
        **more,
    }


def decoy(cell: int = CAFE, reason: str = "public_venue", **more: Any) -> Row:
    return tunnel(cell, "01 00:00", "30 00:00", **{"unit": None, "kind": "decoy", "reason": reason, **more})


def suspect(cell: int, since: str, until: str, **more: Any) -> Row:
    return {
        **key(cell),
        "from_at": at(since),
        "to_at": at(until),
        "alert_at": at(since),
        "grade": "rogue",
        "score": 0.95,
        "unit": "unit-1",
        "detectors": ["unregistered_cell"],
        "explained_by": None,
        "missing_sources": [],
        "lat": None,
        "lon": None,
        "radius_m": None,
        **more,
    }


def exposure(imsi: str, cell: int, since: str, until: str, **more: Any) -> Row:
    return {
        "imsi": imsi,
        **key(cell),
        "unit": "van",
        "from_at": at(since),
        "to_at": at(until),
        "events": 3,
        "identity": "imsi",
        **more,
    }


def theft(name: str, imsi: str, cell: int, when: str, **more: Any) -> Row:
    return {
        "payment_id": name,
        "imsi": imsi,
        "cell": cell,
        "unit": "van",
        "at": at(when),
        "amount": 1000,
        "status": "approved",
        "delay_s": 60.0,
        **more,
    }


def link(name: str, imsi: str, cell: int, probability: float = 0.9) -> Row:
    return {
        "payment_id": name,
        "imsi": imsi,
        "cell": cell,
        "unit": "unit-1",
        "probability": probability,
        "reason": "made up",
    }


TUNNELS = [
    tunnel(FIRST, "05 16:00", "05 18:00"),
    tunnel(SECOND, "05 18:10", "05 20:00"),
    tunnel(THIRD, "06 16:00", "06 18:00", "box"),
]
NAMED = [
    suspect(FIRST, "05 16:05", "05 17:55"),
    suspect(SECOND, "05 18:15", "05 19:50"),
    suspect(THIRD, "06 16:05", "06 17:55", unit="unit-2"),
]
"""What a perfect system says of TUNNELS."""
TOUCHED = [
    exposure("001010000000001", FIRST, "05 16:30", "05 16:40"),
    exposure("001010000000002", SECOND, "05 18:30", "05 18:40", identity="guti"),
    exposure("001010000000003", THIRD, "06 16:30", "06 16:40", unit="box", identity="possible"),
]


def truth(**more: Any) -> Truth:
    given: dict[str, Any] = {
        "manifest": {"seed": 1, "days": 14, "subscribers": 100},
        "cells": [*TUNNELS, decoy()],
        "exposures": TOUCHED,
        "thefts": [theft("P1", "001010000000001", FIRST, "05 16:35")],
        "cell_days": 1004,
    }
    return Truth(**{**given, **more})


def found(**more: Any) -> Found:
    given: dict[str, Any] = {
        "name": "result",
        "suspects": NAMED,
        "exposures": TOUCHED,
        "payment_links": [link("P1", "001010000000001", FIRST)],
        "complaint_links": [],
        "tracks": [],
        "manifest": {},
        "absent": (),
        "name_of": str,
    }
    return Found(**{**given, **more})


def lines(suspects: list[Row], of: Truth | None = None) -> list[Judged]:
    return judged(suspects, Air((of or truth()).rogue))


_KEY = [("plmn", pa.string()), ("rat", pa.string()), ("cell_type", pa.string()), ("cell", pa.int64()), ("unit", pa.string())]
_AT = pa.timestamp("us", tz="UTC")
SCHEMAS = {
    "cells": pa.schema(
        [
            *_KEY,
            ("kind", pa.string()),
            ("reason", pa.string()),
            ("from_at", _AT),
            ("to_at", _AT),
            ("source", pa.list_(pa.string())),
        ]
    ),
    "exposures": pa.schema(
        [("imsi", pa.string()), *_KEY, ("from_at", _AT), ("to_at", _AT), ("events", pa.int64()), ("identity", pa.string())]
    ),
    "fraud_payments": pa.schema(
        [("payment_id", pa.string()), ("imsi", pa.string()), ("cell", pa.int64()), ("unit", pa.string())]
    ),
    "tracks": pa.schema([("unit", pa.string()), ("at", _AT), ("lat", pa.float64()), ("lon", pa.float64())]),
}


def write_truth(folder: Path, said: Truth, *, tracks: bool = True) -> Path:
    """Write a truth folder as the demo city does."""
    folder.mkdir(parents=True)
    rows = {"cells": said.cells, "exposures": said.exposures, "fraud_payments": said.thefts}
    for name, each in (rows | ({"tracks": said.tracks} if tracks else {})).items():
        pq.write_table(pa.Table.from_pylist(each, SCHEMAS[name]), folder / f"{name}.parquet")
    (folder / "manifest.json").write_text(json.dumps(said.manifest), encoding="utf-8")
    return folder


def write_result(folder: Path, said: Found) -> Path:
    """Write a result folder as a third party may: the scored tables and, where there is one, a manifest."""
    folder.mkdir(parents=True)
    for name in ("suspects", "exposures", "payment_links", "complaint_links", "tracks"):
        if name not in said.absent:
            pq.write_table(pa.Table.from_pylist(getattr(said, name), RESULTS[name]), folder / f"{name}.parquet")
    if said.manifest:
        (folder / "manifest.json").write_text(json.dumps(said.manifest), encoding="utf-8")
    return folder
