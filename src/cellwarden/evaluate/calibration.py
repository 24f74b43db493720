"""Whether a score of 0.8 is right in eight cases of ten."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.judging import Judged, key_of, overlap_s
from cellwarden.evaluate.proportions import share
from cellwarden.records.vocabulary import ACCUSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cellwarden.evaluate.truth import Truth

BINS = 10
"""Of the reliability plot, equally wide."""
Forecasts = list[tuple[float, bool]]
"""(probability said, what happened)."""


def calibration(truth: Truth, lines: list[Judged]) -> dict[str, Any]:
    """Return Brier score, expected calibration error and reliability bins of the scores in `suspects`.

    One forecast is a listed line, or a rogue cell that no line names (said: 0). Honest cells that are not listed are left out: there are so
    many that any system would look calibrated. So is a line that accuses nobody, of a cell of which another line at the same time
    does: the genuine owner of a cloned id, whom the key alone cannot tell from the clone.
    """
    listed = [line for line in lines if not _beside_an_accused(line, lines)]
    missed = {key_of(row) for row in truth.rogue} - {line.key for line in lines if line.unit}
    forecasts = [(line.row["score"], line.unit is not None) for line in listed] + [(0.0, True)] * len(missed)
    bins = reliability(forecasts)
    off = [row["forecasts"] * abs(row["said"] - row["happened"]) for row in bins if row["forecasts"]]
    return {
        "forecasts": len(forecasts),
        "brier": brier(forecasts),
        "expected_calibration_error": share(sum(off), len(forecasts)),
        "bins": bins,
    }


def _beside_an_accused(line: Judged, lines: list[Judged]) -> bool:
    return line.row["grade"] not in ACCUSING and any(
        other.row["grade"] in ACCUSING and other.key == line.key and overlap_s(other.row, line.row) >= 0 for other in lines
    )


def brier(forecasts: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean squared difference of what was said (0..1) and what happened (0 or 1); None without forecasts.

    References: G. W. Brier, Monthly Weather Review 78 (1950) 1, in the form for two outcomes with one term.
    """
    return share(sum((said - happened) ** 2 for said, happened in forecasts), len(forecasts))


def reliability(forecasts: Forecasts) -> list[dict[str, Any]]:
    """Return for each bin of probability how many forecasts fell in, the mean said and the share that happened.

    Bins are closed below and open above, the last one closed; an empty bin has None for both.

    References: A. H. Murphy, R. L. Winkler, Journal of the Royal Statistical Society C 26 (1977) 41.
    """
    edges = [place / BINS for place in range(BINS + 1)]
    rows = []
    for low, high in pairwise(edges):
        within = [each for each in forecasts if low <= each[0] < high or (high == edges[-1] and each[0] == high)]
        rows.append(
            {
                "from": low,
                "to": high,
                "forecasts": len(within),
                "said": share(sum(said for said, _ in within), len(within)),
                "happened": share(sum(happened for _, happened in within), len(within)),
            }
        )
    return rows
