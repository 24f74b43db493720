"""Fusion: weights of evidence over a spell, less what an innocent explanation accounts for, give a graded suspect.

Within a spell each detector counts once, with its strongest finding. The prior is stated, not hidden: one spell in about
a thousand among those that any detector speaks of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cellwarden.detect import unit_membership
from cellwarden.detect.detector import Threshold

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.detect.detector import CellKey, Finding
    from cellwarden.detect.explanations.explanation import Excuse

PRIOR = Threshold(-7.0, "log odds", "about one spell in a thousand, before any evidence")
GRADES = {"rogue": 0.9, "suspect": 0.5, "review": 0.1}
"""Least score of each grade (records.md)."""


@dataclass(slots=True, kw_only=True)
class Spell:
    """One cell in one unit, from first to last row with no gap over six hours."""

    key: CellKey
    unit: str
    hands: frozenset[str]
    """Behind the cell in this unit."""
    addresses: frozenset[str]
    """Outer addresses of these hands."""
    from_at: datetime
    to_at: datetime
    events: int


@dataclass(slots=True, kw_only=True)
class Suspect:
    """A spell with what speaks for and against it."""

    spell: Spell
    findings: list[Finding]
    """The strongest of each detector, heaviest first."""
    excuses: list[Excuse]
    log_odds: float
    unexplained_log_odds: float
    """Before explanations: what was to be explained."""
    lifted_by: Suspect | None = None
    alert_at: datetime | None = None
    missing_sources: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Probability that the id was used by a rogue unit in this spell."""
        return 1 / (1 + math.exp(-self.log_odds))

    @property
    def grade(self) -> str:
        """`rogue`, `suspect`, `review`, `explained`, or empty: not worth a line."""
        for grade, least in GRADES.items():
            if self.score >= least:
                return grade
        was_review = self.unexplained_log_odds >= log_odds_of(GRADES["review"])
        return "explained" if was_review and self.excuses else ""

    @property
    def detectors(self) -> list[str]:
        """Names of what speaks for it."""
        names = [finding.detector for finding in self.findings if finding.weight > 0]
        return sorted({*names, *([unit_membership.NAME] if self.lifted_by else [])})

    @property
    def explained_by(self) -> str | None:
        """The explanation that took away most; None where none did."""
        return self.excuses[0].explanation if self.excuses else None


def log_odds_of(probability: float) -> float:
    """Return the natural log of the odds."""
    return math.log(probability / (1 - probability))


def worth_a_look(findings: list[Finding]) -> dict[CellKey, float]:
    """Return the weight of the cells that could reach grade `review` with all findings and the company of a rogue, heaviest first.

    The others need no spells cut from the large table: nothing that fusion does can raise them to a line.
    """
    strongest: dict[CellKey, dict[str, float]] = {}
    for finding in findings:
        if finding.key is not None and finding.weight > 0:
            weights = strongest.setdefault(finding.key, {})
            weights[finding.detector] = max(finding.weight, weights.get(finding.detector, 0.0))
    least = log_odds_of(GRADES["review"]) - PRIOR.value - unit_membership.LIFT.value
    total = {key: math.fsum(weights.values()) for key, weights in strongest.items()}
    return dict(
        sorted(((key, weight) for key, weight in total.items() if weight >= least), key=lambda each: (-each[1], each[0]))
    )


def fused(spells: list[Spell], findings: list[Finding], excuses: list[Excuse]) -> list[Suspect]:
    """Judge every spell; those that are worth no line are left out. In order of time."""
    by_key: dict[CellKey, list[Finding]] = {}
    for finding in findings:
        if finding.key is not None and finding.weight > 0:
            by_key.setdefault(finding.key, []).append(finding)
    suspects = [_judged(spell, by_key.get(spell.key, []), excuses) for spell in spells]
    _lift(suspects)
    for suspect in suspects:
        suspect.alert_at = _alert(suspect)
    return [suspect for suspect in suspects if suspect.grade]


def _judged(spell: Spell, findings: list[Finding], excuses: list[Excuse]) -> Suspect:
    strongest: dict[str, Finding] = {}
    for finding in findings:
        if _touches(spell, finding.from_at, finding.to_at) and _same_hand(spell, finding):
            best = strongest.get(finding.detector)
            if best is None or (finding.weight, best.known_at) > (best.weight, finding.known_at):
                strongest[finding.detector] = finding
    taken: dict[str, float] = {}
    applied: dict[str, tuple[float, Excuse]] = {}
    for excuse in excuses:
        is_ours = excuse.key in (None, spell.key) and (excuse.hand is None or excuse.hand in spell.hands)
        if not is_ours or not _touches(spell, excuse.from_at, excuse.to_at):
            continue
        for detector in excuse.detectors:
            excused = strongest.get(detector)
            if excused is None or excuse.from_at > excused.to_at or excuse.to_at < excused.from_at:
                continue
            weight = excused.weight * excuse.share
            if weight > taken.get(detector, 0.0):
                taken[detector] = weight
                applied[excuse.explanation] = (applied.get(excuse.explanation, (0.0, excuse))[0] + weight, excuse)
    total = PRIOR.value + sum(finding.weight for finding in strongest.values())
    return Suspect(
        spell=spell,
        findings=sorted(strongest.values(), key=lambda finding: (-finding.weight, finding.detector)),
        excuses=[excuse for _, excuse in sorted(applied.values(), key=lambda each: (-each[0], each[1].explanation))],
        log_odds=total - sum(taken.values()),
        unexplained_log_odds=total,
    )


def _touches(spell: Spell, from_at: datetime, to_at: datetime) -> bool:
    return from_at <= spell.to_at and to_at >= spell.from_at


def _same_hand(spell: Spell, finding: Finding) -> bool:
    """A finding of a serial that was in two places holds for the place whose address it names."""
    if finding.hand is None or finding.hand in spell.hands:
        return True
    if any(hand.startswith(f"{finding.hand} at ") for hand in spell.hands):
        address = finding.parameters.get("source_ip")
        return address is None or address in spell.addresses
    return False


def _lift(suspects: list[Suspect]) -> None:
    """Let a cell that is rogue on its own evidence vouch against the other cells of its unit."""
    for unit in {suspect.spell.unit for suspect in suspects}:
        members = [suspect for suspect in suspects if suspect.spell.unit == unit]
        accused = sorted(
            (each for each in members if each.score >= GRADES["rogue"] and not each.excuses),
            key=lambda each: (each.spell.from_at, each.spell.key),
        )
        for member in members:
            other = next((each for each in accused if each.spell.key != member.spell.key), None)
            if other is not None:
                member.lifted_by = other
                member.log_odds += unit_membership.LIFT.value
                member.unexplained_log_odds += unit_membership.LIFT.value


def _alert(suspect: Suspect) -> datetime | None:
    """Return the first instant at which what was known by then gave grade `suspect`; None if it never did."""
    if suspect.score < GRADES["suspect"]:
        return None
    taken = suspect.unexplained_log_odds - suspect.log_odds
    log_odds = PRIOR.value - taken
    steps = [(finding.known_at, finding.weight) for finding in suspect.findings]
    if suspect.lifted_by is not None:
        # The vouching cell must itself have been accused by then.
        steps.append((_alert_alone(suspect.lifted_by), unit_membership.LIFT.value))
    alert_at = suspect.spell.from_at
    for known_at, weight in sorted(steps):
        alert_at = max(alert_at, known_at)
        log_odds += weight
        if log_odds >= 0:
            break
    return alert_at


def _alert_alone(suspect: Suspect) -> datetime:
    log_odds = PRIOR.value
    for finding in sorted(suspect.findings, key=lambda each: each.known_at):
        log_odds += finding.weight
        if log_odds >= log_odds_of(GRADES["rogue"]):
            return max(finding.known_at, suspect.spell.from_at)
    return suspect.spell.to_at
