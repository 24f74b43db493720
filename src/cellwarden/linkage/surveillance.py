"""Is today's count more than chance? The alarms of public-health surveillance, for streams of complaints.

* EARS C1, C2, C3 (Hutwagner et al. 2003; Fricker et al. 2008): seven days are enough; C2 leaves out the two days before, so
  that the beginning of an outbreak does not raise its own limit; C3 adds up three days.
* A Farrington-type limit (Farrington et al. 1996; Noufaily et al. 2013): quasi-Poisson with a weekend factor over four weeks,
  past outbreaks weighed down, for whoever has the history.

With one factor the generalised linear model has a closed form: its fits are weighted means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Reals = npt.NDArray[np.float64]

BASELINE = 7
"""Days of an EARS baseline."""
GUARD = 2
"""Days before the judged one that C2 and C3 leave out."""
HISTORY, HISTORY_GUARD = 28, 3
"""Days of the Farrington-type baseline, and those before the judged day that it leaves out."""
LEAST_SIGMA = 0.5
"""Floor of the standard deviation: a week of zeros shall not make one complaint an outbreak (assumption)."""
ALPHA = 0.001
"""One-sided error of C1, C2 and the Farrington-type limit; C3 is judged at 0.025, as EARS does."""
OUTLIER = 2.58
"""Standardised Anscombe residual beyond which a past day is weighed down (Noufaily et al. 2013)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a count is held against."""

    expected: float
    upper: float
    """The highest count that is no alarm."""


def ears(
    counts: Sequence[int], day: int, method: str, *, alpha: float | None = None, least_sigma: float = LEAST_SIGMA
) -> Limit | None:
    """Return the limit of one day, or None where the history is too short.

    Args:
        counts: One count a day, oldest first.
        day: Index of the judged day.
        method: `C1`, `C2` or `C3`.
        alpha: One-sided error; None: 0.001, for C3 0.025.
        least_sigma: Floor of the standard deviation.
    """
    z = float(norm.isf(alpha if alpha is not None else 0.025 if method == "C3" else ALPHA))
    guard = 0 if method == "C1" else GUARD
    window = _window(counts, day, BASELINE, guard)
    if window is None:
        return None
    mean, sigma = float(window.mean()), max(float(window.std(ddof=1)), least_sigma)
    if method != "C3":
        return Limit(mean, mean + z * sigma)
    earlier = 0.0
    for back in (1, 2):
        past = _window(counts, day - back, BASELINE, guard)
        if past is None:
            return None
        score = (counts[day - back] - float(past.mean())) / max(float(past.std(ddof=1)), least_sigma)
        earlier += max(0.0, score - 1)
    # C3 adds max(0, score - 1) of three days; the day's own part must reach z less what the two days before brought.
    return Limit(mean, mean + sigma * max(0.0, 1 + z - earlier) if earlier < z else mean)


def _window(counts: Sequence[int], day: int, length: int, guard: int) -> Reals | None:
    first = day - guard - length
    return None if first < 0 else np.asarray(counts[first : day - guard], dtype=np.float64)


def farrington(counts: Sequence[int], weekend: Sequence[bool], day: int, *, alpha: float = ALPHA) -> Limit | None:
    """Return the Farrington-type limit of one day, or None where four weeks of history are not there.

    Args:
        counts: One count a day, oldest first.
        weekend: Whether each day is a day of rest.
        day: Index of the judged day.
        alpha: One-sided error.
    """
    window = _window(counts, day, HISTORY, HISTORY_GUARD)
    if window is None:
        return None
    first = day - HISTORY_GUARD - HISTORY
    rests = np.asarray(weekend[first : day - HISTORY_GUARD], dtype=np.bool_)
    weights = np.ones(HISTORY)
    fits, spread = quasi_poisson(window, rests, weights)
    weights = outlier_weights(anscombe_residuals(window, fits, spread, _leverage(rests, weights)))
    fits, spread = quasi_poisson(window, rests, weights)
    like = rests if weekend[day] else ~rests
    mean = float(fits[like].mean()) if like.any() else float(fits.mean())
    error = math.sqrt(spread * mean / float(weights[like].sum() if like.any() else weights.sum()))
    return Limit(mean, power_limit(mean, error, spread, alpha))


def quasi_poisson(counts: Reals, factor: npt.NDArray[np.bool_], weights: Reals) -> tuple[Reals, float]:
    """Fit counts by a two-level factor; return the fits and the dispersion, which is at least 1."""
    fits = np.empty_like(counts)
    levels = 0
    for level in (factor, ~factor):
        if level.any():
            fits[level] = float(np.average(counts[level], weights=weights[level]))
            levels += 1
    safe = np.maximum(fits, 1e-9)
    chi = float((weights * (counts - safe) ** 2 / safe).sum())
    return fits, max(1.0, chi / (len(counts) - levels))


def _leverage(factor: npt.NDArray[np.bool_], weights: Reals) -> Reals:
    held = np.empty_like(weights)
    for level in (factor, ~factor):
        if level.any():
            held[level] = weights[level] / weights[level].sum()
    return held


def anscombe_residuals(counts: Reals, fits: Reals, spread: float, leverage: Reals) -> Reals:
    """Return the standardised Anscombe residuals of a quasi-Poisson fit (McCullagh and Nelder 1989, 2.4.2)."""
    safe = np.maximum(fits, 1e-9)
    raw = 1.5 * (counts ** (2 / 3) * safe ** (-1 / 6) - np.sqrt(safe))
    return np.asarray(raw / np.sqrt(spread * np.maximum(1e-9, 1 - leverage)))


def outlier_weights(residuals: Reals, *, threshold: float = OUTLIER) -> Reals:
    """Weigh days beyond the threshold by the inverse square of their residual; the weights add up to the days."""
    held = np.where(residuals > threshold, np.maximum(np.abs(residuals), 1e-9) ** -2.0, 1.0)
    return np.asarray(held * len(residuals) / held.sum())


def power_limit(mean: float, error: float, spread: float, alpha: float) -> float:
    """Return the upper limit by the 2/3 power, which takes the skewness out of Poisson counts (Farrington et al. 1996, 3.5).

    Args:
        mean: Expected count.
        error: Standard error of the expected count.
        spread: Dispersion.
        alpha: One-sided error.
    """
    if mean <= 0:
        return 0.0
    tau = spread + error**2 / mean
    width = float(norm.isf(alpha)) * 2 / 3 * math.sqrt(tau) / math.sqrt(mean)
    return float(mean * (1 + width) ** 1.5)
