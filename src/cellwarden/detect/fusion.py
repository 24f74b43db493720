"""Fusion: weights of evidence over a spell, less what an innocent explanation accounts for, give a graded suspect.

What is added up must have come together: a spell is judged by the day, of 24 hours, that weighs most. A hospital is on the air for
months, and the worst of each detector in a year would accuse anybody. Within the day each detector counts once, with the finding that
explanations leave strongest; detectors that see one and the same fact
count as one family (`families.py`). The prior is stated, not hidden: one spell in about a thousand among those that any detector
speaks of. What cannot be asked never makes a cell more guilty: a silent detector adds nothing, and where an innocent explanation could
not be looked for, the findings it might have accounted for lose the share that is stated here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.detect import unit_membership
from cellwarden.detect.detector import Threshold
from cellwarden.detect.families import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from cellwarden.detect.detector import CellKey, Finding
    from cellwarden.detect.explanations.explanation import Excuse

PRIOR = Threshold(-7.0, "log odds", "about one spell in a thousand, before any evidence")
UNCHECKED = Threshold(
    0.3,
    "of the weight",
    "an innocent cause that could not be looked for is taken to hold in part: missing records accuse nobody more",
)
TOGETHER = Threshold(
    24, "hours", "one night's work and the records of its day; findings that span longer count on each of their days"
)
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


@dataclass(frozen=True, slots=True)
class Heard:
    """One finding in one spell, and what explanations leave of it."""

    finding: Finding
    weight: float
    """Before explanations, in nats."""
    left: float
    """After them."""


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
    heard: list[Heard] = field(default_factory=list)
    """Every finding that speaks of it, also the weaker ones of a detector: what was known when."""
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
    total = {key: together(weights) for key, weights in strongest.items()}
    return dict(
        sorted(((key, weight) for key, weight in total.items() if weight >= least), key=lambda each: (-each[1], each[0]))
    )


def worth_spells(weights: Mapping[CellKey, float], units: Mapping[tuple[CellKey, str], str]) -> list[CellKey]:
    """Return the cells for which rows must be read: what reaches `review` alone, and what shares hardware with what could be rogue.

    Args:
        weights: Of the cells worth a look.
        units: The unit of each cell in each hand.
    """
    alone, rogue = (log_odds_of(GRADES[grade]) - PRIOR.value for grade in ("review", "rogue"))
    vouching = {unit for (key, _), unit in units.items() if weights[key] >= rogue}
    lifted = {key for (key, _), unit in units.items() if unit in vouching}
    return [key for key, weight in weights.items() if weight >= alone or key in lifted]


def fused(
    spells: list[Spell], findings: list[Finding], excuses: list[Excuse], *, unchecked: Iterable[str] = ()
) -> list[Suspect]:
    """Judge every spell; those that are worth no line are left out. In order of time.

    Args:
        spells: Of flagged cells.
        findings: Of every detector that could look.
        excuses: Of every explanation that could look.
        unchecked: Detectors for which an explanation exists that could not look.
    """
    by_key: dict[CellKey, list[Finding]] = {}
    for finding in findings:
        if finding.key is not None and finding.weight > 0:
            by_key.setdefault(finding.key, []).append(finding)
    kept = dict.fromkeys(unchecked, 1 - UNCHECKED.value)
    suspects = [_judged(spell, by_key.get(spell.key, []), excuses, kept) for spell in spells]
    _relieve(suspects)
    _lift(suspects)
    for suspect in suspects:
        suspect.alert_at = _alert(suspect)
    return [suspect for suspect in suspects if suspect.grade]


def _judged(spell: Spell, findings: list[Finding], excuses: list[Excuse], kept: Mapping[str, float]) -> Suspect:
    """Weigh one spell; `kept` is the part of a detector's weight that counts, 1 where it is not named."""
    ours = [each for each in excuses if each.key in (None, spell.key) and (each.hand is None or each.hand in spell.hands)]
    taken: dict[str, dict[str, float]] = {}
    applied: dict[str, Excuse] = {}
    heard: list[Heard] = []
    for finding in findings:
        if not (_touches(spell, finding.from_at, finding.to_at) and _same_hand(spell, finding)):
            continue
        weight = finding.weight * kept.get(finding.detector, 1.0)
        best = max((each for each in ours if _accounts_for(each, finding, spell)), key=lambda each: each.share, default=None)
        heard.append(Heard(finding, weight, weight * (1 - best.share) if best else weight))
        if best is not None:
            applied.setdefault(best.explanation, best)
            by_detector = taken.setdefault(best.explanation, {})
            by_detector[finding.detector] = max(weight * best.share, by_detector.get(finding.detector, 0.0))
    day = max(days(heard, spell), key=lambda each: (total(each, explained=True), total(each, explained=False)), default=[])
    findings_of_day = [each.finding for each in strongest(day, explained=False).values()]
    return Suspect(
        spell=spell,
        findings=sorted(findings_of_day, key=lambda each: (-each.weight, each.detector)),
        excuses=[applied[name] for name in sorted(taken, key=lambda each: (-sum(taken[each].values()), each))],
        log_odds=PRIOR.value + total(day, explained=True),
        unexplained_log_odds=PRIOR.value + max((total(each, explained=False) for each in days(heard, spell)), default=0.0),
        heard=heard,
    )


def days(heard: list[Heard], spell: Spell) -> list[list[Heard]]:
    """Return what came together: for each beginning of a finding, whatever held in the 24 hours from then. In order of time."""
    length = timedelta(hours=TOGETHER.value)
    starts = sorted({max(each.finding.from_at, spell.from_at) for each in heard})
    return [
        [each for each in heard if each.finding.from_at < start + length and each.finding.to_at >= start] for start in starts
    ]


def total(heard: Iterable[Heard], *, explained: bool) -> float:
    """Return the weight of findings that came together, in nats, before or after explanations."""
    best = strongest(heard, explained=explained)
    return together({name: each.left if explained else each.weight for name, each in best.items()})


def strongest(heard: Iterable[Heard], *, explained: bool) -> dict[str, Heard]:
    """Return of each detector the finding that weighs most, before or after explanations; the earliest known of equals."""
    best: dict[str, Heard] = {}
    for each in heard:
        name = each.finding.detector
        if name not in best or _rank(each, explained=explained) > _rank(best[name], explained=explained):
            best[name] = each
    return best


def _rank(heard: Heard, *, explained: bool) -> tuple[float, float]:
    return heard.left if explained else heard.weight, -heard.finding.known_at.timestamp()


def _accounts_for(excuse: Excuse, finding: Finding, spell: Spell) -> bool:
    """What explains a day's count explains it in every spell of that day: the count is heard in all of them, too."""
    if finding.detector not in excuse.detectors or excuse.from_at > finding.to_at or excuse.to_at < finding.from_at:
        return False
    is_of_a_day = finding.to_at - finding.from_at <= timedelta(hours=TOGETHER.value)
    return is_of_a_day or _touches(spell, excuse.from_at, excuse.to_at)


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


def _relieve(suspects: list[Suspect]) -> None:
    """Give one label to accused units that relieve each other and whose hardware no record names."""
    nameless = [each for each in suspects if all(hand.startswith(unit_membership.NAMELESS) for hand in each.spell.hands)]
    accused = {each.spell.unit for each in nameless if each.score >= GRADES["suspect"]}
    shifts = [(each.spell.unit, each.spell.from_at, each.spell.to_at) for each in nameless if each.spell.unit in accused]
    label = unit_membership.relayed(shifts)
    for each in nameless:
        each.spell.unit = label.get(each.spell.unit, each.spell.unit)


def _alert(suspect: Suspect) -> datetime | None:
    """Return the first instant at which what was known by then gave grade `suspect`; None if it never did."""
    if suspect.score < GRADES["suspect"]:
        return None
    lifted_at = None
    if suspect.lifted_by is not None:
        # The vouching cell must itself have been accused by then.
        lifted_at = _reached(suspect.lifted_by, log_odds_of(GRADES["rogue"]))
    return _reached(suspect, log_odds_of(GRADES["suspect"]), lifted_at)


def _reached(suspect: Suspect, enough: float, lifted_at: datetime | None = None) -> datetime:
    """Return when the findings known by then first sufficed, and never before the spell began."""
    reached = []
    for day in days(suspect.heard, suspect.spell):
        moments = {each.finding.known_at for each in day} | ({lifted_at} if lifted_at else set())
        for moment in sorted(moments):
            log_odds = PRIOR.value + total((each for each in day if each.finding.known_at <= moment), explained=True)
            if lifted_at is not None and lifted_at <= moment:
                log_odds += unit_membership.LIFT.value
            if log_odds >= enough:
                reached.append(moment)
                break
    return max(min(reached, default=suspect.spell.to_at), suspect.spell.from_at)
