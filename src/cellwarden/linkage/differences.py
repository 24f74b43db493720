"""How victims differ from the exposed who lost nothing: odds ratios with intervals, multiple testing controlled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scipy.stats import false_discovery_control, fisher_exact

from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine

DIFFERENCES = Script.beside(__file__, "differences.sql")
_Z95 = 1.959963984540054
"""97.5 % point of the normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value of one attribute, victims against exposed non-victims."""

    attribute: str
    value: str
    victims: int
    """Victims with this value."""
    others: int
    """Exposed non-victims with it."""
    odds_ratio: float
    """With half a person added to each count (Haldane 1956), so that a zero gives no infinity."""
    low: float
    """95 % interval (Woolf 1955)."""
    high: float
    q: float
    """Fisher's exact p, after Benjamini and Hochberg (1995) over all values of all attributes."""


def differences(engine: Engine) -> list[Difference]:
    """Compare; `exposed` and `linked_payment` must lie on the engine. Empty without victims or without others."""
    rows = engine.run(DIFFERENCES).to_pylist()
    totals: dict[str, tuple[int, int]] = {}
    for row in rows:
        victims, others = totals.get(row["attribute"], (0, 0))
        totals[row["attribute"]] = (victims + row["victims"], others + row["others"])
    compared = [
        row
        for row in rows
        if min(totals[row["attribute"]]) > 0 and sum(totals[row["attribute"]]) > row["victims"] + row["others"]
    ]
    if not compared:
        return []
    tables = [_table(row["victims"], row["others"], *totals[row["attribute"]]) for row in compared]
    qs = false_discovery_control([fisher_exact(table).pvalue for table in tables])
    return [_difference(row, table, q=float(q)) for row, table, q in zip(compared, tables, qs, strict=True)]


def _table(victims: int, others: int, all_victims: int, all_others: int) -> list[list[int]]:
    return [[victims, others], [all_victims - victims, all_others - others]]


def _difference(row: dict[str, Any], table: list[list[int]], *, q: float) -> Difference:
    (a, b), (c, d) = ((each + 0.5 for each in counts) for counts in table)
    ratio = math.log(a * d / (b * c))
    error = math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return Difference(
        attribute=row["attribute"],
        value=row["value"],
        victims=row["victims"],
        others=row["others"],
        odds_ratio=math.exp(ratio),
        low=math.exp(ratio - _Z95 * error),
        high=math.exp(ratio + _Z95 * error),
        q=q,
    )
