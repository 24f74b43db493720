"""The timeline: when it happened, when somebody knew, when it was written down. Regulators ask for the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from sqlalchemy import select

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import CaseCommand, Event, Work
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.wording import checked_words

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table
    from sqlalchemy.engine import RowMapping

ENTRY_KINDS = ("incident", "finding", "alarm", "contact", "act", "notice", "note")
"""What an entry is about."""
_AHEAD = timedelta(minutes=5)
"""How far a clock elsewhere may run before ours."""


@dataclass(frozen=True, kw_only=True)
class EntryRecorded(Event):
    """The timeline has one more entry."""

    entry_id: str
    happened_at: datetime
    known_at: datetime
    kind: str
    what: str
    evidence_id: str | None = None
    corrects: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordEntry(CaseCommand):
    """Write down what happened, and when somebody knew."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    happened_at: datetime
    known_at: datetime | None = None
    """None: now."""
    kind: str
    what: str
    evidence_id: str | None = None
    """The item that shows it."""
    corrects: str | None = None
    """An entry that this one replaces; the old one stays readable."""

    def carried_out(self, work: Work) -> EntryRecorded:
        """Add the entry."""
        known_at = self.known_at or work.at
        for name, at in (("happened_at", self.happened_at), ("known_at", known_at)):
            if at.tzinfo is None:
                raise MalformedInputError("a time without a zone", where=name, fix="Write 2025-08-05T03:00:00+09:00")
            if at > work.at + _AHEAD:
                raise MalformedInputError("a time that is yet to come", where=name, fix="Set a task with a due time instead")
        if self.kind not in ENTRY_KINDS:
            raise UsageError(f"{self.kind!r} is no kind of entry", where="kind", fix=f"Known are {', '.join(ENTRY_KINDS)}")
        what = checked_words(self.what, where="what", least=3)
        if self.evidence_id is not None:
            of_case(work, schema.EVIDENCE, self.evidence_id, self.case_id)
        if self.corrects is not None:
            of_case(work, schema.ENTRY, self.corrects, self.case_id)
            newer = work.connection.scalar(select(schema.ENTRY.c.entry_id).where(schema.ENTRY.c.corrects == self.corrects))
            if newer:
                raise UsageError(f"{newer} corrects it already", where=self.corrects, fix=f"Correct {newer}")
        entry_id = work.number("N")
        work.put(
            schema.ENTRY,
            entry_id=entry_id,
            case_id=self.case_id,
            happened_at=self.happened_at,
            known_at=min(known_at, work.at),
            recorded_at=work.at,
            recorded_by=work.by,
            kind=self.kind,
            what=what,
            evidence_id=self.evidence_id,
            corrects=self.corrects,
        )
        return EntryRecorded(
            entry_id=entry_id,
            happened_at=self.happened_at,
            known_at=known_at,
            kind=self.kind,
            what=what,
            evidence_id=self.evidence_id,
            corrects=self.corrects,
        )


def timeline(
    connection: Connection,
    case_id: str,
    *,
    order: Literal["happened_at", "known_at", "recorded_at"] = "happened_at",
    as_known_at: datetime | None = None,
    recorded_by: datetime | None = None,
) -> list[RowMapping]:
    """Return the entries that nothing corrects.

    Args:
        connection: To read with.
        case_id: Whose timeline.
        order: The time that sorts them.
        as_known_at: Only what somebody knew by then.
        recorded_by: The timeline as it stood then: what was recorded later, corrections too, is left out.
    """
    entry = schema.ENTRY
    chosen = select(entry).where(entry.c.case_id == case_id)
    if as_known_at is not None:
        chosen = chosen.where(entry.c.known_at <= as_known_at)
    if recorded_by is not None:
        chosen = chosen.where(entry.c.recorded_at <= recorded_by)
    rows = connection.execute(chosen.order_by(entry.c[order], entry.c.recorded_at)).mappings().all()
    corrected = {row["corrects"] for row in rows}
    return [row for row in rows if row["entry_id"] not in corrected]


def of_case(work: Work, table: Table, key: str, case_id: str) -> RowMapping:
    """Return a row that belongs to the case.

    Raises:
        MalformedInputError: It belongs to another, or there is none.
    """
    row = work.one(table, key)
    if row["case_id"] != case_id:
        raise MalformedInputError(f"{key} belongs to another case", where=case_id, fix="List them, and copy the name")
    return row
