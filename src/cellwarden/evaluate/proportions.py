"""Shares, their harmonic mean, and how high a rate may still be after so few cases."""

from __future__ import annotations

from scipy.stats import beta

CONFIDENCE = 0.95
"""Of the upper bound, one-sided: 3 / N with no case in N, which is the rule of three."""


def share(part: float, whole: float) -> float | None:
    """Return part / whole; None where there is nothing to divide by, since a share of nothing is not zero."""
    return part / whole if whole else None


def harmonic(precision: float | None, recall: float | None) -> float | None:
    """Return F1; None where one of the two is not known.

    >>> harmonic(0.5, 1.0)
    0.6666666666666666
    """
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def upper_bound(cases: int, trials: int) -> float | None:
    """Return the highest rate that is still compatible with so few cases, one-sided at 95 %; None without trials.

    References: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404; with no case 1 - 0.05 ** (1 / N), about 3 / N
    (J. A. Hanley, A. Lippman-Hand, JAMA 249 (1983) 1743).
    """
    if not trials:
        return None
    return 1.0 if cases >= trials else float(beta.ppf(CONFIDENCE, cases + 1, trials - cases))
