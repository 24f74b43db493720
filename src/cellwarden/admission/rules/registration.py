"""Rules on what the registry knows of a unit, and on what must be known at all before anything is let through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.admission.facts import Stage
from cellwarden.admission.rule import Reason, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.admission.rule import Question

_STATUS_CODES = {
    status: f"STATUS_{status.upper()}"
    for status in ("planned", "active", "dormant", "suspended", "lost", "recovered", "deleted", "scrapped")
}


def _registered(question: Question) -> Iterator[Reason]:
    version = question.version
    if version is None:
        yield Reason("NOT_REGISTERED", 6, "nothing in the registry is in force for it")
    elif version.status not in question.policy.admitted_statuses:
        yield Reason(_STATUS_CODES.get(version.status, "STATUS_UNKNOWN"), 6, "not a status under which a unit may join")
    if question.is_stale and not question.is_review and not _shows_the_same(question):
        yield Reason("REGISTRY_STALE", 6, f"the registry is of {question.registry.as_of:%Y-%m-%d %H:%M:%S} UTC")


def _shows_the_same(question: Question) -> bool:
    """Say whether the unit shows what it showed when it was let in last: at least one thing, and nothing else instead."""
    facts, version = question.facts, question.version
    if version is None:
        return False
    bond = question.sessions.bond_of(version.equipment_id)
    if bond is None:
        return False
    pairs = [(bond.certificate, facts.certificate), (bond.source_ip, facts.source_ip), (bond.cell, facts.cell)]
    shown = [(before, now) for before, now in pairs if before is not None and now is not None]
    return bool(shown) and all(before == now for before, now in shown)


def _configured(question: Question) -> Iterator[Reason]:
    facts, version = question.facts, question.version
    if version is None:
        return
    if facts.serial is not None and version.serial is not None and facts.serial != version.serial:
        yield Reason("CONFIG_MISMATCH", 7, "not the serial number that the registry states")
    if facts.software is not None and version.software is not None and facts.software != version.software:
        code = "CONFIG_MISMATCH" if question.policy.software_must_match else "SOFTWARE_DIFFERS"
        yield Reason(code, 7, "not the software that the registry states")


def _complete(question: Question) -> Iterator[Reason]:
    if question.is_review:
        return
    facts = question.facts
    for name in facts.stage.must_know:
        if getattr(facts, name) is None:
            yield Reason("FACTS_MISSING", 10, f"{name} is not known")


def _configured_late(question: Question) -> Iterator[Reason]:
    if question.facts.stage is Stage.INFORM and question.standing is None and question.facts.is_chain_valid is not True:
        yield Reason("CONFIGURATION_TOO_EARLY", 14, "it comes neither through a tunnel nor with a certificate of its own")


def _on_record(question: Question) -> Iterator[Reason]:
    if not question.facts.is_recorded and not question.is_review:
        yield Reason("EVIDENCE_UNAVAILABLE", 15, "what is let in unrecorded could not be found again")


REGISTERED = Rule(
    6,
    "The operator has authorised the unit, and the registry says so now",
    (*_STATUS_CODES.values(), "STATUS_UNKNOWN", "NOT_REGISTERED", "REGISTRY_STALE"),
    "TS 33.320, 4.2.6, 4.3.3 and 7.5; TS 22.220, 5.1",
    "ids that its management system had deleted were let in, and tens of thousands of idle units could be",
    (),
    _registered,
)
CONFIGURATION = Rule(
    7,
    "Serial number, software and cell are those of the registry",
    ("CONFIG_MISMATCH",),
    "TS 33.320, 4.4.4, 6.1 and 8",
    "not verified until 3 October 2025",
    (),
    _configured,
    findings=("SOFTWARE_DIFFERS",),
)
CHECKED_FIRST = Rule(
    10,
    "Nothing passes before every check is done; what must be known and is not refuses",
    ("FACTS_MISSING",),
    "TS 33.320, 4.4.3 and 4.4.5",
    "not reported",
    (),
    _complete,
)
CONFIGURED_AFTER_CHECKS = Rule(
    14,
    "Configuration is given only to a unit that has passed, through its tunnel or under its own certificate",
    ("CONFIGURATION_TOO_EARLY",),
    "TS 33.320, 4.4.4, 4.4.6 and 8",
    "server addresses, cell ids and the certificate were handed to subcontractors unprotected",
    (),
    _configured_late,
)
ON_RECORD = Rule(
    15,
    "Every decision is on record with what it saw, and a change of the registry looks at who is in again",
    ("EVIDENCE_UNAVAILABLE",),
    "TS 33.320, 4.4.1",
    "the first block came out of billing records",
    (),
    _on_record,
)
