"""From a result to the draft of the next report, and from the draft to the chain."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import UsageError
from cellwarden.incident.filing.chain import (
    DRAFT,
    LIMIT_H,
    PAPER,
    Draft,
    cleared_after_filing,
    file_draft,
    next_filing,
    read_chain,
    read_draft,
    write_draft,
)
from cellwarden.incident.filing.drawing import filing_pdf
from cellwarden.incident.filing.hwpx import hwpx
from cellwarden.incident.filing.parts import Matter, parts, said
from cellwarden.incident.notices.facts import LANGUAGES, Facts
from cellwarden.workflows.notify import LINTED, read_rows
from cellwarden.workflows.restate import restate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from cellwarden.incident.filing.chain import Filing
    from cellwarden.incident.phrases import Language

Row = dict[str, Any]


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


def draft_report(asked: Asked) -> Row:
    """Write the next report as a draft beside the chain; return its number, its files, what changed, and the digest to agree to.

    An earlier draft is gone with it: what was agreed to that one is not agreed to this one.

    Raises:
        RefusedError: A changed figure or a late report has no reason.
        UsageError: The kind does not follow, or the times contradict each other.
    """
    if asked.law not in LIMIT_H:
        raise UsageError(f"{asked.law!r} is no law with a limit", where="--law", fix=f"Say {' or '.join(LIMIT_H)}")
    if asked.at < asked.known_at:
        raise UsageError("filed before it was known", where="--known-at", fix="Check both times and their zones")
    summary = json.loads((asked.result / "summary.json").read_text(encoding="utf-8"))
    on = asked.at.astimezone(ZoneInfo(summary["operator"]["time_zone"])).date()
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
    draft = Draft(filing=filing, known_at=asked.known_at, law=asked.law, late_because=asked.late_because)
    draft.in_time(asked.at)
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
    drawn = _drawn(matter, facts, on)
    place = asked.chain / DRAFT
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    files = {}
    for suffix, content in drawn.items():
        path = place / f"report-{filing.number:02}-{filing.kind}.{suffix}"
        path.write_bytes(content)
        files[path.name] = sha256_of(path)
    write_draft(asked.chain, replace(draft, filing=replace(filing, files=files)))
    return {**_told(filing), "files": files, "sha256": sha256_of(place / PAPER)}


def to_approve(chain: Path) -> dict[str, str]:
    """Return what a second person is asked to agree to: this draft, by its digest."""
    return {"what": f"report {read_draft(chain).filing.number}", "sha256": sha256_of(chain / DRAFT / PAPER)}


def file_report(chain: Path, *, at: datetime, release: Callable[[str, str], object]) -> Row:
    """File the draft: it becomes the next report of the chain.

    Args:
        chain: Folder of the chain.
        at: Now.
        release: Is called with what is filed and its digest before anything is; refuses where nobody else agreed to just this.

    Done again after a kill, it ends what was begun; a report that was filed already is told once more, and not released twice.

    Raises:
        RefusedError: Nobody else agreed, the draft was changed, or it has become late.
    """
    if filed := cleared_after_filing(chain):
        return _filed(filed)
    draft = read_draft(chain)
    draft.in_time(at)
    agreed = to_approve(chain)
    release(agreed["what"], agreed["sha256"])
    file_draft(chain, draft)
    return _filed(draft.filing)


def _filed(filing: Filing) -> Row:
    return {**_told(filing), "files": filing.files, "digest": filing.digest()}


def _told(filing: Filing) -> Row:
    return {"number": filing.number, "kind": filing.kind, "changes": len(filing.changes)}


def _drawn(matter: Matter, facts: Facts, on: date) -> dict[str, bytes]:
    editions: dict[str, Any] = {}
    for language in LANGUAGES:
        spoken: Language = language  # type: ignore[assignment]  # of the two languages
        title = said("title", matter.filing.kind, spoken)
        beneath = f"{said('say', 'number', spoken, number=matter.filing.number)} · {on.isoformat()}"
        editions[language] = (title, beneath, parts(matter, spoken))
    title, beneath, _ = editions["ko"]
    return {
        "pdf": filing_pdf(facts.name, editions, on=on),
        "hwpx": hwpx(title, f"{facts.name['ko']} · {beneath}", [each[2] for each in editions.values()]),
    }
