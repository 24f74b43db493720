"""The press sheet: drafted from a result, agreed by another person by its digest, and only then what may be said in public."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cellwarden.foundation.digest import canonical_json, sha256_of
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.filing.chain import DRAFT
from cellwarden.incident.filing.drawing import filing_pdf
from cellwarden.incident.filing.parts import said
from cellwarden.incident.filing.press import press_parts
from cellwarden.incident.notices.facts import LANGUAGES, Facts
from cellwarden.incident.privacy.publication import KINDS, PEOPLE, Withheld, publication
from cellwarden.incident.privacy.suppression import K
from cellwarden.workflows.notify import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from cellwarden.incident.phrases import Language
    from cellwarden.incident.privacy.publication import Value

Row = dict[str, Any]
SHEET, TABLES, DATA = "press.pdf", "census.csv", "press.json"
"""The sheet, its tables, and the same as data with the digests of both: who agrees to the last agrees to all three."""


def draft_press_sheet(result: Path, facts: Path, out: Path, *, on: date, k: int = K) -> Row:
    """Write the press sheet as PDF, as JSON, and its tables as CSV into the draft of `out`; return what the JSON holds.

    An earlier draft is gone with it.

    Raises:
        MalformedInputError: The figures do not reconcile.
        UsageError: A sheet was published from `out`.
    """
    if (out / DATA).exists():
        raise UsageError("a press sheet was published here", where=out.name, fix="Choose a new --out: what was said stays said")
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    zone, stated = ZoneInfo(summary["operator"]["time_zone"]), Facts.read(facts)
    published = publication(summary, read_rows(result, "census"), k=k)
    editions: dict[str, Any] = {}
    for language in LANGUAGES:
        spoken: Language = language  # type: ignore[assignment]  # of the two languages
        parts_of_it = press_parts(published, summary["window"], zone, spoken)
        editions[language] = (said("press", "title", spoken), on.isoformat(), parts_of_it)
    drawn = filing_pdf(stated.name, editions, on=on)
    place = out / DRAFT
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / SHEET).write_bytes(drawn)
    with (place / TABLES).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("measure", "part", PEOPLE, *KINDS))
        for measure, rows in published.tables.items():
            table.writerows((measure, row["part"], *(_spelt(row[of]) for of in (PEOPLE, *KINDS))) for row in rows)
    told = {
        "on": on.isoformat(),
        "k": k,
        "figures": [
            {"name": line.name, "value": _bare(line.value), "unit": line.unit, "query": line.query, "is_withheld": isinstance(line.value, Withheld)}
            for line in published.lines
        ],
        "sentences": {language: [row[0] for row in held[2][0].rows] for language, held in editions.items()},
        "files": {name: sha256_of(place / name) for name in (SHEET, TABLES)},
    }  # fmt: skip
    (place / DATA).write_text(canonical_json(told), encoding="utf-8")
    return told


def press_to_approve(out: Path) -> dict[str, str] | None:
    """Return what a second person is asked to agree to; None: no press sheet is drafted here.

    Raises:
        RefusedError: A file is not the one that was drafted.
    """
    place = out / DRAFT
    if not (place / DATA).is_file():
        return None
    for name, digest in json.loads((place / DATA).read_text(encoding="utf-8"))["files"].items():
        if not (place / name).is_file() or sha256_of(place / name) != digest:
            raise RefusedError("changed after it was drafted", where=name, fix="Draft the press sheet anew, and ask anew")
    return {"what": "press sheet", "sha256": sha256_of(place / DATA)}


def publish_press_sheet(out: Path, *, release: Callable[[str, str], object]) -> Row:
    """Publish the draft: it becomes the sheet of `out`. Done again after a kill, it ends what was begun.

    Args:
        out: Folder of the draft.
        release: Is called with what is published and its digest before anything is; refuses where nobody else agreed to just this.

    Raises:
        RefusedError: Nobody else agreed, or the draft was changed.
        UsageError: There is no draft.
    """
    place = out / DRAFT
    if not (out / DATA).exists():  # the last to come: with it all is published
        agreed = press_to_approve(out)
        if agreed is None:
            raise UsageError("no draft of a press sheet", where=out.name, fix="Make one with report press")
        release(agreed["what"], agreed["sha256"])
        for name in (SHEET, TABLES, DATA):
            draft = out / f".{name}"
            shutil.copyfile(place / name, draft)
            draft.replace(out / name)
    shutil.rmtree(place, ignore_errors=True)
    told: Row = json.loads((out / DATA).read_text(encoding="utf-8"))
    return told


def _bare(value: Value) -> float | None:
    return None if isinstance(value, Withheld) else value


def _spelt(value: Value) -> str:
    return "withheld" if isinstance(value, Withheld) else "" if value is None else str(value)
