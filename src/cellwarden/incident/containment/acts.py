"""Containing: asked with its dry run, agreed by a second person, in force until its end, lifted before only by two.

Nothing here talks to the network. What has to reach an outside system is written as a delivery in the same transaction, and sent
afterwards (`deliveries.py`): a kill in between leaves it due, never half done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text, select, update

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import Command, Event, Work, written
from cellwarden.incident.case.requests import Ask, OnRequest, Requested, usable
from cellwarden.incident.case.roles import ROLES, Permission
from cellwarden.incident.containment.catalogue import ACTS, act_of, checked_target, gate_value

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import RowMapping

TELL = "notify"
"""The target through which people hear that a glass was broken."""
LONGEST_GLASS = timedelta(hours=24)
"""How long an act without a second person may last: until the next shift at the latest."""

CONTAINMENT = Table(
    "containment",
    schema.METADATA,
    Column("request_id", Text, ForeignKey("request.request_id"), primary_key=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("act", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("state", Text, CheckConstraint("state IN ('in_force', 'lifted', 'expired')"), nullable=False),
    Column("is_glass", Integer, nullable=False),
    Column("applied_at", schema.Instant, nullable=False),
    schema.person_column("applied_by"),
    Column("until_at", schema.Instant, nullable=False),
    Column("ended_at", schema.Instant),
    Column("ended_by_request", Text, ForeignKey("request.request_id")),
    CheckConstraint("state <> 'lifted' OR ended_by_request IS NOT NULL", name="lifted_by_request"),
)
"""Acts that came into force; the request says who asked and who agreed."""


@dataclass(frozen=True, kw_only=True)
class Contained(Event):
    """An act came into force."""

    request_id: str
    containment: str
    target: dict[str, Any]
    until_at: datetime
    is_glass: bool
    deliveries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ContainmentLifted(Event):
    """An act was taken back before its end."""

    request_id: str
    lifted: str
    deliveries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ContainmentsExpired(Event):
    """Acts came to the end that was agreed with them."""

    expired: tuple[str, ...]
    deliveries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AskContainment(Command):
    """Ask for an act, with what its dry run showed."""

    needs: ClassVar[Permission | None] = Permission.ASK_CONTAINMENT
    case_id: str
    act: str
    target: dict[str, Any]
    until_at: datetime
    purpose: str
    dry_run: dict[str, Any]
    """What the act would have stopped and whom it would have hurt; the approver reads it, and agrees to nothing else."""
    deliver_to: tuple[str, ...] = ()
    """Names of targets."""
    people: tuple[str, ...] = field(default=(), repr=False)
    """Pseudonyms that an act on people is about; sealed into the request with it."""

    def carried_out(self, work: Work) -> Requested:
        """Write the request."""
        act = act_of(self.act)
        if not self.dry_run:
            raise UsageError(
                "an act without its dry run", where=self.act, fix="Run cellwarden contain ask with --lake and --result"
            )
        if not self.deliver_to:
            raise UsageError("an act that reaches nobody", where=self.act, fix="Name a target with --to")
        content = {
            "act": act.name,
            "target": checked_target(act, self.target),
            "until": iso(self.until_at),
            "dry_run": self.dry_run,
            "deliver_to": sorted(set(self.deliver_to)),
            "people": sorted(self.people),
        }
        ask = Ask(kind="containment", purpose=self.purpose, expires_at=self.until_at, content=content, case_id=self.case_id)
        return ask.carried_out(work)


@dataclass(frozen=True, kw_only=True)
class Contain(OnRequest):
    """Put an agreed act into force."""

    needs: ClassVar[Permission | None] = Permission.ASK_CONTAINMENT

    def carried_out(self, work: Work) -> Contained:
        """Write it down, and what has to be sent."""
        asked = usable(work, self.request_id, "containment")
        request = work.one(schema.REQUEST, self.request_id)
        if work.connection.scalar(select(CONTAINMENT.c.request_id).where(CONTAINMENT.c.request_id == self.request_id)):
            raise RefusedError("this act is in force, or was", where=self.request_id, fix="Ask anew")
        is_glass = request["state"] == "glass"
        until_at = datetime.fromisoformat(asked["until"])
        if is_glass:
            until_at = min(until_at, work.at + LONGEST_GLASS)
        work.put(
            CONTAINMENT,
            request_id=self.request_id,
            case_id=request["case_id"],
            act=asked["act"],
            target=written(asked["target"]),
            state="in_force",
            is_glass=int(is_glass),
            applied_at=work.at,
            applied_by=work.by,
            until_at=until_at,
        )
        message = _message(self.request_id, asked, until_at)
        sent = [_due(work, self.request_id, "apply", target, message) for target in asked["deliver_to"]]
        if is_glass:
            told = {
                "request": self.request_id,
                "broken_by": request["asked_by"],
                "reason": request["glass_reason"],
                "to": _skipped(work, request),
                "act": asked["act"],
                "target": asked["target"],
            }
            sent.append(_due(work, self.request_id, "tell", TELL, told))
        return Contained(
            request_id=self.request_id,
            containment=asked["act"],
            target=asked["target"],
            until_at=until_at,
            is_glass=is_glass,
            deliveries=tuple(sent),
        )


@dataclass(frozen=True, kw_only=True)
class AskLifting(Command):
    """Ask to take an act back before its end: that may let a rogue in again, so two people agree."""

    needs: ClassVar[Permission | None] = Permission.ASK_CONTAINMENT
    case_id: str
    lifts: str
    """Request of the act."""
    purpose: str
    valid_for: timedelta = timedelta(hours=24)

    def carried_out(self, work: Work) -> Requested:
        """Write the request."""
        _in_force(work, self.lifts)
        ask = Ask(
            kind="lifting",
            purpose=self.purpose,
            expires_at=work.at + self.valid_for,
            content={"lifts": self.lifts},
            case_id=self.case_id,
        )
        return ask.carried_out(work)


@dataclass(frozen=True, kw_only=True)
class Lift(OnRequest):
    """Take an act back, as two people agreed."""

    needs: ClassVar[Permission | None] = Permission.ASK_CONTAINMENT

    def carried_out(self, work: Work) -> ContainmentLifted:
        """Write it down, and what has to be sent."""
        lifted = usable(work, self.request_id, "lifting")["lifts"]
        row = _in_force(work, lifted)
        if row["case_id"] != work.one(schema.REQUEST, self.request_id)["case_id"]:
            raise RefusedError("the act belongs to another case", where=self.request_id, fix="Ask in the case of the act")
        sent = _undone(work, lifted, "lifted", ended_by_request=self.request_id)
        return ContainmentLifted(request_id=self.request_id, lifted=lifted, deliveries=tuple(sent))


@dataclass(frozen=True, kw_only=True)
class ExpireContainments(Command):
    """End the acts whose agreed end has come; anybody enrolled may, for it was agreed."""

    def carried_out(self, work: Work) -> ContainmentsExpired:
        """Write them down as ended, and what has to be sent."""
        over = work.connection.scalars(
            select(CONTAINMENT.c.request_id)
            .where(CONTAINMENT.c.state == "in_force", CONTAINMENT.c.until_at <= work.at)
            .order_by(CONTAINMENT.c.until_at, CONTAINMENT.c.request_id)
        ).all()
        sent = [delivery for request_id in over for delivery in _undone(work, request_id, "expired")]
        return ContainmentsExpired(expired=tuple(over), deliveries=tuple(sent))


def containments(connection: Connection, case_id: str) -> list[RowMapping]:
    """Return the acts of a case that came into force, newest first."""
    chosen = select(CONTAINMENT).where(CONTAINMENT.c.case_id == case_id)
    return list(connection.execute(chosen.order_by(CONTAINMENT.c.applied_at.desc())).mappings())


def _message(request_id: str, asked: dict[str, Any], until_at: datetime) -> dict[str, Any]:
    """Return what a target is told: enough to act on, and whom to ask."""
    act = ACTS[asked["act"]]
    gate = {"kind": act.gate_kind, "value": gate_value(act, asked["target"])} if act.gate_kind else None
    return {
        "request": request_id,
        "act": act.name,
        "target": asked["target"],
        "until": iso(until_at),
        "block": gate,
        "people": asked["people"],
    }


def _undone(work: Work, request_id: str, state: str, *, ended_by_request: str | None = None) -> list[str]:
    work.connection.execute(
        update(CONTAINMENT)
        .where(CONTAINMENT.c.request_id == request_id)
        .values(state=state, ended_at=work.at, ended_by_request=ended_by_request)
    )
    delivery = schema.DELIVERY
    applied = work.connection.execute(
        select(delivery.c.target, delivery.c.message).where(delivery.c.request_id == request_id, delivery.c.step == "apply")
    ).all()
    return [_due(work, request_id, "undo", row.target, row.message) for row in applied]


def _due(work: Work, request_id: str, step: str, target: str, message: dict[str, Any] | str) -> str:
    delivery_id = work.number("V")
    work.put(
        schema.DELIVERY,
        delivery_id=delivery_id,
        request_id=request_id,
        step=step,
        target=target,
        message=message if isinstance(message, str) else written(message),
        state="due",
        attempts=0,
        next_at=work.at,
        problem="",
    )
    return delivery_id


def _in_force(work: Work, request_id: str) -> RowMapping:
    row = work.one(CONTAINMENT, request_id)
    if row["state"] != "in_force":
        raise RefusedError(f"this act is {row['state']} already", where=request_id, fix="See cellwarden contain list")
    return row


def _skipped(work: Work, request: RowMapping) -> list[str]:
    """Return who could have agreed and was not asked."""
    able = [role for role, held in ROLES.items() if Permission.APPROVE_CONTAINMENT in held]
    grant = schema.GRANT
    people = work.connection.scalars(
        select(grant.c.person).where(grant.c.role.in_(able), grant.c.revoked_at.is_(None)).distinct()
    ).all()
    return sorted(set(people) - {request["asked_by"]})
