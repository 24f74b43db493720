"""Setting an alarm aside is an act too: who did it, when, as what, and what had been looked at before.

An alarm is an entry of the timeline of kind `alarm`. Whoever takes it for something else than an intrusion answers the checks of that
cause; answers that contradict it ask for a justification. The clocks that were not started are written down with the instant at which
they would have been due.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Column, ForeignKey, Table, Text, select

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import CaseCommand, Event, Work, written
from cellwarden.incident.case.guards import kept_as_written
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.timeline import of_case
from cellwarden.incident.case.wording import checked_words
from cellwarden.incident.clocks.acts import zone_of
from cellwarden.incident.clocks.rules import started_by

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlalchemy.engine import RowMapping

ANSWERS = ("yes", "no", "unknown")
LEAST_JUSTIFICATION = 60
"""Characters that justify a cause which the answers contradict: two sentences, not a label."""

JUDGEMENT = Table(
    "alarm_judgement",
    schema.METADATA,
    Column("judgement_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("entry_id", Text, ForeignKey("timeline_entry.entry_id"), nullable=False),
    Column("cause", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("contradicted_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("judged_at", schema.Instant, nullable=False),
    schema.person_column("judged_by"),
)
"""What somebody took an alarm for; a later judgement of the same alarm is a further row."""
kept_as_written(JUDGEMENT)


@dataclass(frozen=True, kw_only=True)
class AlarmSetAside(Event):
    """An alarm was taken for something else than an intrusion."""

    judgement_id: str
    entry_id: str
    cause: str
    answers: dict[str, str]
    contradicted_by: tuple[str, ...]
    why: str
    would_be_due_at: datetime | None
    """When the first report would have been due, had the alarm been taken for an intrusion when it was known."""


@dataclass(frozen=True, kw_only=True)
class SetAlarmAside(CaseCommand):
    """Take an alarm for something else than an intrusion."""

    needs: ClassVar[Permission | None] = Permission.CLOCK
    entry_id: str
    cause: str
    answers: dict[str, str]
    """`yes`, `no` or `unknown` by check."""
    why: str

    def carried_out(self, work: Work) -> AlarmSetAside:
        """Write the judgement down."""
        entry = of_case(work, schema.ENTRY, self.entry_id, self.case_id)
        if entry["kind"] != "alarm":
            raise UsageError(f"this is a {entry['kind']}, not an alarm", where=self.entry_id, fix="Record it with --kind alarm")
        if self.cause not in causes():
            raise UsageError(f"{self.cause!r} is no known cause", where="cause", fix=f"Known are {', '.join(causes())}")
        cause = causes()[self.cause]
        if lacking := [check for check in cause["checks"] if self.answers.get(check) not in ANSWERS]:
            asked = checks()[lacking[0]]
            raise RefusedError(
                f"{len(lacking)} of {len(cause['checks'])} checks are not answered; {lacking[0]}: {asked['en']} / {asked['ko']}",
                where=self.cause,
                fix=f"Answer each with {', '.join(ANSWERS)}",
            )
        against = tuple(check for check, answer in cause["speaks_against"].items() if self.answers[check] == answer)
        why = checked_words(self.why, where="why", least=LEAST_JUSTIFICATION if against else 20)
        zone = zone_of(work)
        due = [
            rule.due_at(entry["known_at"], zone)
            for rule in started_by("intrusion_known", entry["known_at"].astimezone(zone).date())
        ]
        judgement_id = work.number("J")
        answers = {check: self.answers[check] for check in cause["checks"]}
        work.put(
            JUDGEMENT,
            judgement_id=judgement_id,
            case_id=self.case_id,
            entry_id=self.entry_id,
            cause=self.cause,
            answers=written(answers),
            contradicted_by=written(against),
            why=why,
            judged_at=work.at,
            judged_by=work.by,
        )
        return AlarmSetAside(
            judgement_id=judgement_id,
            entry_id=self.entry_id,
            cause=self.cause,
            answers=answers,
            contradicted_by=against,
            why=why,
            would_be_due_at=min((at for at in due if at is not None), default=None),
        )


def unjudged(connection: Connection, case_id: str) -> list[RowMapping]:
    """Return alarms that nobody judged and that no clock followed, oldest first: the list that must be empty."""
    entry, clock = schema.ENTRY, schema.CLOCK
    judged = select(JUDGEMENT.c.entry_id).where(JUDGEMENT.c.case_id == case_id)
    rows = connection.execute(
        select(entry)
        .where(entry.c.case_id == case_id, entry.c.kind == "alarm", entry.c.entry_id.not_in(judged))
        .order_by(entry.c.known_at)
    ).mappings()
    started = connection.scalars(
        select(clock.c.started_at).where(clock.c.case_id == case_id, clock.c.trigger == "intrusion_known")
    ).all()
    return [row for row in rows if not any(at >= row["known_at"] for at in started)]


@cache
def causes() -> dict[str, dict[str, Any]]:
    """Return the causes by name, each with its checks and the answers that contradict it."""
    return dict(_read()["causes"])


@cache
def checks() -> dict[str, dict[str, str]]:
    """Return the checks by name, in Korean (`ko`) and English (`en`)."""
    return dict(_read()["checks"])


def _read() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("causes.toml").read_text(encoding="utf-8"))
