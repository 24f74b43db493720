"""More permanent identities in clear than the cell's own past and its class let expect (the ratio behind Marlin, NDSS 2025)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.special import betaln

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh a cell-day by the Bayes factor of two beta-binomials: a catcher's share against this cell's expected one."""
    alternative = (detector.threshold("rogue_alpha"), detector.threshold("rogue_beta"))
    for row in rows:
        alpha, beta = expected_share(row, trust=detector.threshold("own_history_trust"))
        hits, misses = row["identified"], row["openings"] - row["identified"]
        factor = _log_marginal(hits, misses, *alternative) - _log_marginal(hits, misses, alpha, beta)
        weight = min(detector.threshold("max_weight"), float(factor))
        if weight > 0:
            yield detector.finding(
                row,
                weight=weight,
                hand=row["hand"],
                known_at=row["to_at"],
                cell=row["cell"],
                identified=hits,
                openings=row["openings"],
                share=hits / row["openings"],
                usual=alpha / (alpha + beta),
            )


def expected_share(row: Row, *, trust: float) -> tuple[float, float]:
    """Return the beta prior of an honest share: the class, as spread as its days are, plus a part of the cell's own past.

    The spread is Kleinman's moment estimator of the intra-class correlation (JASA 68, 1973), held between 0.005 and 0.3:
    a class of few days must not look certain.
    """
    mean = (row["x"] + 0.5) / (row["n"] + 10)
    if row["days"] > 1:
        # sum over days of n_i (p_i - p)^2 = sum x_i^2 / n_i - X^2 / N
        between = row["xx_n"] - row["x"] ** 2 / row["n"]
        noise = mean * (1 - mean)
        correlation = (between - noise * (row["days"] - 1)) / (
            noise * (row["n"] - row["nn"] / row["n"] - (row["days"] - 1)) or 1
        )
    else:
        correlation = 0.05
    correlation = min(0.3, max(0.005, correlation))
    strength = (1 - correlation) / correlation
    hits, misses = row["identified_before"], row["openings_before"] - row["identified_before"]
    return mean * strength + trust * hits, (1 - mean) * strength + trust * misses


def _log_marginal(hits: float, misses: float, alpha: float, beta: float) -> float:
    return float(betaln(hits + alpha, misses + beta) - betaln(alpha, beta))


DETECTOR = Detector(
    name="identity_exposure_excess",
    version=1,
    looks_for="a cell-day on which far more procedures carried the permanent identity than its class and its own past let expect",
    innocent_causes=(
        "a core restart that lost every GUTI",
        "a telephone shop with new SIMs",
        "arrivals of roamers",
        "power loss of IoT devices",
    ),
    references=("TS 24.301 §5.4.4", "TS 24.301 §5.5.1.2.2", "Marlin, NDSS 2025"),
    thresholds={
        "min_openings": Threshold(10, "procedures", "a share of fewer says nothing"),
        "min_identified": Threshold(3, "procedures", "two phones without a GUTI are an ordinary evening"),
        "rogue_alpha": Threshold(
            1.5, "pseudo-counts", "with rogue_beta: a mean of 0.3, near the 0.28 of the public case, and wide"
        ),
        "rogue_beta": Threshold(3.5, "pseudo-counts", "see rogue_alpha"),
        "own_history_trust": Threshold(0.5, "of a count", "yesterday predicts today only in part"),
        "max_weight": Threshold(4.0, "nats", "a telephone shop in its first days looks just so: this alone must not accuse"),
    },
    needs=("access", "access.identity"),
    helps=("access.source",),
    evidence={
        "en": "{identified} of {openings} procedures at cell {cell} carried the permanent identity ({share:.0%}; {usual:.1%} expected)",
        "ko": "셀 {cell}: {openings}건 중 {identified}건에서 영구 식별자 노출 ({share:.0%}, 예상 {usual:.1%})",
    },
    script=Script.beside(__file__, "identity_exposure_excess.sql"),
    judge=judge,
)
