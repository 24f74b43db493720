"""What an innocent explanation is: a card and a query like a detector's, and which findings it accounts for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from cellwarden.detect.detector import CellKey, Row, Surroundings, Threshold
    from cellwarden.detect.preparation import Preparation
    from cellwarden.engines.port import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """One explanation of one cell, for a span."""

    explanation: str
    key: CellKey | None
    """None: every cell, since the cause is not of one cell."""
    hand: str | None
    from_at: datetime
    to_at: datetime
    detectors: tuple[str, ...]
    """Findings it accounts for."""
    share: float
    """Part of their weight that it takes away, 0..1."""
    evidence: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One module's card."""

    name: str
    version: int
    looks_for: str
    accounts_for: tuple[str, ...]
    references: tuple[str, ...]
    thresholds: dict[str, Threshold]
    needs: tuple[str, ...]
    helps: tuple[str, ...] = ()
    prepares: tuple[Preparation, ...] = ()
    """Day-wise tables that its script reads beside `base.sql`."""
    evidence: dict[str, str]
    script: Script
    judge: Callable[[Explanation, list[Row], Surroundings], Iterable[Excuse]]

    def values(self) -> dict[str, float | int]:
        """Return the thresholds as query parameters."""
        return {
            name: int(each.value) if each.value == int(each.value) else each.value for name, each in self.thresholds.items()
        }
