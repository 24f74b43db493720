"""Whether an act worked, written down: the proof is a search of the records after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from cellwarden.incident.case.command import Event, Work
from cellwarden.incident.case.requests import OnRequest
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.containment.acts import CONTAINMENT


@dataclass(frozen=True, kw_only=True)
class EffectMeasured(Event):
    """The records were searched for what an act should have stopped."""

    request_id: str
    effect: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RecordEffect(OnRequest):
    """Write down what the records showed after an act."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    effect: dict[str, Any]

    def carried_out(self, work: Work) -> EffectMeasured:
        """Log it; the act is one that came into force."""
        work.one(CONTAINMENT, self.request_id)
        return EffectMeasured(request_id=self.request_id, effect=self.effect)
