"""Sending what is due: each message to its target, failures tried again later and visible until they are done."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from cellwarden.foundation.errors import CellwardenError, RefusedError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import Command, Event, Work
from cellwarden.incident.containment.targets import UndeliveredError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from cellwarden.incident.containment.targets import Target

MOST_ATTEMPTS = 12
"""After these a delivery counts as failed and waits for a person; with the pauses below that is a day."""
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class Delivered(Event):
    """A target took a message."""

    delivery_id: str
    target: str
    step: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(Event):
    """A target did not take a message."""

    delivery_id: str
    target: str
    step: str
    attempts: int
    problem: str
    is_given_up: bool


@dataclass(frozen=True, kw_only=True)
class RecordDelivery(Command):
    """Write down what came of an attempt; whoever runs the sender may, for what is sent was agreed."""

    delivery_id: str
    problem: str = ""
    """Empty: it was taken."""

    def in_case(self, work: Work) -> str | None:
        """Return the case of the act."""
        request = work.one(schema.DELIVERY, self.delivery_id)["request_id"]
        case_id = work.one(schema.REQUEST, request)["case_id"]
        return None if case_id is None else str(case_id)

    def carried_out(self, work: Work) -> Delivered | DeliveryFailed:
        """Count the attempt; after a failure the pause doubles."""
        row = work.one(schema.DELIVERY, self.delivery_id)
        if row["state"] == "done":
            raise RefusedError("this was delivered already", where=self.delivery_id, fix="Nothing to do")
        attempts = row["attempts"] + 1
        if not self.problem:
            _set(work, self.delivery_id, state="done", attempts=attempts, done_at=work.at, problem="")
            return Delivered(delivery_id=self.delivery_id, target=row["target"], step=row["step"], attempts=attempts)
        is_given_up = attempts >= MOST_ATTEMPTS
        pause = min(_FIRST_PAUSE * 2 ** (attempts - 1), _LONGEST_PAUSE)
        state = "failed" if is_given_up else "due"
        _set(work, self.delivery_id, state=state, attempts=attempts, next_at=work.at + pause, problem=self.problem)
        return DeliveryFailed(
            delivery_id=self.delivery_id,
            target=row["target"],
            step=row["step"],
            attempts=attempts,
            problem=self.problem,
            is_given_up=is_given_up,
        )


def send_due(
    due: list[dict[str, Any]], targets: Mapping[str, Target], record: Callable[[RecordDelivery], Event]
) -> list[Event]:
    """Send each delivery once, and record what came of it.

    A later step of an act waits for its earlier one: an undo must not overtake the block that it takes back.
    """
    done: list[Event] = []
    stuck: set[tuple[str, str]] = set()
    for row in due:
        about = (row["request_id"], row["target"])
        if about in stuck:
            continue
        problem = ""
        target = targets.get(row["target"])
        try:
            if target is None:
                raise UndeliveredError(
                    "no target of this name is set up", where=row["target"], fix="Add it to the targets file"
                )
            target.send(row["step"], json.loads(row["message"]), key=row["delivery_id"])
        except CellwardenError as error:
            problem = str(error)
            stuck.add(about)
        done.append(record(RecordDelivery(delivery_id=row["delivery_id"], problem=problem)))
    return done


def due_deliveries(connection: Connection, *, at: datetime, even_failed: bool = False) -> list[dict[str, Any]]:
    """Return what is to be sent now, in the order in which it was written; given-up ones only on demand."""
    delivery = schema.DELIVERY
    states = ("due", "failed") if even_failed else ("due",)
    rows = [dict(row) for row in connection.execute(select(delivery).where(delivery.c.state.in_(states))).mappings()]
    waiting = {(row["request_id"], row["target"]) for row in rows if row["next_at"] > at and not even_failed}
    chosen = [row for row in rows if (row["request_id"], row["target"]) not in waiting]
    return sorted(chosen, key=lambda row: int(row["delivery_id"].rpartition("-")[2]))


def deliveries(connection: Connection, request_id: str) -> list[dict[str, Any]]:
    """Return every delivery of an act, in order."""
    delivery = schema.DELIVERY
    rows = [dict(row) for row in connection.execute(select(delivery).where(delivery.c.request_id == request_id)).mappings()]
    return sorted(rows, key=lambda row: int(row["delivery_id"].rpartition("-")[2]))


def _set(work: Work, delivery_id: str, **values: Any) -> None:
    work.connection.execute(update(schema.DELIVERY).where(schema.DELIVERY.c.delivery_id == delivery_id).values(**values))
