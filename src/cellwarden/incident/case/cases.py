"""Opening, closing and reopening a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import select, update

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import CaseCommand, Command, Event, Work
from cellwarden.incident.case.evidence_items import EnterEvidence
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.timeline import RecordEntry
from cellwarden.incident.case.wording import checked_words

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.incident.case.places import Places


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """A case is open."""

    case_id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """A case is closed."""

    why: str


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """A closed case is open again."""

    why: str


@dataclass(frozen=True, kw_only=True)
class OpenCase(Command):
    """Open a case."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    title: str

    def carried_out(self, work: Work) -> CaseOpened:
        """Open it at version 1."""
        title = checked_words(self.title, where="title", least=3, most=200)
        case_id = work.number("C")
        work.put(schema.CASES, case_id=case_id, title=title, state="open", version=1, opened_at=work.at, opened_by=work.by)
        return CaseOpened(case_id=case_id, title=title)


@dataclass(frozen=True, kw_only=True)
class CloseCase(CaseCommand):
    """Close a case in which nothing is left to do."""

    needs: ClassVar[Permission | None] = Permission.DECIDE
    why: str

    def carried_out(self, work: Work) -> CaseClosed:
        """Close it; open tasks, running clocks and restatements that are due keep it open."""
        why = checked_words(self.why, where="why", least=10)
        for table, key, waits, what in (
            (schema.TASK, schema.TASK.c.task_id, schema.TASK.c.state == "open", "task"),
            (schema.CLOCK, schema.CLOCK.c.clock_id, schema.CLOCK.c.state == "running", "clock"),
            (schema.RESTATEMENT, schema.RESTATEMENT.c.restatement_id, schema.RESTATEMENT.c.state == "due", "restatement"),
        ):
            if left := work.connection.scalars(select(key).where(table.c.case_id == self.case_id, waits)).all():
                raise RefusedError(
                    f"{len(left)} open {what}(s), {left[0]} first", where=self.case_id, fix="End them, then close"
                )
        work.connection.execute(update(schema.CASES).where(schema.CASES.c.case_id == self.case_id).values(state="closed"))
        return CaseClosed(why=why)


@dataclass(frozen=True, kw_only=True)
class ReopenCase(Command):
    """Open a closed case again."""

    needs: ClassVar[Permission | None] = Permission.DECIDE
    case_id: str
    why: str

    def carried_out(self, work: Work) -> CaseReopened:
        """Open it, at its next version."""
        why = checked_words(self.why, where="why", least=10)
        if work.one(schema.CASES, self.case_id)["state"] != "closed":
            raise RefusedError("the case is open", where=self.case_id, fix="Work on")
        work.connection.execute(update(schema.CASES).where(schema.CASES.c.case_id == self.case_id).values(state="open"))
        work.raised(self.case_id)
        return CaseReopened(why=why)


@dataclass(frozen=True, kw_only=True)
class OpenCaseFromResult(Command):
    """Open a case with what an investigation found: the result enters as evidence, each accused episode as a finding."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    title: str
    name: str
    """Name of the result folder."""
    sha256: str
    """Of its manifest, which names every other file by its hash."""
    queries: tuple[str, ...]
    rows: int
    first_at: datetime | None
    last_at: datetime | None
    findings: tuple[tuple[datetime, str], ...]
    """Start of each accused episode, and what is said of it."""
    places: Places | None = None
    """Where the investigation can be made again; None: it is said when it is needed."""

    def carried_out(self, work: Work) -> CaseOpened:
        """Open, enter and record: all of it, or nothing."""
        opened = OpenCase(title=self.title).carried_out(work)
        entered = EnterEvidence(
            case_id=opened.case_id,
            kind="result",
            name=self.name,
            sha256=self.sha256,
            source="cellwarden investigate",
            query=", ".join(self.queries),
            rows=self.rows,
            first_at=self.first_at,
            last_at=self.last_at,
        ).carried_out(work)
        work.told.append(entered)
        if self.places is not None:
            self.places.keep(work, opened.case_id)
        for happened_at, what in self.findings:
            entry = RecordEntry(
                case_id=opened.case_id, happened_at=happened_at, kind="finding", what=what, evidence_id=entered.evidence_id
            )
            work.told.append(entry.carried_out(work))
        return opened
