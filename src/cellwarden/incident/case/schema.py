"""The tables of a case store, with the rules that hold whoever writes: also for an administrator with a database client.

Rows of what was said and done are never changed or removed; a correction is a new row. A request is decided by another person
than the one who asked, or the row does not go in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

VERSION = 1
"""Of this schema; a store says which it was made with."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as text in UTC with microseconds, so that it sorts and reads the same in every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Write; a time without zone is refused, for nobody can tell later which zone was meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Read."""
        return None if value is None else datetime.fromisoformat(value)


METADATA = MetaData()
"""Tables of other parts of the response join this one, and are made when the store is opened."""


def _case() -> Column[Any]:
    return Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True)


def person_column(name: str, *, required: bool = True) -> Column[Any]:
    """Return a column that names a person of the store."""
    return Column(name, Text, ForeignKey("person.name"), nullable=not required)


FACT = Table("store_fact", METADATA, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""What holds for the whole store: schema version, name, time zone."""

COUNTER = Table("counter", METADATA, Column("kind", Text, primary_key=True), Column("last", Integer, nullable=False))

LOG = Table(
    "log_line",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
)
"""The audit log (`evidence/log.py`), numbered from 1; written in one transaction with what it tells."""

PERSON = Table(
    "person",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("token_digest", Text, nullable=False),
    Column("has_own_token", Integer, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
)

GRANT = Table(
    "role_grant",
    METADATA,
    Column("grant_id", Text, primary_key=True),
    person_column("person"),
    Column("role", Text, nullable=False),
    Column("case_id", Text, ForeignKey("cases.case_id")),
    Column("granted_at", Instant, nullable=False),
    Column("until_at", Instant),
    Column("revoked_at", Instant),
)
"""A role in one case, or in all where `case_id` is null."""

CASES = Table(
    "cases",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("state", Text, CheckConstraint("state IN ('open', 'closed')"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    person_column("opened_by"),
)

ENTRY = Table(
    "timeline_entry",
    METADATA,
    Column("entry_id", Text, primary_key=True),
    _case(),
    Column("happened_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    person_column("recorded_by"),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("evidence_id", Text, ForeignKey("evidence_item.evidence_id")),
    Column("corrects", Text, ForeignKey("timeline_entry.entry_id"), unique=True),
    CheckConstraint("known_at <= recorded_at", name="known_before_recorded"),
)

TASK = Table(
    "task",
    METADATA,
    Column("task_id", Text, primary_key=True),
    _case(),
    Column("what", Text, nullable=False),
    person_column("assigned_to", required=False),
    Column("due_at", Instant),
    Column("state", Text, CheckConstraint("state IN ('open', 'done', 'dropped')"), nullable=False),
    Column("outcome", Text, nullable=False),
)

DECISION = Table(
    "decision",
    METADATA,
    Column("decision_id", Text, primary_key=True),
    _case(),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("alternatives", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
    person_column("decided_by"),
)

EVIDENCE = Table(
    "evidence_item",
    METADATA,
    Column("evidence_id", Text, primary_key=True),
    _case(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("rows", Integer),
    Column("first_at", Instant),
    Column("last_at", Instant),
    Column("identifiers", Text, nullable=False),
    Column("collected_at", Instant, nullable=False),
    person_column("collected_by"),
)

CUSTODY = Table(
    "custody",
    METADATA,
    Column("evidence_id", Text, ForeignKey("evidence_item.evidence_id"), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    person_column("by_person"),
    Column("act", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)

RESTATEMENT = Table(
    "restatement",
    METADATA,
    Column("restatement_id", Text, primary_key=True),
    _case(),
    Column("evidence_id", Text, ForeignKey("evidence_item.evidence_id"), nullable=False, unique=True),
    Column("state", Text, CheckConstraint("state IN ('due', 'written')"), nullable=False),
    Column("due_since", Instant, nullable=False),
    Column("version", Integer),
    Column("written_at", Instant),
    person_column("written_by", required=False),
    Column("result_evidence_id", Text, ForeignKey("evidence_item.evidence_id")),
    Column("told", Text),
    CheckConstraint(
        "state <> 'written' OR (version >= 2 AND written_at IS NOT NULL AND written_by IS NOT NULL AND result_evidence_id IS NOT NULL)",
        name="written_as_a_version",
    ),
)
"""What a piece of evidence makes of the census: due from the transaction that enters it, until a version of the census is written."""

WORKPLACE = Table(
    "workplace",
    METADATA,
    Column("case_id", Text, ForeignKey("cases.case_id"), primary_key=True),
    Column("records", Text, nullable=False),
    Column("lake", Text, nullable=False),
    Column("result", Text, nullable=False),
)
"""Where the records, the lake and the newest result of a case lie on the machine that investigates; paths, and in no log."""

DECIDED = "('approved', 'refused')"
REQUEST = Table(
    "request",
    METADATA,
    Column("request_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), index=True),
    Column("kind", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("digest", Text, nullable=False),
    person_column("asked_by"),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    person_column("decided_by", required=False),
    Column("decided_at", Instant),
    Column("decision", Text),
    Column("glass_reason", Text),
    person_column("reviewed_by", required=False),
    Column("reviewed_at", Instant),
    Column("review", Text),
    CheckConstraint("state IN ('asked', 'approved', 'refused', 'withdrawn', 'glass')", name="known_state"),
    CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="four_eyes"),
    CheckConstraint(
        f"state NOT IN {DECIDED} OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)", name="decided_by_somebody"
    ),
    CheckConstraint("state <> 'glass' OR (kind = 'containment' AND length(glass_reason) >= 20)", name="glass_has_reason"),
    CheckConstraint("reviewed_by IS NULL OR reviewed_by <> asked_by", name="four_eyes_of_review"),
    CheckConstraint("expires_at > asked_at", name="has_an_end"),
)
"""An act that needs a second person. `content` is what exactly is asked, in canonical JSON; `digest` its SHA-256."""

DELIVERY = Table(
    "delivery",
    METADATA,
    Column("delivery_id", Text, primary_key=True),
    Column("request_id", Text, ForeignKey("request.request_id"), nullable=False, index=True),
    Column("step", Text, CheckConstraint("step IN ('apply', 'undo', 'tell')"), nullable=False),
    Column("target", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("state", Text, CheckConstraint("state IN ('due', 'done', 'failed')"), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("problem", Text, nullable=False),
    UniqueConstraint("request_id", "step", "target", name="once_a_target"),
)
"""What has to reach an outside system, and how often it was tried; sent after the act is in the store, never before."""

CLOCK = Table(
    "clock",
    METADATA,
    Column("clock_id", Text, primary_key=True),
    _case(),
    Column("rule", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant),
    person_column("started_by"),
    Column("state", Text, CheckConstraint("state IN ('running', 'met', 'stopped')"), nullable=False),
    Column("met_at", Instant),
    Column("receipt", Text, nullable=False),
    Column("lateness", Text, nullable=False),
    CheckConstraint("state <> 'met' OR due_at IS NULL OR met_at <= due_at OR length(lateness) >= 20", name="late_is_explained"),
)
"""A legal deadline that runs. One that was met late carries an explanation, or the row does not go in."""

OPENING = Table(
    "reveal_opening",
    METADATA,
    Column("opening_id", Text, primary_key=True),
    Column("request_id", Text, ForeignKey("request.request_id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    person_column("by_person"),
    Column("people", Integer, nullable=False),
    Column("out", Text, nullable=False),
)
"""Each time that the directory was opened under an approved reveal."""
