"""A cell-day's share (of identities, of strangers, of nights …) against its class and its own past: over-dispersed, and tested once for all cells.

Counts within a cell hang together: where one phone was refused, others are. A plain binomial takes that for proof. So an honest share
is taken to vary between cells and days as a beta distribution, fitted to the operator's own class of cells; the count on a day is then
beta-binomial.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln
from scipy.stats import betabinom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cellwarden.detect.calibration import Calibration
    from cellwarden.detect.detector import Detector, Finding, Row, Surroundings

_LEAST_CORRELATION, _MOST_CORRELATION, _USUAL_CORRELATION = 0.005, 0.3, 0.05
"""A class of few days must not look certain, nor one of odd days lawless; the usual one is taken where there is one day only."""
_DEFAULT_TRIES = 10
"""What the stated default share is worth beside the class's own counts."""


@dataclass(frozen=True, slots=True)
class Beta:
    """A beta distribution of a share."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """The share that it expects."""
        return self.alpha / (self.alpha + self.beta)

    def log_marginal(self, hits: int, tries: int) -> float:
        """Return the log probability of one sequence of so many hits among so many tries."""
        return float(betaln(hits + self.alpha, tries - hits + self.beta) - betaln(self.alpha, self.beta))

    def tail(self, hits: int, tries: int) -> float:
        """Return the probability of at least so many hits."""
        return float(betabinom.sf(hits - 1, tries, self.alpha, self.beta))


def expected_share(
    row: Row, *, trust: float, default: float = 0.05, mean: float | None = None, least_correlation: float = _LEAST_CORRELATION
) -> Beta:
    """Return the honest share of a cell-day: the class's, drawn towards the cell's own past, and as spread as the class's days are.

    The spread is Kleinman's moment estimator of the intra-class correlation (JASA 68, 1973), held between 0.005 and 0.3. A long past
    tells what to expect of a cell, not that its days are all alike: one phone still makes a day.

    Args:
        row: With the class's sums over its cell-days: `days`, `n` tries, `x` hits, `nn` of squared tries, `xx_n` of squared hits over
            tries; and `hits_before`, `tries_before` of the cell itself.
        trust: Part of a count that the cell's own past is worth.
        default: Share to expect where the class has no history.
        least_correlation: The least spread to take, where a class of like cells must not rule out another kind of cell.
        mean: Share to expect of this cell-day where its hours tell it better than the class as a whole.
    """
    share = (row["x"] + default * _DEFAULT_TRIES) / (row["n"] + _DEFAULT_TRIES)
    correlation = min(_MOST_CORRELATION, max(least_correlation, _correlation(row, share)))
    strength = (1 - correlation) / correlation
    here = share if mean is None else min(0.99, max(0.001, mean))
    own = (here * strength + trust * row["hits_before"]) / (strength + trust * row["tries_before"])
    return Beta(own * strength, (1 - own) * strength)


def _correlation(row: Row, share: float) -> float:
    if row["days"] <= 1:
        return _USUAL_CORRELATION
    # sum over days of n_i (p_i - p)^2 = sum x_i^2 / n_i - X^2 / N
    between = row["xx_n"] - row["x"] ** 2 / row["n"]
    noise = share * (1 - share)
    spread: float = noise * (row["n"] - row["nn"] / row["n"] - (row["days"] - 1))
    return float(between - noise * (row["days"] - 1)) / (spread or 1.0)


def weight(row: Row, honest: Beta, rogue: Beta, *, most: float, day: int = 1) -> float:
    """Return the log Bayes factor of `hits` among `tries` under a rogue's share and an honest one, up to a bound.

    A rogue that began on any one of a cell's days so far is worth the mean of their Bayes factors. So what stands out on the n-th day
    weighs as one of n: the worst day of many must not accuse, as it would if it were the only one that was looked at.

    Args:
        row: With `hits` and `tries`.
        honest: What an honest cell would share.
        rogue: What a rogue would.
        most: The bound, in nats.
        day: Which of the cell's own days this is, from 1.
    """
    hits, tries = row["hits"], row["tries"]
    return min(most, rogue.log_marginal(hits, tries) - honest.log_marginal(hits, tries) - math.log(day))


def noted(calibration: Calibration, detector: str, row: Row, quantity: str, *, default: float, least: int) -> float:
    """Return the share to take where a class has no history, and keep in the calibration what the class's own was."""
    return calibration.number(
        detector,
        f"{row['rat']} {row['cell_type']}".strip(),
        quantity,
        learnt=row["x"] / row["n"] if row["n"] else None,
        default=default,
        history=row["days"],
        least=least,
        unit="share",
    )


def judging(quantity: str) -> Callable[[Detector, list[Row], Surroundings], Iterable[Finding]]:
    """Return the judgement of detectors that compare one share of a cell-day with its class and its own past.

    Args:
        quantity: What the share is, as the calibration names it.
    """

    def judge(detector: Detector, rows: list[Row], surroundings: Surroundings) -> Iterable[Finding]:
        """Weigh a cell-day by the Bayes factor of two beta-binomials: a rogue's share against this cell's expected one."""
        rogue = Beta(detector.threshold("rogue_alpha"), detector.threshold("rogue_beta"))
        default, least = detector.threshold("default_share"), int(detector.threshold("least_days"))
        for row in rows:
            noted(surroundings.calibration, detector.name, row, quantity, default=default, least=least)
            honest = expected_share(row, trust=detector.threshold("own_history_trust"), default=default)
            found = weight(row, honest, rogue, most=detector.threshold("max_weight"), day=row["day_number"])
            if found > 0:
                yield detector.finding(
                    row,
                    weight=found,
                    hand=row["hand"],
                    known_at=row["to_at"],
                    cell=row["cell"],
                    hits=row["hits"],
                    tries=row["tries"],
                    usual=honest.mean,
                )

    return judge


def q_values(p_values: Sequence[float], tests: int) -> list[float]:
    """Return the least false discovery rate at which each would be called (Benjamini and Hochberg, JRSS B 57, 1995).

    Args:
        p_values: Of those worth a look, in any order.
        tests: How many were tested in all; those not listed count as 1.
    """
    if not p_values:
        return []
    order = np.argsort(p_values, kind="stable")
    ranked = np.asarray(p_values)[order] * max(tests, len(p_values)) / np.arange(1, len(p_values) + 1)
    least = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    result = np.empty(len(p_values))
    result[order] = least
    return [float(each) for each in result]
