"""A clock starts by a recorded act, and ends by another. One that is late carries its explanation for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import CaseCommand, Event, Work
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.timeline import of_case
from cellwarden.incident.case.wording import checked_words
from cellwarden.incident.clocks.rules import rules, started_by

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

LEAST_LATENESS = 20
"""Characters that explain why a duty was met late; the database asks for them too."""


@dataclass(frozen=True, kw_only=True)
class TriggerKnown(Event):
    """Something came to be known that the law attaches deadlines to."""

    trigger: str
    known_at: datetime
    about: str
    why: str
    clocks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ClockStarted(Event):
    """A deadline runs."""

    clock_id: str
    rule: str
    article: str
    started_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClockMet(Event):
    """A duty was met, in time or not."""

    clock_id: str
    rule: str
    met_at: datetime
    receipt: str
    late_s: int
    """Seconds after the deadline; 0: in time."""
    lateness: str
    slipped_for: str | None


@dataclass(frozen=True, kw_only=True)
class ClockStopped(Event):
    """A duty fell away."""

    clock_id: str
    rule: str
    why: str


@dataclass(frozen=True, kw_only=True)
class StartClocks(CaseCommand):
    """Say that something came to be known; every deadline that follows from it starts at that instant."""

    needs: ClassVar[Permission | None] = Permission.CLOCK
    trigger: str
    known_at: datetime
    """When somebody of the operator knew: not when it happened, and not when it was written down."""
    about: str
    """What it is about: each new fact has clocks of its own."""
    why: str
    """Why this is the instant."""

    def carried_out(self, work: Work) -> TriggerKnown:
        """Start a clock for each rule that was in force then."""
        if self.known_at.tzinfo is None:
            raise MalformedInputError("a time without a zone", where="known_at", fix="Write 2025-09-05T03:00:00+09:00")
        if self.known_at > work.at:
            raise MalformedInputError("a time that is yet to come", where="known_at", fix="Say when somebody knew")
        about = checked_words(self.about, where="about", least=3, most=300)
        why = checked_words(self.why, where="why", least=10)
        zone = zone_of(work)
        found = started_by(self.trigger, self.known_at.astimezone(zone).date())
        if not found:
            first = min(rule.in_force_on for rule in rules().values() if rule.trigger == self.trigger)
            raise UsageError(
                f"no rule on it was in force on that day, the first came on {first}",
                where=self.trigger,
                fix="Start leak_known or intrusion_known for what the law of that day knew; see cellwarden clock rules",
            )
        names = []
        for rule in found:
            clock_id, due_at = work.number("K"), rule.due_at(self.known_at, zone)
            work.put(
                schema.CLOCK,
                clock_id=clock_id,
                case_id=self.case_id,
                rule=rule.name,
                about=about,
                trigger=self.trigger,
                started_at=self.known_at,
                due_at=due_at,
                started_by=work.by,
                state="running",
                receipt="",
                lateness="",
            )
            names.append(clock_id)
            started = ClockStarted(
                clock_id=clock_id, rule=rule.name, article=rule.article, started_at=self.known_at, due_at=due_at
            )
            work.told.append(started)
        return TriggerKnown(trigger=self.trigger, known_at=self.known_at, about=about, why=why, clocks=tuple(names))


@dataclass(frozen=True, kw_only=True)
class MeetClock(CaseCommand):
    """Say that a duty was met."""

    needs: ClassVar[Permission | None] = Permission.CLOCK
    clock_id: str
    met_at: datetime
    receipt: str
    """Number or file that shows it."""
    lateness: str = ""
    """Why it was late; asked for if it was."""
    slipped_for: str | None = None
    """The reason of the law under which it could be later, if it has one."""

    def carried_out(self, work: Work) -> ClockMet:
        """End the clock."""
        row = _running(work, self.clock_id, self.case_id)
        rule = rules()[row["rule"]]
        if self.met_at.tzinfo is None or not row["started_at"] <= self.met_at <= work.at:
            raise MalformedInputError(
                "a time before the start, to come, or without zone", where="met_at", fix="Say when it was sent"
            )
        receipt = checked_words(self.receipt, where="receipt", least=2, most=300)
        late_s = max(0, int((self.met_at - row["due_at"]).total_seconds())) if row["due_at"] else 0
        lateness = checked_words(self.lateness, where="lateness", least=LEAST_LATENESS if late_s else 0)
        if self.slipped_for is not None and self.slipped_for not in rule.slips_for:
            known = ", ".join(rule.slips_for) or "no reason at all"
            raise UsageError(
                f"{rule.article} does not slip for {self.slipped_for}", where=self.clock_id, fix=f"It slips for {known}"
            )
        _end(work, self.clock_id, state="met", met_at=self.met_at, receipt=receipt, lateness=lateness)
        return ClockMet(
            clock_id=self.clock_id,
            rule=rule.name,
            met_at=self.met_at,
            receipt=receipt,
            late_s=late_s,
            lateness=lateness,
            slipped_for=self.slipped_for,
        )


@dataclass(frozen=True, kw_only=True)
class StopClock(CaseCommand):
    """Say that a duty fell away, and why: it was replaced by another, or its condition does not hold."""

    needs: ClassVar[Permission | None] = Permission.CLOCK
    clock_id: str
    why: str

    def carried_out(self, work: Work) -> ClockStopped:
        """End the clock; one that has a deadline behind it was missed, and cannot fall away any more."""
        row = _running(work, self.clock_id, self.case_id)
        if row["due_at"] is not None and work.at > row["due_at"]:
            raise RefusedError(
                "the deadline is over: the duty was missed", where=self.clock_id, fix="Meet it now and explain why it is late"
            )
        why = checked_words(self.why, where="why", least=LEAST_LATENESS)
        _end(work, self.clock_id, state="stopped", receipt=why)
        return ClockStopped(clock_id=self.clock_id, rule=row["rule"], why=why)


def zone_of(work: Work) -> ZoneInfo:
    """Return the zone of the operator, in which days end."""
    return ZoneInfo(work.connection.scalar(select(schema.FACT.c.value).where(schema.FACT.c.name == "time_zone")) or "UTC")


def _running(work: Work, clock_id: str, case_id: str) -> RowMapping:
    row = of_case(work, schema.CLOCK, clock_id, case_id)
    if row["state"] != "running":
        raise RefusedError(f"this clock was {row['state']} already", where=clock_id, fix="Start another for another fact")
    return row


def _end(work: Work, clock_id: str, **values: object) -> None:
    work.connection.execute(update(schema.CLOCK).where(schema.CLOCK.c.clock_id == clock_id).values(**values))
