"""Tasks, and decisions with who, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import update

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import CaseCommand, Event, Work, written
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.timeline import of_case
from cellwarden.incident.case.wording import checked_words

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class TaskSet(Event):
    """Somebody is to do something."""

    task_id: str
    what: str
    assigned_to: str | None
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TaskEnded(Event):
    """A task was done or dropped."""

    task_id: str
    state: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DecisionTaken(Event):
    """Somebody decided."""

    decision_id: str
    what: str
    why: str
    alternatives: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SetTask(CaseCommand):
    """Give somebody something to do."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    what: str
    assigned_to: str | None = None
    due_at: datetime | None = None

    def carried_out(self, work: Work) -> TaskSet:
        """Add the task."""
        what = checked_words(self.what, where="what", least=3)
        if self.assigned_to is not None:
            work.one(schema.PERSON, self.assigned_to)
        task_id = work.number("T")
        work.put(
            schema.TASK,
            task_id=task_id,
            case_id=self.case_id,
            what=what,
            assigned_to=self.assigned_to,
            due_at=self.due_at,
            state="open",
            outcome="",
        )
        return TaskSet(task_id=task_id, what=what, assigned_to=self.assigned_to, due_at=self.due_at)


@dataclass(frozen=True, kw_only=True)
class EndTask(CaseCommand):
    """Say how a task ended."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    task_id: str
    state: str
    """`done` or `dropped`."""
    outcome: str

    def carried_out(self, work: Work) -> TaskEnded:
        """End the task."""
        if self.state not in ("done", "dropped"):
            raise UsageError(f"{self.state!r} is no end of a task", where="state", fix="Say done or dropped")
        if of_case(work, schema.TASK, self.task_id, self.case_id)["state"] != "open":
            raise RefusedError("this task has ended", where=self.task_id, fix="Set a new one")
        outcome = checked_words(self.outcome, where="outcome", least=3)
        work.connection.execute(
            update(schema.TASK).where(schema.TASK.c.task_id == self.task_id).values(state=self.state, outcome=outcome)
        )
        return TaskEnded(task_id=self.task_id, state=self.state, outcome=outcome)


@dataclass(frozen=True, kw_only=True)
class TakeDecision(CaseCommand):
    """Decide, and say why, and what else was possible."""

    needs: ClassVar[Permission | None] = Permission.DECIDE
    what: str
    why: str
    alternatives: tuple[str, ...] = ()

    def carried_out(self, work: Work) -> DecisionTaken:
        """Write it down for good."""
        what = checked_words(self.what, where="what", least=3)
        why = checked_words(self.why, where="why", least=10)
        alternatives = tuple(checked_words(each, where="alternative") for each in self.alternatives)
        decision_id = work.number("D")
        work.put(
            schema.DECISION,
            decision_id=decision_id,
            case_id=self.case_id,
            what=what,
            why=why,
            alternatives=written(alternatives),
            decided_at=work.at,
            decided_by=work.by,
        )
        return DecisionTaken(decision_id=decision_id, what=what, why=why, alternatives=alternatives)
