"""Several runs together: one line a system and scenario, over all seeds, with how far chance may have carried it."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.evaluate.cells import PER
from cellwarden.evaluate.proportions import harmonic, share, upper_bound

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWS = 2000
"""Of the bootstrap: the ends of a 95 % interval then rest on 50 draws each."""
Scores = dict[str, Any]
Counts = tuple[float, float]
"""(part, whole) of one run."""


def pool(runs: Sequence[Scores], *, seed: int = 0) -> dict[str, Any]:
    """Return the figures of several runs of one system (`scores.score`), counts added up before they are divided.

    Args:
        runs: At least one.
        seed: Of the bootstrap over runs.

    Returns:
        Shares pooled over runs; `recall_low` and `recall_high`, the 95 % interval of the recall when runs are drawn anew (None with one run);
        `median_hours` over the units of all runs, an undetected one being for ever (None).
    """
    found = [_cell(run) for run in runs]
    precision = share(sum(row["right"] for row in found), sum(row["right"] + row["wrong"] for row in found))
    recalls: list[Counts] = [(row["right"], row["right"] + row["missed"]) for row in found]
    recall = _pooled(recalls)
    low, high = bootstrap(recalls, seed=seed) or (None, None)
    wrong = sum(run["false_accusations"]["cell_days_accused"] for run in runs)
    days = [run["false_accusations"]["honest_cell_days"] for run in runs]
    honest = 0 if None in days else sum(days)
    rate, bound = share(wrong, honest), upper_bound(wrong, honest)
    hours = [float("inf") if unit["hours"] is None else unit["hours"] for run in runs for unit in run["delay"]["units"]]
    middle = median(hours) if hours else None
    told = [run["census"]["episodes"] for run in runs if run["census"]]
    links = [run["links"] for run in runs if run["links"]]
    explained = [(run["explanations"]["right"], run["explanations"]["explained"]) for run in runs]
    return {
        "runs": len(runs),
        "precision": precision,
        "recall": recall,
        "recall_low": low,
        "recall_high": high,
        "f1": harmonic(precision, recall),
        "cell_days_accused": wrong,
        "honest_cell_days": honest or None,
        "per_100000": None if rate is None else rate * PER,
        "upper_95_per_100000": None if bound is None else bound * PER,
        "median_hours": None if middle == float("inf") else middle,
        "undetected": sum(run["delay"]["undetected"] for run in runs),
        "b_cubed_f1": _mean([run["grouping"]["b_cubed_f1"] for run in runs]),
        "census_precision": _pooled([(row["counted"] - row["extra"], row["counted"]) for row in told]),
        "census_recall": _pooled([(row["at_found_cells"] - row["missing"], row["at_found_cells"]) for row in told]),
        "link_precision": _pooled([(row["right"], row["linked"]) for row in links]),
        "link_recall": _pooled([(row["right"], row["true"]) for row in links]),
        "brier": _pooled(
            [
                (run["calibration"]["brier"] * run["calibration"]["forecasts"], run["calibration"]["forecasts"])
                for run in runs
                if run["calibration"]["forecasts"]
            ]
        ),
        "explained": _pooled(explained),
    }


def bootstrap(counts: Sequence[Counts], *, seed: int) -> tuple[float, float] | None:
    """Return the 95 % percentile interval of a pooled share when whole runs are drawn anew; None with fewer than two runs that count.

    References: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; drawn by run, since the cells of one run share
    their city.
    """
    rows = np.array([each for each in counts if each[1]], dtype=float)
    if len(rows) < 2:
        return None
    drawn = rows[np.random.default_rng(seed).integers(len(rows), size=(DRAWS, len(rows)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return float(low), float(high)


COLUMNS = (
    ("precision", "Precision"),
    ("recall", "Recall"),
    ("per_100000", "False per 100,000 cell-days"),
    ("upper_95_per_100000", "at most (95 %)"),
    ("median_hours", "Hours to the first alert"),
    ("undetected", "Units undetected"),
    ("b_cubed_f1", "B-cubed F1"),
    ("census_precision", "Census precision"),
    ("census_recall", "Census recall"),
    ("link_precision", "Link precision"),
    ("link_recall", "Link recall"),
    ("brier", "Brier"),
    ("explained", "Explained rightly"),
)
"""Of the table, by figure."""


def markdown(rows: Sequence[tuple[str, str, dict[str, Any]]]) -> str:
    """Write (scenario, system, pooled figures) as a Markdown table; a dash is what could not be measured."""
    heads = ["Scenario", "System", *(title for _, title in COLUMNS)]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for scenario, system, told in rows:
        lines.append("| " + " | ".join([scenario, system, *(_written(told[name]) for name, _ in COLUMNS)]) + " |")
    return "\n".join(lines) + "\n"


def _written(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}".rstrip("0").rstrip(".")


def _cell(run: Scores) -> dict[str, int]:
    told: dict[str, int] = run["cells"]["levels"]["suspect"]["cell"]
    return told


def _pooled(counts: Sequence[Counts]) -> float | None:
    return share(sum(part for part, _ in counts), sum(whole for _, whole in counts))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return share(sum(known), len(known))
