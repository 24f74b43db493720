"""May this unit join? Every rule is asked; one reason that is enforced where the unit is refuses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.admission.facts import Facts, Stage, union
from cellwarden.admission.policy import Policy
from cellwarden.admission.rule import Question, Reason
from cellwarden.admission.rulebook import BLOCKED, FINDINGS, RULES, UNAVAILABLE
from cellwarden.admission.rules.session import is_restart, others

if TYPE_CHECKING:
    from cellwarden.admission.registry import Registry, Version
    from cellwarden.admission.sessions import Session, Sessions

DEFAULT = Policy()
_INSIDE = (Stage.S1_SETUP, Stage.S1_UPDATE)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, why, and what would have been."""

    allow: bool
    reasons: tuple[Reason, ...] = ()
    """Why it is refused; empty if it is let in."""
    would_have: tuple[Reason, ...] = ()
    """Why it would be refused if refusals were enforced in its region."""
    findings: tuple[Reason, ...] = ()
    """What should be known and refuses nobody."""
    unjudged: tuple[int, ...] = ()
    """Numbers of the rules that lacked a fact."""
    equipment_id: str | None = None
    """The unit that this is about; None: nobody knows."""
    region: str = ""
    """The region whose mode was applied; empty: everything is enforced."""
    replaces: tuple[tuple[str, str], ...] = ()
    """Sessions that end because their unit comes again."""
    facts: Facts | None = None
    """What was known, put together over the stages."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The reason codes of a refusal, each once."""
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))


def unavailable(facts: Facts, why: str) -> Decision:
    """Return the refusal of an adapter that got no decision: for who is new, no answer is no."""
    return Decision(allow=False, reasons=(Reason(UNAVAILABLE, 10, why),), equipment_id=facts.equipment_id, facts=facts)


def decide(registry: Registry, sessions: Sessions, facts: Facts, policy: Policy = DEFAULT) -> Decision:
    """Decide on one attempt; the same arguments give the same decision, whatever they are."""
    standing = _standing(sessions, facts)
    return _decided(registry, sessions, facts, policy, standing, is_review=False)


def review(registry: Registry, sessions: Sessions, session: Session, facts: Facts, policy: Policy = DEFAULT) -> Decision:
    """Decide again on a live session; `facts` are the session's, at the present time."""
    return _decided(registry, sessions, facts, policy, session, is_review=True)


def _decided(
    registry: Registry, sessions: Sessions, facts: Facts, policy: Policy, standing: Session | None, *, is_review: bool
) -> Decision:
    if standing is not None and not is_review:
        facts = union(standing.facts, facts)
    version = _version(registry, facts)
    age_s = (facts.at - registry.as_of).total_seconds()
    question = Question(
        registry, sessions, policy, facts, version, standing, is_review=is_review, is_stale=age_s > policy.stale_after_s
    )
    found, unjudged = list[Reason](), list[int]()
    for rule in RULES:
        for name in rule.needs:
            if getattr(facts, name) is None:
                unjudged.append(rule.number)
                break
        else:
            found.extend(rule.judge(question))
    unit = version.equipment_id if version is not None else facts.equipment_id
    block = registry.blocks.on(facts, version, registry.history(version.equipment_id) if version is not None else ())
    region = policy.region_of(facts.gateway, version.tac if version is not None else None) if policy.regions else None
    reasons, would_have, findings = list[Reason](), list[Reason](), list[Reason]()
    if block is not None:
        reasons.append(Reason(BLOCKED, 0, f"{block.kind}: {block.reason}"))
    for reason in found:
        if reason.code in FINDINGS or (reason.code == "CERT_SHARED" and _is_bound(question)):
            findings.append(reason)
        elif region is None or region.enforces(reason.code, unit or "", facts.at):
            reasons.append(reason)
        else:
            would_have.append(reason)
    replaces: tuple[tuple[str, str], ...] = ()
    if not reasons and facts.stage is Stage.TUNNEL and not is_review:
        replaces = tuple(other.place for other in others(question) if is_restart(question, other))
    return Decision(
        allow=not reasons,
        reasons=tuple(reasons),
        would_have=tuple(would_have),
        findings=tuple(findings),
        unjudged=tuple(unjudged),
        equipment_id=unit,
        region=region.name if region is not None else "",
        replaces=replaces,
        facts=facts,
    )


def _is_bound(question: Question) -> bool:
    certificate = question.facts.certificate or (question.version.certificate if question.version is not None else None)
    return certificate in question.policy.bound_fleets


def _standing(sessions: Sessions, facts: Facts) -> Session | None:
    """Return the live session from which this comes: by its inner address, or by the outer one for who calls outside.

    Whoever merely names a unit does not come from its session.
    """
    if facts.stage in _INSIDE:
        return sessions.of_inner(facts.inner_ip) if facts.inner_ip is not None else None
    if facts.stage is Stage.TUNNEL:
        return sessions.at(facts.gateway, facts.key)
    if facts.stage is Stage.INFORM:
        inside = facts.inner_ip or facts.source_ip
        if inside is not None and (session := sessions.of_inner(inside)) is not None:
            return session
        if facts.equipment_id is not None:
            for session in sessions.of_unit(facts.equipment_id):
                if session.facts.source_ip == facts.source_ip:
                    return session
    return None


def _version(registry: Registry, facts: Facts) -> Version | None:
    """Return what is in force for the unit that is named, else for the one that has the certificate, serial number or cell."""
    if facts.equipment_id is not None:
        return registry.in_force(facts.equipment_id, facts.at, cell=facts.cell)
    if facts.certificate is not None:
        # The units that have it now come first: of those that merely had it, or that it merely names, the rule on pinning speaks.
        holders = (
            registry.sharers(facts.certificate, facts.at)
            or registry.of_certificate(facts.certificate)
            or list(facts.certificate_names or ())
        )
    elif facts.serial is not None:
        holders = registry.of_serial(facts.serial)
    elif facts.cell is not None and facts.cell_type is not None:
        holders = registry.of_cell(facts.cell, facts.cell_type)
    else:
        return None
    versions = (registry.in_force(holder, facts.at, cell=facts.cell) for holder in holders)
    return next((version for version in versions if version is not None), None)
