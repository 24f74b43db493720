"""One act: seized equipment enters as evidence, the accused ids are grouped by it, and the census is restated as a new version.

What is entered is due from the same transaction on. The new result and the restatement are written beside it, each there as a whole or not
at all, and a second transaction makes them a version of the case. A kill in between leaves the restatement due; made again, it gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellwarden.detect.seized import Seizure
from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case import overview, schema
from cellwarden.incident.case.places import Places, places_of
from cellwarden.incident.case.restatements import WriteRestatement, due_restatements, newest_census, next_version
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.load import quiet
from cellwarden.workflows.restate import restate

if TYPE_CHECKING:
    from cellwarden.incident.case.command import Event
    from cellwarden.incident.case.evidence_items import EnterEvidence
    from cellwarden.workflows.load import Progress
    from cellwarden.workflows.respond import Desk


def places(records: Path, result: Path, lake: Path | None) -> Places:
    """Return the places of an investigation as the case keeps them; without a lake it is the one beside the result."""
    lake = lake or result.with_name(f"{result.name}.lake")
    return Places(records=str(records.resolve()), lake=str(lake.resolve()), result=str(result.resolve()))


def enter_seized(
    at: Desk, command: EnterEvidence, *, where: Places | None = None, engine: str = "duckdb", progress: Progress = quiet
) -> list[Event]:
    """Enter seized equipment and restate the census of the case.

    Args:
        at: Who enters it.
        command: The evidence.
        where: Where the case is investigated; None: as the case remembers.
        engine: As `--engine` calls it.
        progress: Told how far the investigation is.

    Returns:
        What was entered, and the version that was written; without the second where nobody said where the records are: then it stays due.
    """
    entered = at.do(command)
    with at.store.reading(at.me, case_id=command.case_id) as connection:
        known = where or places_of(connection, command.case_id)
        due = due_restatements(connection, command.case_id)
    if known is None or not due:
        return [entered]
    return [entered, restate_case(at, command.case_id, where=known, engine=engine, progress=progress)]


def restate_case(
    at: Desk, case_id: str, *, where: Places | None = None, engine: str = "duckdb", progress: Progress = quiet
) -> Event:
    """Write the version of the census that the seized equipment of a case asks for.

    Raises:
        RefusedError: Nothing is due, or the result is not the newest version that the case knows.
        UsageError: Nobody said where the records are.
    """
    with at.store.reading(at.me, case_id=case_id) as connection:
        due = due_restatements(connection, case_id)
        known = where or places_of(connection, case_id)
        version = next_version(connection, case_id)
        newest = newest_census(connection, case_id)
        items = overview.of_case(connection, schema.EVIDENCE, case_id)
    if not due:
        raise RefusedError("no restatement is due", where=case_id, fix="Enter seized equipment: cellwarden case evidence")
    if known is None:
        raise UsageError(
            "nobody said where the records are", where=case_id, fix="Say --records, --result and, if it lies apart, --lake"
        )
    before = Path(known.result)
    if not (before / "manifest.json").is_file() or sha256_of(before / "manifest.json") != newest:
        raise RefusedError(
            "this is not the newest census of the case, or it was changed",
            where=before.name,
            fix="Give the result that the case was opened with, or that its last restatement wrote",
        )
    manifest = json.loads((before / "manifest.json").read_text(encoding="utf-8"))
    after = before.with_name(f"{case_id}-census-{version}")
    investigate(
        Request(
            records=Path(known.records),
            out=after,
            lake=Path(known.lake),
            engine=engine,
            until=_instant(manifest["until"]),
            seized=_seizures(items),
        ),
        clock=at.now,
        progress=progress,
    )
    told = _restated(before, after, after.with_name(f"{after.name}-restatement"))
    summary, made = _read(after / "summary.json"), _read(after / "manifest.json")
    return at.do(
        WriteRestatement(
            case_id=case_id,
            restatements=tuple(each["restatement_id"] for each in due),
            name=after.name,
            sha256=sha256_of(after / "manifest.json"),
            rows=sum(int(each.get("rows", 0)) for each in made["outputs"].values()),
            restatement_sha256=sha256_of(after.with_name(f"{after.name}-restatement") / "restatement.json"),
            told=told,
            places=Places(records=known.records, lake=known.lake, result=str(after)),
            first_at=_instant(summary["window"]["from"]),
            last_at=_instant(summary["window"]["to"]),
        )
    )


def _seizures(items: list[dict[str, Any]]) -> tuple[Seizure, ...]:
    return tuple(
        Seizure(evidence=item["evidence_id"], **{name: frozenset(values) for name, values in item["identifiers"].items()})
        for item in items
        if item["kind"] == "seized_equipment"
    )


def _restated(before: Path, after: Path, out: Path) -> dict[str, Any]:
    """Write the restatement as a whole: what a kill left of it is made again."""
    draft = out.with_name(f".{out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    told = restate(before, after, out=draft)
    shutil.rmtree(out, ignore_errors=True)
    draft.replace(out)
    return told


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
