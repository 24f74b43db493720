"""History through today's rules: who would have been refused, and which of them are honest units that a clean-up saves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cellwarden.admission.gate import Answered, Gate
from cellwarden.admission.link_rows import association_key, facts_of, tunnel_key
from cellwarden.admission.rulebook import CLONE_CODES
from cellwarden.foundation.clock import aware

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from cellwarden.admission.facts import Facts
    from cellwarden.admission.policy import Policy
    from cellwarden.admission.registry import Registry

LATE, UNTIDY, LOOK = "registry_late", "put_in_order", "look_at_it"
CLASSES = {
    LATE: "the management system learnt only later that the unit was active: honest, refused for its lag",
    UNTIDY: "refused only for what its registry row or its certificate lacks: honest as far as records show; put it in order first",
    LOOK: "imitated, gone from the registry or elsewhere than installed: look at it before anything else",
}
"""Whom enforcement would have hurt, and what to do about it."""
_UNTIDY_CODES = frozenset(
    {
        "CERT_SHARED",
        "FLEET_UNIT_UNBOUND",
        "CERT_NOT_STATED",
        "CERT_VALIDITY_TOO_LONG",
        "CERT_EXPIRED",
        "CERT_NOT_YET_VALID",
        "LINE_NOT_STATED",
        "CONFIG_MISMATCH",
        "TAC_MISMATCH",
        "PLMN_MISMATCH",
        "FACTS_MISSING",
        "CONFIGURATION_TOO_EARLY",
    }
)
_REGISTRATION_CODES = ("NOT_REGISTERED", "STATUS_")
_CONSEQUENCE = "NO_TUNNEL"


@dataclass(slots=True)
class Hurt:
    """One unit that would have been refused."""

    equipment_id: str
    """As claimed; `?` with a cell for who claims none."""
    attempts: int = 0
    refused: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    codes: Counter[str] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)
    """Outer addresses of refused attempts."""
    is_late: bool = False
    """Whether the registry learnt later that every one of the refused attempts was of an active unit."""

    @property
    def kind(self) -> str:
        """A word of `CLASSES`."""
        own = {code for code in self.codes if code != _CONSEQUENCE}
        if own & CLONE_CODES:
            return LOOK
        rest = {code for code in own if not code.startswith(_REGISTRATION_CODES)}
        if rest != own:
            return LATE if self.is_late and rest <= _UNTIDY_CODES else LOOK
        return UNTIDY if own and own <= _UNTIDY_CODES else LOOK


@dataclass(slots=True)
class Replay:
    """What a replay found."""

    rows: int = 0
    attempts: int = 0
    """Rows that ask to join."""
    refused_then: int = 0
    """Attempts that were refused when they happened."""
    refused: int = 0
    """Attempts that were let in when they happened and would be refused now."""
    let_in: int = 0
    """Attempts that were refused when they happened and would be let in now."""
    unjudged: Counter[int] = field(default_factory=Counter)
    """Attempts on which a rule was silent for want of a fact, by its number."""
    codes: Counter[str] = field(default_factory=Counter)
    """Refused attempts by reason code; one may have several."""
    units_by_code: dict[str, set[str]] = field(default_factory=dict)
    units: dict[str, Hurt] = field(default_factory=dict)
    """Every unit that asked, by what it claims."""

    @property
    def hurt(self) -> list[Hurt]:
        """The units that would have been refused, those to look at first, then by how often."""
        order = list(reversed(CLASSES))
        found = [unit for unit in self.units.values() if unit.refused]
        return sorted(found, key=lambda unit: (order.index(unit.kind), -unit.refused, unit.equipment_id))


def replay(registry: Registry, rows: Iterable[Mapping[str, Any]], policy: Policy | None = None) -> Replay:
    """Play rows of `links`, earliest first, through the rules.

    The registry is asked for what it knew at the time of each row. Its view counts as fresh throughout: what a replay asks
    is what the rules do, not what an outage would.
    """
    gate, told = Gate(registry, policy), Replay()
    for row in rows:
        told.rows += 1
        registry.as_of = max(registry.as_of, aware(row["at"]))
        facts = facts_of(row)
        if facts is not None:
            _take(told, gate, facts, was_refused=row["event"].endswith("_refused"))
        elif row["event"] == "ike_down":
            gate.leave(row.get("gateway") or "", tunnel_key(row))
        elif row.get("inner_ip") is not None:
            gate.part(row.get("gateway") or "", association_key(row), row["inner_ip"])
    return told


def _take(told: Replay, gate: Gate, facts: Facts, *, was_refused: bool) -> None:
    answer = gate.ask(facts)[0]
    assert isinstance(answer, Answered)  # noqa: S101 (the first outcome of a question is its answer)
    decision = answer.decision
    told.attempts += 1
    told.refused_then += was_refused
    told.unjudged.update(decision.unjudged)
    name = facts.equipment_id or decision.equipment_id or f"? {facts.cell_type}:{facts.cell}"
    unit = told.units.setdefault(name, Hurt(name))
    unit.attempts += 1
    if was_refused:
        told.let_in += decision.allow
        return
    codes = decision.codes or tuple(dict.fromkeys(reason.code for reason in decision.would_have))
    if not codes:
        return
    unit.is_late = _was_active(gate.registry, name, facts.at) and (unit.is_late or not unit.refused)
    told.refused += 1
    unit.refused += 1
    unit.first_at, unit.last_at = unit.first_at or facts.at, facts.at
    unit.codes.update(codes)
    told.codes.update(codes)
    for code in codes:
        told.units_by_code.setdefault(code, set()).add(name)
    if facts.source_ip is not None:
        unit.sources.add(facts.source_ip)


def _was_active(registry: Registry, equipment_id: str, at: datetime) -> bool:
    """Say whether the registry, with all that it learnt later, says that the unit was active then."""
    for version in registry.history(equipment_id):
        if version.valid_from <= at and (version.valid_to is None or at < version.valid_to):
            return version.status == "active"
    return False
