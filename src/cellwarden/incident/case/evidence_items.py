"""Evidence items and who held them: hash, source, query, operator, first and last record, and every hand they went through."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import func, select

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import CaseCommand, Event, Work, written
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.timeline import of_case
from cellwarden.incident.case.wording import checked_words

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlalchemy.engine import RowMapping

EVIDENCE_KINDS = ("records", "result", "query", "seized_equipment", "statement", "external_list", "document")
SEIZED = ("serials", "certificates", "addresses")
"""What seized equipment is known by; a certificate is its SHA-256 in hex, as in `links`."""
CUSTODY_ACTS = ("collected", "checked", "copied", "handed_over", "returned", "destroyed")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class EvidenceEntered(Event):
    """The case has one more evidence item."""

    evidence_id: str
    kind: str
    name: str
    sha256: str
    source: str
    query: str
    rows: int | None
    first_at: datetime | None
    last_at: datetime | None
    identifiers: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class RestatementDue(Event):
    """What was entered may group the accused ids anew: the census of the case is to be restated."""

    restatement_id: str
    evidence_id: str


@dataclass(frozen=True, kw_only=True)
class CustodyRecorded(Event):
    """An evidence item was checked, copied, or went to another hand."""

    evidence_id: str
    step: int
    custody: str
    place: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class EnterEvidence(CaseCommand):
    """Enter an item; who enters it is the first who held it."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    kind: str
    name: str
    sha256: str
    """Of the file, or of the document that describes a thing."""
    source: str
    """System or person it comes from."""
    query: str = ""
    """What was asked of the source."""
    rows: int | None = None
    first_at: datetime | None = None
    """Of the first record in it."""
    last_at: datetime | None = None
    place: str = "case store"
    identifiers: dict[str, list[str]] = field(default_factory=dict)
    """For seized equipment: `serials`, `certificates`, `addresses`."""

    def carried_out(self, work: Work) -> EvidenceEntered:
        """Add the item and the first step of its custody."""
        if self.kind not in EVIDENCE_KINDS:
            raise UsageError(
                f"{self.kind!r} is no kind of evidence", where="kind", fix=f"Known are {', '.join(EVIDENCE_KINDS)}"
            )
        name = checked_words(self.name, where="name", most=300)
        source = checked_words(self.source, where="source", least=2, most=300)
        query = checked_words(self.query, where="query", least=0)
        if self.first_at and self.last_at and self.first_at > self.last_at:
            raise MalformedInputError("the first record is later than the last", where=name, fix="Exchange the two times")
        identifiers = _checked(self.identifiers, is_seized=self.kind == "seized_equipment")
        evidence_id = work.number("E")
        facts: dict[str, Any] = {
            "evidence_id": evidence_id,
            "kind": self.kind,
            "name": name,
            "sha256": _digest(self.sha256),
            "source": source,
            "query": query,
            "rows": self.rows,
            "first_at": self.first_at,
            "last_at": self.last_at,
        }
        work.put(
            schema.EVIDENCE,
            **facts,
            case_id=self.case_id,
            identifiers=written(identifiers),
            collected_at=work.at,
            collected_by=work.by,
        )
        _step(work, evidence_id, "collected", self.place, self.sha256)
        if self.kind == "seized_equipment":
            _make_due(work, self.case_id, evidence_id)
        return EvidenceEntered(**facts, identifiers=identifiers)


@dataclass(frozen=True, kw_only=True)
class RecordCustody(CaseCommand):
    """Say what happened to an item."""

    needs: ClassVar[Permission | None] = Permission.WRITE
    evidence_id: str
    custody: str
    place: str
    """Where it is now, or who holds it."""
    sha256: str
    """What the item hashes to now."""

    def carried_out(self, work: Work) -> CustodyRecorded:
        """Add a step; a hash that differs is written down as it is, and seen by all who read the chain."""
        if self.custody not in CUSTODY_ACTS[1:]:
            raise UsageError(
                f"{self.custody!r} is no step of custody", where="custody", fix=f"Known are {', '.join(CUSTODY_ACTS[1:])}"
            )
        of_case(work, schema.EVIDENCE, self.evidence_id, self.case_id)
        place = checked_words(self.place, where="place", least=2, most=300)
        step = _step(work, self.evidence_id, self.custody, place, _digest(self.sha256))
        return CustodyRecorded(evidence_id=self.evidence_id, step=step, custody=self.custody, place=place, sha256=self.sha256)


def custody_of(connection: Connection, evidence_id: str) -> list[RowMapping]:
    """Return the steps of an item's custody, oldest first."""
    custody = schema.CUSTODY
    return list(
        connection.execute(select(custody).where(custody.c.evidence_id == evidence_id).order_by(custody.c.step)).mappings()
    )


def _step(work: Work, evidence_id: str, act: str, place: str, sha256: str) -> int:
    held = work.connection.scalar(
        select(func.count()).select_from(schema.CUSTODY).where(schema.CUSTODY.c.evidence_id == evidence_id)
    )
    step = (held or 0) + 1
    work.put(
        schema.CUSTODY, evidence_id=evidence_id, step=step, at=work.at, by_person=work.by, act=act, place=place, sha256=sha256
    )
    return step


def _make_due(work: Work, case_id: str, evidence_id: str) -> None:
    """Make a restatement due in the transaction of its evidence, where the case has a census to restate."""
    item = schema.EVIDENCE
    if work.connection.scalar(select(item.c.evidence_id).where(item.c.case_id == case_id, item.c.kind == "result").limit(1)):
        name = work.number("Z")
        work.put(
            schema.RESTATEMENT, restatement_id=name, case_id=case_id, evidence_id=evidence_id, state="due", due_since=work.at
        )
        work.told.append(RestatementDue(restatement_id=name, evidence_id=evidence_id))


def _digest(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise MalformedInputError("a SHA-256 is 64 hex digits in lower case", where="sha256", fix="sha256sum FILE")
    return text


def _checked(identifiers: dict[str, list[str]], *, is_seized: bool) -> dict[str, list[str]]:
    """Return identifiers of seized equipment, each list sorted and without repetition."""
    if identifiers and not is_seized:
        raise UsageError("only seized equipment has identifiers", where="kind", fix="Say --kind seized_equipment")
    if unknown := sorted(set(identifiers) - set(SEIZED)):
        raise UsageError(f"unknown identifiers {', '.join(unknown)}", where="identifiers", fix=f"Known are {', '.join(SEIZED)}")
    if is_seized and not any(identifiers.values()):
        raise UsageError(
            "seized equipment without serial, certificate or address", where="identifiers", fix="Name at least one"
        )
    for certificate in identifiers.get("certificates", []):
        _digest(certificate)
    return {name: sorted({each.strip() for each in values if each.strip()}) for name, values in identifiers.items() if values}
