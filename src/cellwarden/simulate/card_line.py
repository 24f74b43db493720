"""One line of the realism card: a figure beside its published target, and how far chance may have carried it."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import binom, poisson

CHANCE = 0.025
"""On either side: a figure of a small city may miss its target by chance in one case of twenty."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its target; outside the tolerance is said, not hidden."""

    name: str
    unit: str
    generated: float
    low: float
    high: float
    source: str
    note: str = ""

    @property
    def is_within(self) -> bool:
        """Whether the figure is inside the tolerance."""
        return bool(self.low <= self.generated <= self.high)


def counted(name: str, unit: str, count: int, exposure: float, *, target: tuple[float, float], source: str) -> Line:
    """Return the line of a rate; the tolerance is the target's, widened by what a Poisson count of this exposure may miss it by."""
    low, high = poisson.ppf(CHANCE, target[0] * exposure), poisson.ppf(1 - CHANCE, target[1] * exposure)
    note = f"target {target[0]:.3g} to {target[1]:.3g}; {count:,} in {exposure:,.0f}"
    return Line(name, unit, count / exposure, float(low) / exposure, float(high) / exposure, source, note)


def share(name: str, part: int, whole: int, *, target: tuple[float, float], source: str) -> Line:
    """Return the line of a share in per cent; the tolerance is the target's, widened by what a binomial count may miss it by."""
    low, high = binom.ppf(CHANCE, whole, target[0] / 100), binom.ppf(1 - CHANCE, whole, target[1] / 100)
    note = f"target {target[0]:.3g} to {target[1]:.3g}; {part:,} of {whole:,}"
    return Line(name, "%", part / whole * 100, float(low) / whole * 100, float(high) / whole * 100, source, note)


def as_markdown(lines: list[Line]) -> str:
    """Return the card as a table for people."""
    rows = [
        f"| {line.name} | {line.generated:,.4g} {line.unit} | {line.low:,.4g} to {line.high:,.4g} | {'yes' if line.is_within else 'no'} | {line.source} | {line.note} |"
        for line in lines
    ]
    return "\n".join(
        ["| figure | generated | tolerance | within | source | note |", "| --- | --- | --- | --- | --- | --- |", *rows]
    )
