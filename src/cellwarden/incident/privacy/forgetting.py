"""Forgetting a subscriber: agreed by two, done in the directory, and shown to be done.

The log keeps a digest of the pseudonym alone: it shows that a person of whom somebody still holds the pseudonym was forgotten, and
names nobody.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import select

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import Command, Event, Work
from cellwarden.incident.case.requests import Ask, OnRequest, Requested, usable
from cellwarden.incident.case.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class ForgettingBegun(Event):
    """The rows of a person are about to be removed."""

    request_id: str
    subject_sha256: str


@dataclass(frozen=True, kw_only=True)
class SubscriberForgotten(Event):
    """The rows of a person are gone from a directory."""

    request_id: str
    subject_sha256: str
    proof: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class AskForgetting(Command):
    """Ask to forget a person."""

    needs: ClassVar[Permission | None] = Permission.ASK_FORGETTING
    case_id: str
    purpose: str
    until_at: datetime
    pseudonym: str = field(repr=False)

    def carried_out(self, work: Work) -> Requested:
        """Write the request, with the digest in place of the pseudonym."""
        content = {"subject_sha256": subject_of(self.pseudonym)}
        ask = Ask(kind="forgetting", purpose=self.purpose, expires_at=self.until_at, content=content, case_id=self.case_id)
        return ask.carried_out(work)


@dataclass(frozen=True, kw_only=True)
class BeginForgetting(OnRequest):
    """Say that a person's rows are now being removed; done again after a kill, it is the same."""

    needs: ClassVar[Permission | None] = Permission.ASK_FORGETTING
    pseudonym: str = field(repr=False)

    def carried_out(self, work: Work) -> ForgettingBegun:
        """Log it, if two people agreed to forget this very person."""
        return ForgettingBegun(request_id=self.request_id, subject_sha256=_agreed(work, self.request_id, self.pseudonym))


@dataclass(frozen=True, kw_only=True)
class RecordForgotten(OnRequest):
    """Say that a person's rows are gone, with what shows it."""

    needs: ClassVar[Permission | None] = Permission.ASK_FORGETTING
    pseudonym: str = field(repr=False)
    proof: dict[str, Any]

    def carried_out(self, work: Work) -> SubscriberForgotten:
        """Log it, if it was begun: a removal that nobody began did not take place."""
        subject = _agreed(work, self.request_id, self.pseudonym)
        if not _is_begun(work, self.request_id):
            raise RefusedError("this forgetting was not begun", where=self.request_id, fix="Do it: cellwarden forget do")
        if self.proof.get("rows_left") != 0 or self.proof.get("sealed_octets_left") != 0:
            raise RefusedError("the directory still knows this person", where=self.request_id, fix="Forget again, and look why")
        return SubscriberForgotten(request_id=self.request_id, subject_sha256=subject, proof=self.proof)


def subject_of(pseudonym: str) -> str:
    """Return what stands for a person in the log."""
    return hashlib.sha256(f"forgotten {pseudonym}".encode()).hexdigest()


def _is_begun(work: Work, request_id: str) -> bool:
    line = schema.LOG.c.line
    lines = work.connection.scalars(select(line).where(line.contains('"forgetting_begun"'), line.contains(f'"{request_id}"')))
    return any((entry["act"], entry.get("request_id")) == ("forgetting_begun", request_id) for entry in map(json.loads, lines))


def _agreed(work: Work, request_id: str, pseudonym: str) -> str:
    subject = subject_of(pseudonym)
    if usable(work, request_id, "forgetting")["subject_sha256"] != subject:
        raise RefusedError("this request is about somebody else", where=request_id, fix="Give the pseudonym that was asked for")
    return subject
