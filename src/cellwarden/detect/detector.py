"""What a detector is: a card that explains itself, a query beside it, and a judgement of the query's rows.

A detector returns weights of evidence (natural log of a likelihood ratio), never verdicts. A missing source makes it
silent, which is said; it never makes a cell more guilty.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cellwarden.detect.calibration import Calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from cellwarden.detect.preparation import Preparation
    from cellwarden.detect.seized import Seizure
    from cellwarden.engines.port import Script
    from cellwarden.records.operator import Operator

Row = dict[str, Any]
"""One row of a query's result: small, for Python to judge."""


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """What names a cell; `cell_type` is empty where neither the row nor the registry tells it."""

    plmn: str
    rat: str
    cell_type: str
    cell: int

    @classmethod
    def of(cls, row: Row) -> CellKey:
        """Take the key out of a row."""
        return cls(row["plmn"], row["rat"], row["cell_type"], row["cell"])

    def __str__(self) -> str:
        return f"{self.plmn} {self.rat} {self.cell_type or 'unknown type'} {self.cell}"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number with its unit and the reason for it."""

    value: float
    unit: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one detector says of one subject."""

    detector: str
    version: int
    subject_kind: str
    """`cell`, `equipment` (joined, never touched) or `certificate`."""
    subject: str
    key: CellKey | None
    """None where the subject is no cell."""
    hand: str | None
    """The hardware it speaks of; None: whoever used the cell."""
    from_at: datetime
    to_at: datetime
    """Naive UTC, as the lake keeps times; the span that the evidence covers."""
    known_at: datetime
    """From when on the records show it: alerts are dated by this, never by hindsight."""
    weight: float
    """Natural log of the likelihood ratio rogue : honest; 0 for a finding that accuses nobody."""
    evidence: dict[str, str]
    """The sentence, by language."""
    query: str
    parameters: Row = field(default_factory=dict)
    """What selects the records behind it, beside the query's name."""
    references: tuple[str, ...] = ()

    def rows(self) -> str:
        """Return the `rows` column: query and parameters as JSON."""
        return json.dumps({"query": self.query, "parameters": self.parameters}, sort_keys=True, default=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a judgement may know beside its rows."""

    operator: Operator
    until: datetime | None = None
    """Naive UTC; the investigation ignores what came later."""
    calibration: Calibration = field(default_factory=Calibration)
    """Where judgements ask for numbers of the operator's own history."""
    seized: tuple[Seizure, ...] = ()
    """Equipment that was seized; hardware is grouped by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """One module's card; `detectors` prints it, findings name it."""

    name: str
    version: int
    looks_for: str
    innocent_causes: tuple[str, ...]
    references: tuple[str, ...]
    thresholds: dict[str, Threshold]
    needs: tuple[str, ...]
    """Tables (`links`) and columns (`access.source`) without which it stays silent."""
    helps: tuple[str, ...] = ()
    """Sources whose absence weakens it without silencing it."""
    prepares: tuple[Preparation, ...] = ()
    """Day-wise tables that its script reads beside `base.sql`."""
    evidence: dict[str, str]
    """The sentence by language, with `{slots}`."""
    script: Script
    judge: Callable[[Detector, list[Row], Surroundings], Iterable[Finding]]

    def threshold(self, name: str) -> float:
        """Return the value of a threshold."""
        return self.thresholds[name].value

    def values(self) -> dict[str, float | int]:
        """Return the thresholds as query parameters; whole ones as integers, so that SQL compares like with like."""
        return {
            name: int(each.value) if each.value == int(each.value) else each.value for name, each in self.thresholds.items()
        }

    def rarity(
        self, seen: float, among: float, *, of: str, expected: float | None = None, share: str = "share_of_rogues"
    ) -> float:
        """Return the weight of a property by `rarity`, at most the threshold `max_weight`.

        Args:
            seen: Of the fleet, how many have the property.
            among: All that could have it.
            of: What is counted: `expected_share_{of}` is the threshold that says what the expectation is worth.
            expected: The rate taken before looking; None: the threshold `expected_share`.
            share: Which threshold says how many rogues have the property; without that threshold, nearly all.
        """
        more = {"if_rogue": self.threshold(share)} if share in self.thresholds else {}
        taken = self.threshold("expected_share") if expected is None else expected
        weight = rarity(seen, among, expected=taken, strength=self.threshold(f"expected_share_{of}"), **more)
        return min(self.threshold("max_weight"), weight)

    def finding(
        self,
        row: Row,
        *,
        weight: float,
        hand: str | None,
        known_at: datetime | None = None,
        subject_kind: str = "cell",
        subject: str | None = None,
        **slots: object,
    ) -> Finding:
        """Make a finding of this detector from a row with a cell key, `from_at` and `to_at`; a slot may hold its words by language."""
        key = CellKey.of(row) if subject_kind == "cell" else None
        return Finding(
            detector=self.name,
            version=self.version,
            subject_kind=subject_kind,
            subject=subject or str(key),
            key=key,
            hand=hand,
            from_at=row["from_at"],
            to_at=row["to_at"],
            known_at=known_at or row["from_at"],
            weight=weight,
            evidence={
                language: text.format(
                    **{name: slot[language] if isinstance(slot, dict) else slot for name, slot in slots.items()}
                )
                for language, text in self.evidence.items()
            },
            query=self.script.name,
            parameters={
                name: row[name]
                for name in ("plmn", "rat", "cell_type", "cell", "source", "source_ip")
                if row.get(name) is not None
            },
            references=self.references,
        )


def rarity(seen: float, among: float, *, expected: float, strength: float, if_rogue: float = 0.9) -> float:
    """Return the weight of a property from how rare it is among the fleet itself.

    A property that half the fleet has says nothing. The fleet's own rate is shrunk towards `expected` as if `strength`
    further pieces of equipment had been seen at that rate, so that a small fleet does not decide by accident.

    Args:
        seen: Pieces of equipment with the property.
        among: All that could have it.
        expected: The rate taken before looking, 0..1.
        strength: How many pieces of equipment that expectation is worth.
        if_rogue: How often a rogue has the property.

    Returns:
        Natural log of the likelihood ratio, never below 0.

    >>> round(rarity(0, 1000, expected=0.0005, strength=2000), 1)
    7.9
    >>> rarity(900, 1000, expected=0.0005, strength=2000)
    1.0986122886681098
    """
    rate = (seen + expected * strength) / (among + strength)
    return max(0.0, math.log(if_rogue / min(rate, 1.0)))
