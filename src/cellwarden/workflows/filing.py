"""From a result to the next report of the chain, as PDF and HWPX, and to the press sheet."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cellwarden.foundation.digest import canonical_json, sha256_of
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.filing.chain import next_filing, read_chain, write_chain
from cellwarden.incident.filing.drawing import filing_pdf
from cellwarden.incident.filing.hwpx import hwpx
from cellwarden.incident.filing.parts import LIMIT_H, Matter, parts, said
from cellwarden.incident.filing.press import press_parts
from cellwarden.incident.notices.facts import LANGUAGES, Facts
from cellwarden.incident.privacy.publication import KINDS, PEOPLE, Withheld, publication
from cellwarden.incident.privacy.suppression import K
from cellwarden.workflows.notify import LINTED, read_rows
from cellwarden.workflows.restate import restate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from cellwarden.incident.phrases import Language
    from cellwarden.incident.privacy.publication import Value

Row = dict[str, Any]
TABLES_CSV = "census.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a filing is asked to be."""

    result: Path
    facts: Path
    chain: Path
    """Folder of the chain."""
    kind: str
    known_at: datetime
    """When the operator knew, aware."""
    at: datetime
    """When this is filed, aware."""
    because: Mapping[str, str] = field(default_factory=dict)
    late_because: str = ""
    law: str = "pipa"
    notices: Path | None = None
    """Round of notices to report about."""
    before: Path | None = None
    """Result of the report before: the report then says who moved between the grades, and why."""


def file_report(asked: Asked) -> Row:
    """Write the next report into the chain; return its number, its files and what changed.

    Raises:
        RefusedError: A changed figure or a late report has no reason.
        UsageError: The kind does not follow, or the times contradict each other.
    """
    if asked.law not in LIMIT_H:
        raise UsageError(f"{asked.law!r} is no law with a limit", where="--law", fix=f"Say {' or '.join(LIMIT_H)}")
    if asked.at < asked.known_at:
        raise UsageError("filed before it was known", where="--known-at", fix="Check both times and their zones")
    hours = (asked.at - asked.known_at).total_seconds() / 3600
    if asked.kind == "first" and hours > LIMIT_H[asked.law] and not asked.late_because.strip():
        raise RefusedError(
            f"{hours:.0f} hours after it was known, {LIMIT_H[asked.law]} are allowed", where="--late-because", fix="Say why; late is explained, never hidden"
        )  # fmt: skip
    summary = json.loads((asked.result / "summary.json").read_text(encoding="utf-8"))
    zone = ZoneInfo(summary["operator"]["time_zone"])
    on = asked.at.astimezone(zone).date()
    held = read_chain(asked.chain)
    filing = next_filing(
        held,
        asked.kind,
        on=on.isoformat(),
        result=asked.result.name,
        manifest_sha256=sha256_of(asked.result / "manifest.json"),
        figures={row["name"]: row["value"] for row in summary["headlines"]},
        because=asked.because,
    )
    facts = Facts.read(asked.facts)
    matter = Matter(
        filing=filing,
        previous=held[-1] if held else None,
        summary=summary,
        suspects=read_rows(asked.result, "suspects"),
        facts=facts,
        known_at=asked.known_at,
        at=asked.at,
        late_because=asked.late_because,
        law=asked.law,
        restated=restate(asked.before, asked.result)["sentence"] if asked.before else {},
        notices=json.loads((asked.notices / LINTED).read_text(encoding="utf-8")) if asked.notices else None,
    )
    asked.chain.mkdir(parents=True, exist_ok=True)
    files = {}
    for suffix, content in _drawn(matter, facts, on).items():
        path = asked.chain / f"report-{filing.number:02}-{filing.kind}.{suffix}"
        path.write_bytes(content)
        files[path.name] = sha256_of(path)
    filed = replace(filing, files=files)
    write_chain(asked.chain, [*held, filed])
    return {"number": filed.number, "kind": filed.kind, "files": files, "changes": len(filed.changes), "digest": filed.digest()}


def _drawn(matter: Matter, facts: Facts, on: date) -> dict[str, bytes]:
    editions: dict[str, Any] = {}
    for language in LANGUAGES:
        spoken: Language = language  # type: ignore[assignment]  # of the two languages
        title = said("title", matter.filing.kind, spoken)
        beneath = f"{said('say', 'number', spoken, number=matter.filing.number)} · {on.isoformat()}"
        editions[language] = (title, beneath, parts(matter, spoken))
    title, beneath, _ = editions["ko"]
    return {
        "pdf": filing_pdf(facts.name["ko"], beneath, editions, on=on),
        "hwpx": hwpx(title, f"{facts.name['ko']} · {beneath}", [each[2] for each in editions.values()]),
    }


def make_press_sheet(result: Path, facts: Path, out: Path, *, on: date, k: int = K) -> Row:
    """Write the press sheet as PDF, as JSON, and its tables as CSV; return its quotable figures.

    Raises:
        MalformedInputError: The figures do not reconcile.
    """
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    zone, stated = ZoneInfo(summary["operator"]["time_zone"]), Facts.read(facts)
    published = publication(summary, read_rows(result, "census"), k=k)
    editions: dict[str, Any] = {}
    for language in LANGUAGES:
        spoken: Language = language  # type: ignore[assignment]  # of the two languages
        parts_of_it = press_parts(published, summary["window"], zone, spoken)
        editions[language] = (said("press", "title", spoken), on.isoformat(), parts_of_it)
    told = {
        "on": on.isoformat(),
        "k": k,
        "figures": [
            {"name": line.name, "value": _bare(line.value), "unit": line.unit, "query": line.query, "is_withheld": isinstance(line.value, Withheld)}
            for line in published.lines
        ],
        "sentences": {language: [row[0] for row in held[2][0].rows] for language, held in editions.items()},
    }  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    (out / "press.pdf").write_bytes(filing_pdf(stated.name["ko"], on.isoformat(), editions, on=on))
    (out / "press.json").write_text(canonical_json(told), encoding="utf-8")
    with (out / TABLES_CSV).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("measure", "part", PEOPLE, *KINDS))
        for measure, rows in published.tables.items():
            table.writerows((measure, row["part"], *(_spelt(row[of]) for of in (PEOPLE, *KINDS))) for row in rows)
    return told


def _bare(value: Value) -> float | None:
    return None if isinstance(value, Withheld) else value


def _spelt(value: Value) -> str:
    return "withheld" if isinstance(value, Withheld) else "" if value is None else str(value)
