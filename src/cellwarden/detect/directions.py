"""From the victims to the cells, and from the cells to the victims: two searches that know nothing of each other, side by side.

In the public case the first found 2 ids, then 4; screening the records of every cell found 20. Neither is enough: what the cells
alone accuse needs no victim, and what the victims alone name may be a cell that the other search has no record of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.detect.families import family_of
from cellwarden.detect.fusion import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cellwarden.detect.detector import CellKey, Finding
    from cellwarden.detect.fusion import Suspect

VICTIMS = "victims"
"""The family of detectors that start from people who lost money or complained."""
_STRONGEST_FIRST = ("rogue", "suspect", "review", "explained")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """One id that at least one direction found."""

    key: CellKey
    by_cells: str
    """Strongest grade that the records of cells give without any victim; empty: worth no line."""
    by_victims: list[Finding]
    """What starts from victims and names this id, heaviest first; empty: no victim leads here."""
    grade: str
    """Strongest grade of both together; empty: worth no line."""

    @property
    def found_by(self) -> str:
        """`both`, `cells` or `victims`; empty where the cells do not accuse it and no victim leads to it."""
        accused = self.by_cells in _STRONGEST_FIRST[:2]
        return {(True, True): "both", (True, False): "cells", (False, True): "victims", (False, False): ""}[
            accused, bool(self.by_victims)
        ]


def without_victims(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that need no victim."""
    return [each for each in findings if family_of(each.detector) != VICTIMS]


def side_by_side(suspects: list[Suspect], by_cells: list[Suspect], findings: list[Finding]) -> list[Sighted]:
    """Return every id that a direction found.

    Args:
        suspects: Fused from all findings.
        by_cells: Fused from those of `without_victims`.
        findings: All of them.

    Returns:
        By `found_by` (both, cells, victims), then by grade and key.
    """
    together, alone = _grades(suspects), _grades(by_cells)
    named: dict[CellKey, list[Finding]] = {}
    for finding in findings:
        if finding.key is not None and finding.weight > 0 and family_of(finding.detector) == VICTIMS:
            named.setdefault(finding.key, []).append(finding)
    found = [
        Sighted(
            key=key,
            by_cells=alone.get(key, ""),
            by_victims=sorted(named.get(key, ()), key=lambda each: (-each.weight, each.detector)),
            grade=together.get(key, ""),
        )
        for key in sorted({*together, *alone, *named})
    ]
    order = ("both", "cells", "victims")
    rank = {grade: place for place, grade in enumerate((*GRADES, "explained", ""))}
    return sorted(
        (each for each in found if each.found_by), key=lambda each: (order.index(each.found_by), rank[each.grade], each.key)
    )


def _grades(suspects: Iterable[Suspect]) -> dict[CellKey, str]:
    strongest: dict[CellKey, str] = {}
    for suspect in suspects:
        known = strongest.get(suspect.spell.key)
        if known is None or _STRONGEST_FIRST.index(suspect.grade) < _STRONGEST_FIRST.index(known):
            strongest[suspect.spell.key] = suspect.grade
    return strongest
