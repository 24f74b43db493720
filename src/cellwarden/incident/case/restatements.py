"""Versions of a case's census: what a piece of evidence made of it, who moved, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import func, select, update

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import CaseCommand, Event, Work, written
from cellwarden.incident.case.evidence_items import EnterEvidence
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.timeline import RecordEntry

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from cellwarden.incident.case.places import Places


@dataclass(frozen=True, kw_only=True)
class RestatementWritten(Event):
    """The census of a case has a new version."""

    census_version: int
    restatements: tuple[str, ...]
    because_of: tuple[str, ...]
    """Evidence items."""
    result_evidence_id: str
    people: dict[str, Any]
    """Before and after, by grade."""
    changed: dict[str, int]
    why: dict[str, int]
    units: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class WriteRestatement(CaseCommand):
    """Write a version of the census: the new result and its restatement enter as evidence, the timeline says who moved, nothing is due."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    restatements: tuple[str, ...]
    """Those that this version answers."""
    name: str
    """Of the new result folder."""
    sha256: str
    """Of its manifest."""
    rows: int
    first_at: datetime | None
    last_at: datetime | None
    restatement_sha256: str
    """Of `restatement.json`."""
    told: dict[str, Any]
    """Its content."""
    places: Places

    def carried_out(self, work: Work) -> RestatementWritten:
        """Do all of it, or nothing."""
        table = schema.RESTATEMENT
        due = {row["restatement_id"]: row["evidence_id"] for row in due_restatements(work.connection, self.case_id)}
        if not self.restatements or set(self.restatements) - set(due):
            raise RefusedError(
                "this restatement is written, or was never due", where=self.case_id, fix="See cellwarden case show"
            )
        version = next_version(work.connection, self.case_id)
        because = tuple(due[name] for name in self.restatements)
        entered = EnterEvidence(
            case_id=self.case_id,
            kind="result",
            name=self.name,
            sha256=self.sha256,
            source="cellwarden investigate",
            query=f"grouped by {', '.join(because)}",
            rows=self.rows,
            first_at=self.first_at,
            last_at=self.last_at,
        ).carried_out(work)
        why = EnterEvidence(
            case_id=self.case_id,
            kind="document",
            name="restatement.json",
            sha256=self.restatement_sha256,
            source="cellwarden census diff",
        ).carried_out(work)
        entry = RecordEntry(
            case_id=self.case_id,
            happened_at=work.at,
            kind="finding",
            what=_sentence(version, because, self.told),
            evidence_id=why.evidence_id,
        ).carried_out(work)
        work.told.extend((entered, why, entry))
        self.places.keep(work, self.case_id)
        work.connection.execute(
            update(table)
            .where(table.c.restatement_id.in_(self.restatements))
            .values(
                state="written",
                version=version,
                written_at=work.at,
                written_by=work.by,
                result_evidence_id=entered.evidence_id,
                told=written(self.told),
            )
        )
        return RestatementWritten(
            census_version=version,
            restatements=self.restatements,
            because_of=because,
            result_evidence_id=entered.evidence_id,
            people={side: self.told[side]["people"] for side in ("before", "after")},
            changed=self.told["changed"],
            why=self.told["why"],
            units=self.told["units"],
        )


def due_restatements(connection: Connection, case_id: str) -> list[dict[str, Any]]:
    """Return what is due in a case, oldest first."""
    table = schema.RESTATEMENT
    chosen = select(table).where(table.c.case_id == case_id, table.c.state == "due").order_by(table.c.due_since)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def next_version(connection: Connection, case_id: str) -> int:
    """Return the number of the census that would be written now; the result that opened the case is version 1."""
    table = schema.RESTATEMENT
    last = connection.scalar(select(func.max(table.c.version)).where(table.c.case_id == case_id))
    return (last or 1) + 1


def newest_census(connection: Connection, case_id: str) -> str | None:
    """Return the SHA-256 of the manifest of the newest version of the census; None: the case has no result."""
    table, item = schema.RESTATEMENT, schema.EVIDENCE
    newest = connection.scalar(
        select(item.c.sha256)
        .join_from(table, item, table.c.result_evidence_id == item.c.evidence_id)
        .where(table.c.case_id == case_id)
        .order_by(table.c.version.desc())
        .limit(1)
    )
    return newest or connection.scalar(
        select(item.c.sha256).where(item.c.case_id == case_id, item.c.kind == "result").order_by(item.c.collected_at).limit(1)
    )


def _sentence(version: int, because: tuple[str, ...], told: dict[str, Any]) -> str:
    before, after = (told[side]["people"]["total"] for side in ("before", "after"))
    moved = ", ".join(f"{count:,} {change}" for change, count in told["changed"].items() if count) or "nobody moved"
    units = told["units"]
    return (
        f"census version {version}, restated because of {', '.join(because)}: {after:,} people exposed where {before:,} were ({moved}); "
        f"{units['after']:,} units where {units['before']:,} were"
    )
