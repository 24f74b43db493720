"""Revealing: asked for a purpose, agreed by counsel or the privacy officer, opened by who asked, ended by time.

The line in the log is written before the directory is opened: an opening that fails afterwards was logged all the same, and one that
is not in the log did not take place.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import func, select

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import Command, Event, Work
from cellwarden.incident.case.requests import Ask, OnRequest, Requested, usable
from cellwarden.incident.case.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class IdentifiersOpened(Event):
    """The directory is about to be opened for these people."""

    opening_id: str
    request_id: str
    people: int
    people_sha256: str
    out: str


@dataclass(frozen=True, kw_only=True)
class AskReveal(Command):
    """Ask to see identifiers: of people named by pseudonym, or of whoever an investigation finds, up to a number."""

    needs: ClassVar[Permission | None] = Permission.ASK_REVEAL
    case_id: str
    purpose: str
    until_at: datetime
    people: tuple[str, ...] = field(default=(), repr=False)
    """Pseudonyms; empty: those that an investigation will find."""
    most_people: int | None = None
    """With an investigation: the opening is refused beyond it."""

    def carried_out(self, work: Work) -> Requested:
        """Write the request; the approver reads for how many people it is."""
        if bool(self.people) == (self.most_people is not None):
            raise UsageError(
                "a reveal names people, or a number for an investigation", where="reveal", fix="Give one of the two"
            )
        if self.most_people is not None and self.most_people < 1:
            raise UsageError(f"{self.most_people} people", where="--most", fix="Give a number from 1")
        people = sorted(set(self.people))
        content = {"people_sha256": digest_of(people), "people": people} if people else {"most_people": self.most_people}
        ask = Ask(kind="reveal", purpose=self.purpose, expires_at=self.until_at, content=content, case_id=self.case_id)
        return ask.carried_out(work)


@dataclass(frozen=True, kw_only=True)
class OpenIdentifiers(OnRequest):
    """Open what was agreed; the caller reads the directory after this and not before."""

    needs: ClassVar[Permission | None] = Permission.SEE_IDENTIFIERS
    people: tuple[str, ...] = field(repr=False)
    out: str
    """Where the identifiers go."""

    def carried_out(self, work: Work) -> IdentifiersOpened:
        """Log it; only the asker opens, only for people that were agreed."""
        agreed = usable(work, self.request_id, "reveal")
        if work.one(schema.REQUEST, self.request_id)["asked_by"] != work.by:
            raise RefusedError("somebody else asked for this reveal", where=self.request_id, fix="Ask for one of your own")
        if not self.people:
            raise MalformedInputError("nobody to reveal", where=self.request_id, fix="Name people")
        people = set(self.people)
        if "people" in agreed and not people <= set(agreed["people"]):
            strangers = len(people - set(agreed["people"]))
            raise RefusedError(
                f"{strangers} of {len(people)} people were not agreed", where=self.request_id, fix="Ask for them too"
            )
        if "most_people" in agreed and len(people) > int(agreed["most_people"]):
            raise RefusedError(
                f"{len(people)} people, where {agreed['most_people']} were agreed", where=self.request_id, fix="Ask for more"
            )
        opening_id = f"O-{(work.connection.scalar(select(func.count()).select_from(schema.OPENING)) or 0) + 1}"
        work.put(
            schema.OPENING,
            opening_id=opening_id,
            request_id=self.request_id,
            at=work.at,
            by_person=work.by,
            people=len(people),
            out=self.out,
        )
        return IdentifiersOpened(
            opening_id=opening_id,
            request_id=self.request_id,
            people=len(people),
            people_sha256=digest_of(people),
            out=self.out,
        )


def digest_of(people: Iterable[str]) -> str:
    """Return the SHA-256 of pseudonyms, whatever their order."""
    return hashlib.sha256("\n".join(sorted(set(people))).encode()).hexdigest()
