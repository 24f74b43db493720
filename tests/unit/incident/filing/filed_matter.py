"""A summary, suspects and a filing, made up."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "notices"))

import pyarrow as pa
import pyarrow.parquet as pq
from told_people import START, TOML, facts, suspect

from cellwarden.incident.filing.chain import next_filing
from cellwarden.incident.filing.parts import Matter
from cellwarden.records.results import RESULTS

TOML_OF = TOML
KNOWN = datetime(2025, 9, 8, 7, 0, tzinfo=UTC)
FIGURES = {
    "rogue_cells": 2, "suspect_cells": 0, "units": 1, "people_signal_exposed": 60, "people_imsi": 20, "people_possible": 15,
    "people_guti": 25, "payments_linked": 31, "money_linked": 6_201_000, "payments_linked_by_chance": 0.95,
}  # fmt: skip
UNITS = {"money_linked": "KRW", "rogue_cells": "cells", "suspect_cells": "cells", "units": "units"}


def summary(**changed):
    figures = {**FIGURES, **changed}
    return {
        "version": "1.0",
        "operator": {"name": "Example Mobile", "time_zone": "Asia/Seoul"},
        "window": {"from": "2025-08-03T15:00:00Z", "to": "2025-08-15T14:59:00Z"},
        "headlines": [{"name": name, "value": value, "unit": UNITS.get(name, "people"), "query": f"{name}.sql"} for name, value in figures.items()],
        "links": {"channels": [
            {"channel": "ars", "payments": 85, "met": 29, "expected": 0.54, "linked": 29},
            {"channel": "dcb", "payments": 0, "met": 0, "expected": 0.0, "linked": 0},
        ]},
        "missing_sources": ["links"],
        "people_by_controller": {"own": 50, "Example MVNO": 10},
    }  # fmt: skip


def census(*rows):
    """Write rows of census.parquet: measure, part, then people by grade (None: not known)."""
    return [
        {
            "measure": measure,
            "part": part,
            "people": None if None in grades else sum(grades),
            **dict(zip(("people_imsi", "people_possible", "people_guti"), grades, strict=True)),
        }
        for measure, part, *grades in rows
    ]


CENSUS = census(
    ("total", "all", 20, 15, 25), ("controller", "own", 16, 10, 16), ("controller", "Example MVNO", 4, 5, 9),
    ("district", "North", 20, 15, 25), ("technology", "lte", 20, 15, 25), ("technology", "nr", None, None, None),
    ("day", "2025-08-05", 12, 15, 20), ("day", "2025-08-06", 13, 4, 10), ("cell", "00101 lte home 1", 20, 15, 25),
)  # fmt: skip


def filing(held=(), kind="first", because=None, **changed):
    return next_filing(
        list(held), kind, on="2025-09-11", result="result", manifest_sha256="f" * 64, figures={**FIGURES, **changed}, because=because or {}
    )  # fmt: skip


def matter(tmp_path, held=(), kind="first", *, because=None, hours=71.0, changed=None, **more):
    filed = filing(held, kind, because, **(changed or {}))
    at = datetime.fromtimestamp(KNOWN.timestamp() + hours * 3600, tz=UTC)
    return Matter(
        filing=filed, previous=held[-1] if held else None, summary=summary(**(changed or {})), suspects=[suspect(from_at=START, to_at=START)],
        facts=facts(tmp_path), known_at=KNOWN, at=at, **more,
    )  # fmt: skip


def filed_result(place, name, **changed):
    """Write a result folder as far as filings read it."""
    folder = place / name
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(summary(**changed)))
    (folder / "manifest.json").write_text(name)
    pq.write_table(pa.Table.from_pylist(CENSUS, RESULTS["census"]), folder / "census.parquet")
    pq.write_table(
        pa.Table.from_pylist([suspect(from_at=START, to_at=START)], RESULTS["suspects"]), folder / "suspects.parquet"
    )
    return folder
