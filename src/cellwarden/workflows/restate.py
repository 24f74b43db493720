"""Compare the censuses of two result folders, and write down who moved and why."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.exposure.restatement import CHANGES, Census, Restatement, restated
from cellwarden.exposure.spoken import sentence
from cellwarden.foundation.digest import canonical_json
from cellwarden.foundation.errors import UsageError
from cellwarden.records.tables import TABLES
from cellwarden.records.vocabulary import ACCUSING
from cellwarden.workflows.result import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
RESTATEMENT = pa.schema(
    [
        ("imsi", pa.string()),
        ("change", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("why", pa.string()),
        ("causes", pa.list_(pa.string())),
        ("cells", pa.list_(pa.string())),
    ]
)
"""One row a person who moved; `cells` as `PLMN RAT TYPE NUMBER`."""
_EXPOSURE = ["imsi", "plmn", "rat", "cell_type", "cell", "from_at", "to_at", "events", "identity"]
_SUSPECT = ["plmn", "rat", "cell_type", "cell", "from_at", "to_at", "grade"]
_FINDING = ["plmn", "rat", "cell_type", "cell", "detector", "weight", "from_at"]


def restate(before: Path, after: Path, *, out: Path | None = None) -> Row:
    """Compare two results.

    Args:
        before: The earlier result folder.
        after: The later one.
        out: A new folder for `restatement.parquet` (one row a person who moved) and `restatement.json`; None: write nothing.

    Returns:
        `before` and `after` (people by grade, window, until, version), `changed` and `why` (people), `causes` (people; one may
        have several), `cells` (ids accused in one result only), `units` (how many there are, and which ids are grouped anew), `reconciles`, `sentence` (by
        language).

    Raises:
        UsageError: A folder is no result, or their pseudonyms are not the same person's.
    """
    manifests = [_manifest(before), _manifest(after)]
    _refuse_strangers(before, after, *manifests)
    if out is not None and out.exists() and any(out.iterdir()):
        raise UsageError("this folder is not empty", where=out.name, fix="Choose a new --out, so that nothing is replaced")
    found = restated(_census(before, manifests[0]), _census(after, manifests[1]))
    told = _told(found, [(before, manifests[0]), (after, manifests[1])])
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(_rows(found), RESTATEMENT), out / "restatement.parquet", compression="zstd")
        (out / "restatement.json").write_text(canonical_json(told), encoding="utf-8")
    return told


def _manifest(folder: Path) -> Row:
    path = folder / MANIFEST
    content: Row = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if "outputs" not in content or "exposures.parquet" not in content["outputs"]:
        raise UsageError("this is no result folder", where=folder.name, fix="Give the --out of an investigation")
    return content


def _refuse_strangers(before: Path, after: Path, old: Row, new: Row) -> None:
    """Refuse two results in which one and the same person has two names."""
    if old["revealed"] != new["revealed"]:
        raise UsageError(
            "one result has pseudonyms and the other real identifiers: nobody would be found in both",
            where=f"{before.name}, {after.name}",
            fix="Investigate both with --reveal, or both without",
        )
    if old["revealed"]:
        return
    for folder, manifest in ((before, old), (after, new)):
        if not manifest.get("key"):
            raise UsageError(
                "this result does not say which key made its pseudonyms",
                where=folder.name,
                fix="It was made by an older version: investigate its records again",
            )
    if old["key"] != new["key"]:
        raise UsageError(
            "these results have different keys, so that one and the same person has two pseudonyms",
            where=f"{before.name}, {after.name}",
            fix="Investigate again with one key for both: --key FILE",
        )


def _census(folder: Path, manifest: Row) -> Census:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    suspects = [row for row in _read(folder, "suspects", _SUSPECT) if row["grade"] in ACCUSING]
    exposures = _read(folder, "exposures", _EXPOSURE)
    last_at = summary["window"]["to"]
    return Census(
        exposures=exposures,
        suspects=suspects,
        findings=[row for row in _read(folder, "findings", _FINDING) if row["cell"] is not None],
        sources=frozenset(set(TABLES) - set(summary["missing_sources"])),
        silent=summary["silent"],
        inputs={each["file"]: each["sha256"] for each in manifest["inputs"]},
        last_at=datetime.fromisoformat(last_at) if last_at else None,
        rules=manifest["rules"],
        versions=manifest["detectors"],
    )


def _read(folder: Path, table: str, columns: list[str]) -> list[Row]:
    rows: list[Row] = pq.read_table(folder / f"{table}.parquet", columns=columns).to_pylist()
    return rows


def _rows(found: Restatement) -> list[Row]:
    return [
        {
            **{name: getattr(move, name) for name in ("imsi", "change", "before", "after", "why", "causes")},
            "cells": [f"{plmn} {rat} {cell_type or 'unknown type'} {cell}" for plmn, rat, cell_type, cell in move.cells],
        }
        for move in found.moves
    ]


def _told(found: Restatement, results: list[tuple[Path, Row]]) -> Row:
    sides = []
    for (folder, manifest), people in zip(results, (found.before, found.after), strict=True):
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        facts = {"result": folder.name, "version": manifest["version"], "until": manifest["until"], "window": summary["window"]}
        sides.append({**facts, "people": people})
    return {
        "before": sides[0],
        "after": sides[1],
        "changed": {change: found.count(change) for change in CHANGES},
        "why": dict(sorted(Counter(f"{move.change}: {move.why}" for move in found.moves).items())),
        "causes": dict(sorted(Counter(cause for move in found.moves for cause in move.causes).items())),
        "cells": found.cells,
        "units": _units(*(folder for folder, _ in results)),
        "reconciles": found.reconciles(),
        "sentence": sentence(found),
    }


def _units(before: Path, after: Path) -> Row:
    """Say which ids share hardware now that did not, or did and do not; labels are numbered anew in each result and compare nothing."""
    grouped = []
    for folder in (before, after):
        units: dict[str, set[str]] = {}
        for row in _read(folder, "suspects", [*_SUSPECT, "unit"]):
            if row["grade"] in ACCUSING:
                units.setdefault(row["unit"], set()).add(
                    f"{row['plmn']} {row['rat']} {row['cell_type'] or 'unknown type'} {row['cell']}"
                )
        grouped.append(units)
    old = {frozenset(cells) for cells in grouped[0].values()}
    anew = [
        {
            "unit": unit,
            "cells": sorted(cells),
            "before": sorted(sorted(each & cells) for each in grouped[0].values() if each & cells),
        }
        for unit, cells in sorted(grouped[1].items())
        if frozenset(cells) not in old
    ]
    return {"before": len(grouped[0]), "after": len(grouped[1]), "regrouped": anew}
