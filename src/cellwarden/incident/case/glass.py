"""Breaking the glass: containing without the second person, for a reason that another person judges afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import Event, Work
from cellwarden.incident.case.requests import OnRequest, set_request, undecided
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.wording import checked_words

LEAST_REASON = 20
"""Characters of the reason; the database asks for them too."""


@dataclass(frozen=True, kw_only=True)
class GlassBroken(Event):
    """An act was taken without the second person, for a reason that another person will judge."""

    request_id: str
    content_sha256: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class GlassReviewed(Event):
    """Another person judged a broken glass."""

    request_id: str
    was_right: bool
    words: str


@dataclass(frozen=True, kw_only=True)
class BreakGlass(OnRequest):
    """Contain now, without the second person."""

    needs: ClassVar[Permission | None] = Permission.BREAK_GLASS
    reason: str

    def carried_out(self, work: Work) -> GlassBroken:
        """Open the way for this containment; whoever could have approved it is told, and another person judges it."""
        request = undecided(work, self.request_id)
        if request["kind"] != "containment":
            raise RefusedError(
                f"no emergency opens a {request['kind']}", where=self.request_id, fix="Ask a second person to decide"
            )
        if request["asked_by"] != work.by:
            raise RefusedError("who breaks the glass answers for the act", where=self.request_id, fix="Approve it instead")
        reason = checked_words(self.reason, where="reason", least=LEAST_REASON)
        set_request(work, self.request_id, state="glass", glass_reason=reason)
        return GlassBroken(request_id=self.request_id, content_sha256=request["digest"], reason=reason)


@dataclass(frozen=True, kw_only=True)
class Review(OnRequest):
    """Judge a broken glass."""

    needs: ClassVar[Permission | None] = Permission.REVIEW
    words: str
    was_right: bool

    def carried_out(self, work: Work) -> GlassReviewed:
        """Write the judgement down; who broke the glass is not the judge."""
        request = work.one(schema.REQUEST, self.request_id)
        if request["state"] != "glass" or request["reviewed_by"] is not None:
            raise RefusedError("no broken glass waits here", where=self.request_id, fix="List them: cellwarden contain list")
        if request["asked_by"] == work.by:
            raise RefusedError(f"{work.by} broke this glass", where=self.request_id, fix="Ask another person to review it")
        words = checked_words(self.words, where="review", least=10)
        set_request(work, self.request_id, reviewed_by=work.by, reviewed_at=work.at, review=words)
        return GlassReviewed(request_id=self.request_id, was_right=self.was_right, words=words)
