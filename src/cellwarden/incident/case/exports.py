"""That a case was exported is an act of the case: who took it, what it hashes to, and whether anybody in it is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import Command, Event, Work
from cellwarden.incident.case.roles import Permission


@dataclass(frozen=True, kw_only=True)
class CaseExported(Event):
    """Everything of a case was written into a folder."""

    name: str
    sha256: str
    people: int
    people_named: int
    approval: str | None


@dataclass(frozen=True, kw_only=True)
class ExportCase(Command):
    """Write down that a case leaves the store."""

    needs: ClassVar[Permission | None] = Permission.READ
    case_id: str
    name: str
    """Of the folder."""
    sha256: str
    """Of its `case.json`."""
    people: int
    """Who occur in it."""
    people_named: int
    """Of them, under their identifiers."""
    approval: str | None = None
    """The reveal under which they are named."""

    def carried_out(self, work: Work) -> CaseExported:
        """Log it; a closed case may be exported too. Nobody is named whom this person did not open under that reveal of this case."""
        work.one(schema.CASES, self.case_id)
        if self.people_named > self._opened(work):
            raise RefusedError(
                "this export names people who were not opened for it", where=self.name, fix="Export with an approved reveal"
            )
        return CaseExported(
            name=self.name, sha256=self.sha256, people=self.people, people_named=self.people_named, approval=self.approval
        )

    def _opened(self, work: Work) -> int:
        request, opening = schema.REQUEST, schema.OPENING
        most = (
            select(func.max(opening.c.people))
            .join_from(opening, request, opening.c.request_id == request.c.request_id)
            .where(request.c.request_id == self.approval, request.c.case_id == self.case_id, opening.c.by_person == work.by)
        )
        return work.connection.scalar(most) or 0
