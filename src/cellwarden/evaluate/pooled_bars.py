"""The quality bars over the seeds of one scenario: what a city has few of says little, what ten cities have together says more.

The design measures on each scenario with at least ten seeds (detection.md, "Quality bars"). A city in which four cells were explained cannot
be right in nine tenths of them and wrong once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.bars import BARS
from cellwarden.evaluate.cells import PER
from cellwarden.evaluate.proportions import share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Scores = dict[str, Any]
Counts = tuple[float, float]
"""(part, whole) of one run: added up before they are divided."""


def pooled_bars(runs: Sequence[Scores]) -> list[dict[str, Any]]:
    """Return each bar with its pooled figure, its limit and `is_met`; None where no run measured it.

    Args:
        runs: Scores (`scores.score`) of one system on one scenario, a seed each.
    """
    rows = []
    for bar in BARS:
        measured = [run for run in runs if next(one for one in run["bars"] if one["name"] == bar.name)["value"] is not None]
        counts = [_COUNTS[bar.figure](run) for run in measured]
        value = share(sum(part for part, _ in counts), sum(whole for _, whole in counts))
        is_met = None if value is None else bool(value <= bar.limit if bar.at_most else value >= bar.limit)
        rows.append({"name": bar.name, "value": value, "limit": bar.limit, "at_most": bar.at_most, "is_met": is_met})
    return rows


def _found(run: Scores) -> Counts:
    told = run["cells"]["levels"]["suspect"]["cell"]
    return told["right"], told["right"] + told["missed"]


def _accused(run: Scores) -> Counts:
    told = run["false_accusations"]
    return PER * told["cell_days_accused"], told["honest_cell_days"]


def _late(run: Scores) -> Counts:
    return len(run["delay"]["units"]) - run["delay"]["within_first_night"], 1


def _counted(run: Scores) -> Counts:
    told = run["census"]["episodes"]
    return told["counted"] - told["extra"], told["counted"]


def _listed(run: Scores) -> Counts:
    told = run["census"]["episodes"]
    return told["at_found_cells"] - told["missing"], told["at_found_cells"]


def _identified(run: Scores) -> Counts:
    told = run["census"]["identity"]
    return told["wrong"], sum(sum(row.values()) for row in told["matrix"].values())


def _linked(run: Scores) -> Counts:
    return run["links"]["right"], run["links"]["linked"]


def _linked_soon(run: Scores) -> Counts:
    return run["links"]["right_within_hour"], run["links"]["true_within_hour"]


def _forecast(run: Scores) -> Counts:
    told = run["calibration"]
    return told["brier"] * told["forecasts"], told["forecasts"]


def _explained(run: Scores) -> Counts:
    return run["explanations"]["right"], run["explanations"]["explained"]


_COUNTS: dict[str, Callable[[Scores], Counts]] = {
    "cells.levels.suspect.cell.recall": _found,
    "false_accusations.per_100000": _accused,
    "delay.late": _late,
    "grouping.b_cubed_f1": lambda run: (run["grouping"]["b_cubed_f1"], 1),
    "census.episodes.precision": _counted,
    "census.episodes.recall": _listed,
    "census.identity.wrong_share": _identified,
    "links.precision_within_hour": _linked,
    "links.recall_within_hour": _linked_soon,
    "place.median_m": lambda run: (run["place"]["median_m"], 1),
    "place.p95_m": lambda run: (run["place"]["p95_m"], 1),
    "calibration.brier": _forecast,
    "explanations.accuracy": _explained,
    "ablations.risers": lambda run: (len(run["ablations"]["risen"]), 1),
}
"""By the figure of the bar; what has no counts, such as a median, is the mean of its runs."""
