"""Letting a round of notices or a report go: another person has agreed to exactly this one, and the log says so first."""

from __future__ import annotations

from dataclasses import dataclass

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case.command import Event, Work
from cellwarden.incident.case.requests import OnRequest, usable
from cellwarden.incident.case.roles import Permission

KIND = "notice"
"""Kind of the request that a release needs."""


@dataclass(frozen=True, kw_only=True)
class Released(Event):
    """What was approved was let go; what came of it is in the receipts."""

    request_id: str
    what: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Release(OnRequest):
    """Let go what was approved."""

    what: str
    """`notices`, or the number of a report."""
    sha256: str
    """Of the index of the notices, or of the report."""

    def needed(self, work: Work) -> Permission:  # noqa: ARG002 (the signature of every command)
        """Whoever may prepare notices may send what another approved."""
        return Permission.ASK_NOTICE

    def carried_out(self, work: Work) -> Released:
        """Check that the approval is for this content and not for another."""
        content = usable(work, self.request_id, KIND)
        if (content.get("what"), content.get("sha256")) != (self.what, self.sha256):
            raise RefusedError("another content was approved", where=self.request_id, fix="Ask anew for what is to go now")
        return Released(request_id=self.request_id, what=self.what, sha256=self.sha256)
