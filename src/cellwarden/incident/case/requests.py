"""Acts that need a second person: asked, decided by another, used before they end. The rule holds for everybody.

A request says exactly what is asked, and its digest goes into the log with the approval: who approved one thing has not
approved another. An approved request does nothing by itself; a command that carries it out names it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import Command, Event, Work, written
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.wording import checked_words

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

_P = Permission
KINDS: dict[str, tuple[Permission, Permission]] = {
    "containment": (_P.ASK_CONTAINMENT, _P.APPROVE_CONTAINMENT),
    "lifting": (_P.ASK_CONTAINMENT, _P.APPROVE_CONTAINMENT),
    "reveal": (_P.ASK_REVEAL, _P.APPROVE_REVEAL),
    "forgetting": (_P.ASK_FORGETTING, _P.APPROVE_FORGETTING),
    "notice": (_P.ASK_NOTICE, _P.APPROVE_NOTICE),
    "grant": (_P.ASK_GRANT, _P.APPROVE_GRANT),
}
"""Each kind of request with the permission to ask and the permission to approve."""
LONGEST = timedelta(days=90)
"""A request whose end lies further off is refused: what has no end is forgotten."""


@dataclass(frozen=True, kw_only=True)
class Requested(Event):
    """Somebody asked for an act that needs a second person."""

    request_id: str
    kind: str
    purpose: str
    content: dict[str, Any]
    content_sha256: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class RequestApproved(Event):
    """Another person agreed."""

    request_id: str
    kind: str
    content_sha256: str
    asked_by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RequestRefused(Event):
    """Another person did not agree."""

    request_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(Event):
    """The asker took it back."""

    request_id: str


@dataclass(frozen=True, kw_only=True)
class Ask(Command):
    """Ask for an act."""

    kind: str
    purpose: str
    expires_at: datetime
    """Until when an approval may be used, and a containment may last."""
    content: dict[str, Any] = field(default_factory=dict)
    """What exactly is asked; what is approved is this and nothing else."""
    case_id: str | None = None

    def needed(self, work: Work) -> Permission:  # noqa: ARG002 (the signature of every command)
        """Asking takes the kind's own permission."""
        return kind_of(self.kind)[0]

    def carried_out(self, work: Work) -> Requested:
        """Write the request down."""
        if not work.at < self.expires_at <= work.at + LONGEST:
            raise UsageError(
                f"an end at {self.expires_at:%Y-%m-%d %H:%M} UTC",
                where="--until",
                fix=f"Choose one within {LONGEST.days} days from now",
            )
        if self.case_id is None and self.kind != "grant":
            raise UsageError(f"a {self.kind} belongs to a case", where="--case", fix="Name the case")
        if self.case_id is not None:
            work.open_case(self.case_id)
        purpose = checked_words(self.purpose, where="purpose", least=10)
        content = written(self.content)
        digest = hashlib.sha256(content.encode()).hexdigest()
        request_id = work.number("R")
        work.put(
            schema.REQUEST,
            request_id=request_id,
            case_id=self.case_id,
            kind=self.kind,
            purpose=purpose,
            content=content,
            digest=digest,
            asked_by=work.by,
            asked_at=work.at,
            expires_at=self.expires_at,
            state="asked",
        )
        return Requested(
            request_id=request_id,
            kind=self.kind,
            purpose=purpose,
            content=json.loads(content),
            content_sha256=digest,
            expires_at=self.expires_at,
        )


@dataclass(frozen=True, kw_only=True)
class OnRequest(Command):
    """A command on a request: the permission must hold in the case of the request."""

    request_id: str

    def in_case(self, work: Work) -> str | None:
        """Return the case of the request."""
        case_id = work.one(schema.REQUEST, self.request_id)["case_id"]
        return None if case_id is None else str(case_id)


@dataclass(frozen=True, kw_only=True)
class Decide(OnRequest):
    """Decide about a request of somebody else."""

    reason: str
    is_approved: bool = True
    digest: str | None = None
    """What the decider read; given by interfaces that show the request first, so that no other content is approved."""

    def needed(self, work: Work) -> Permission:
        """Deciding takes the kind's permission to approve."""
        return kind_of(work.one(schema.REQUEST, self.request_id)["kind"])[1]

    def carried_out(self, work: Work) -> RequestApproved | RequestRefused:
        """Write the decision down; the database checks once more that it is another person's."""
        request = undecided(work, self.request_id)
        if request["asked_by"] == work.by:
            raise RefusedError(
                f"{work.by} asked for this and may not decide it", where=self.request_id, fix="Ask a second person to decide"
            )
        if not work.one(schema.PERSON, work.by)["has_own_token"]:
            raise RefusedError(
                "the steward who enrolled you knows your token", where=work.by, fix="Renew it first: cellwarden case renew"
            )
        if self.digest not in (None, request["digest"]):
            raise RefusedError("this is not what was read", where=self.request_id, fix="Read the request again, then decide")
        reason = checked_words(self.reason, where="reason", least=5)
        set_request(
            work,
            self.request_id,
            state="approved" if self.is_approved else "refused",
            decided_by=work.by,
            decided_at=work.at,
            decision=reason,
        )
        if not self.is_approved:
            return RequestRefused(request_id=self.request_id, reason=reason)
        return RequestApproved(
            request_id=self.request_id,
            kind=request["kind"],
            content_sha256=request["digest"],
            asked_by=request["asked_by"],
            reason=reason,
        )


@dataclass(frozen=True, kw_only=True)
class Withdraw(OnRequest):
    """Take a request back that nobody decided yet."""

    def carried_out(self, work: Work) -> RequestWithdrawn:
        """Close it; only the asker may."""
        request = undecided(work, self.request_id)
        if request["asked_by"] != work.by:
            raise RefusedError("only the asker takes a request back", where=self.request_id, fix="Refuse it instead")
        set_request(work, self.request_id, state="withdrawn")
        return RequestWithdrawn(request_id=self.request_id)


def kind_of(kind: str) -> tuple[Permission, Permission]:
    """Return the permissions to ask for a kind and to approve it."""
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind of request", where="request", fix=f"Known are {', '.join(KINDS)}")
    return KINDS[kind]


def usable(work: Work, request_id: str, kind: str) -> dict[str, Any]:
    """Return the content of a request that may be carried out now.

    Raises:
        RefusedError: It is of another kind, not approved, or its time is over.
    """
    request = work.one(schema.REQUEST, request_id)
    if request["kind"] != kind:
        raise RefusedError(f"this is a {request['kind']}, not a {kind}", where=request_id, fix="Name the right request")
    if request["state"] not in ("approved", "glass"):
        raise RefusedError(
            f"this request is {request['state']}, not approved", where=request_id, fix="Ask a second person to decide"
        )
    if work.at >= request["expires_at"]:
        raise RefusedError("the time of this approval is over", where=request_id, fix="Ask anew")
    content: dict[str, Any] = json.loads(request["content"])
    if hashlib.sha256(request["content"].encode()).hexdigest() != request["digest"]:
        raise RefusedError("the content is not the one that was asked", where=request_id, fix="Run cellwarden log verify")
    return content


def undecided(work: Work, request_id: str) -> RowMapping:
    """Return a request that waits for a decision, or refuse."""
    request = work.one(schema.REQUEST, request_id)
    if request["state"] != "asked":
        raise RefusedError(f"this request is {request['state']} already", where=request_id, fix="Ask anew")
    if work.at >= request["expires_at"]:
        raise RefusedError("the time of this request is over", where=request_id, fix="Ask anew")
    return request


def set_request(work: Work, request_id: str, **values: Any) -> None:
    """Write what became of a request."""
    changed = work.connection.execute(
        update(schema.REQUEST).where(schema.REQUEST.c.request_id == request_id).values(**values)
    ).rowcount
    if changed != 1:
        raise MalformedInputError("the request is gone", where=request_id, fix="Run cellwarden log verify")
