"""What an innocent explanation is: a card and a query like a detector's, and which findings it accounts for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.detect.detector import CellKey
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from cellwarden.detect.detector import Row, Surroundings, Threshold
    from cellwarden.detect.preparation import Preparation


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

    def threshold(self, name: str) -> float:
        """Return the value of a threshold."""
        return self.thresholds[name].value

    def excuse(
        self,
        row: Row,
        *,
        share: float = 1.0,
        detectors: tuple[str, ...] | None = None,
        is_everywhere: bool = False,
        **slots: object,
    ) -> Excuse:
        """Make an excuse from a row with `from_at`, `to_at` and, unless it holds everywhere, a cell key.

        Args:
            row: What the query gave; `hand` is taken from it, absent or None means whoever used the cell.
            share: Part of the findings' weight that is accounted for, 0..1.
            detectors: Fewer than all that this explanation can account for.
            is_everywhere: The cause is not of one cell.
            **slots: What the sentence names.
        """
        return Excuse(
            explanation=self.name,
            key=None if is_everywhere else CellKey.of(row),
            hand=None if is_everywhere else row.get("hand"),
            from_at=row["from_at"],
            to_at=row["to_at"],
            detectors=self.accounts_for if detectors is None else detectors,
            share=share,
            evidence={language: text.format(**slots) for language, text in self.evidence.items()},
        )

    def is_ordinary(self, row: Row) -> bool:
        """Say whether a cell took no more permanent identities than its like: a catcher in a crowd takes more.

        Args:
            row: With `identified` of `openings` at the cell, and `usual_identified` of `usual_openings` at its like.
        """
        usual = row["usual_identified"] / row["usual_openings"] if row["usual_openings"] else 0.0
        expected = self.threshold("max_identity_ratio") * usual * row["openings"]
        return bool(row["identified"] <= expected + self.threshold("few_identities"))

    def values(self) -> dict[str, float | int]:
        """Return the thresholds as query parameters."""
        return {
            name: int(each.value) if each.value == int(each.value) else each.value for name, each in self.thresholds.items()
        }


def after(shared: Script, script: Script) -> Script:
    """Return a script that runs the named steps of another first: what several explanations have in common is written once."""
    return Script(script.name, f"{shared.text.rstrip()}\n\n{script.text}")
