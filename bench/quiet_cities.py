"""How many honest cell-days does it take until somebody is accused? Cities without a rogue, of operators unlike each other.

    python -m bench.quiet_cities [--days 3000000] [--jobs 2] [--keep FOLDER]

Each turn draws an operator: how many small cells it has, which timers, how careful its clerks and customers are, how much of its signalling
it records. Then a city of one of the scenarios without a rogue is made and investigated. What a turn found is kept under --keep, so that a
run that was stopped goes on if --state names the code; `make evaluate` puts it on its page. Exit code 1 where an honest cell was accused.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, replace
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.evaluate.cells import PER
from cellwarden.evaluate.proportions import upper_bound
from cellwarden.lake.store import Lake
from cellwarden.simulate.generator import simulate_scenario
from cellwarden.simulate.scenario import Scenario, load_scenario, scenario_names
from cellwarden.workflows.evaluate import evaluate
from cellwarden.workflows.investigate import Request, investigate, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

ENOUGH = 300_000
"""Honest cell-days that the bar asks for at least; `make test-all` asks for ten times as many, without which 1 in a million cannot be told from 0."""
NETWORKS: dict[str, tuple[float, ...]] = {
    "small_cells": (20.0, 60.0, 100.0, 140.0),
    "t3412_min": (20.0, 54.0, 120.0, 186.0),
    "imsi_share": (0.005, 0.016, 0.05),
    "power_cycles": (0.03, 0.12, 0.3),
    "venues": (0.02, 0.06, 0.2),
    "disputes": (5e-5, 1e-4, 5e-4),
    "contacts": (1e-4, 4e-4, 2e-3),
    "other_lines": (0.0, 0.05, 0.15),
    "holes": (0.0, 0.03, 0.1),
}
"""What operators differ in (`scenario.Network`): the middle is the generator's, the ends are a few times less and more."""
SIZES: dict[str, tuple[float, ...]] = {
    "subscribers": (5_000, 8_000),
    "days": (10, 14, 21),
    "density": (0.1, 0.155, 0.3),
    "ways": (0.2, 0.32, 0.6),
}
"""And in how much they record (`scenario.Size`)."""

AT_A_TIME = 16
"""Turns handed out before it is asked whether there are enough."""


def operator(turn: int) -> Scenario:
    """Return the city of a turn: a scenario without a rogue, at an operator drawn for it."""
    rng = np.random.default_rng([2025, turn])
    quiet = [found for name in scenario_names() if not (found := load_scenario(name, "s")).attacks]
    wanted = quiet[turn % len(quiet)]
    network = replace(wanted.network, **_drawn(rng, NETWORKS))
    size = replace(wanted.size, **{name: type(getattr(wanted.size, name))(value) for name, value in _drawn(rng, SIZES).items()})
    return replace(wanted, network=network, size=size)


def _drawn(rng: Generator, choices: dict[str, tuple[float, ...]]) -> dict[str, Any]:
    return {name: float(rng.choice(values)) for name, values in choices.items()}


def judge(turn: int, keep: Path, state: str) -> dict[str, Any]:
    """Make the city of a turn and investigate it, unless this state of the code has; return which honest cells were accused."""
    path = keep / f"turn-{turn:04d}.json"
    if state and path.is_file() and (kept := json.loads(path.read_text(encoding="utf-8")))["state"] == state:
        return dict(kept)
    wanted = operator(turn)
    with tempfile.TemporaryDirectory(prefix="quiet-") as made:
        folder = Path(made)
        simulate_scenario(wanted, folder / "city", seed=turn, size="s", threads=1)
        investigate(Request(records=folder / "city/records", out=folder / "result", lake=folder / "lake"), clock=utc_now)
        scores = evaluate(folder / "city/truth", folder / "result", key=Lake(folder / "lake").key_path)
    told = {
        "turn": turn,
        "state": state,
        "scenario": wanted.name,
        "network": asdict(wanted.network),
        "size": asdict(wanted.size),
        "cell_days": scores["false_accusations"]["honest_cell_days"],
        "accused": scores["false_accusations"]["cell_days_accused"],
        "cells": [
            {name: cell[name] for name in ("cell_type", "reason", "grade", "detectors")}
            for cell in scores["false_accusations"]["cells"]
        ],
        "review": scores["cells"]["levels"]["review"]["cell_day"]["wrong"],
    }
    keep.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    return told


def judged(days: int, keep: Path, state: str, jobs: int) -> Iterator[dict[str, Any]]:
    """Yield turn after turn until so many cell-days were judged, in order and whatever the number of processes."""
    reached = 0
    with get_context("spawn").Pool(jobs, maxtasksperchild=8) as processes:
        for first in count(step=AT_A_TIME):
            for told in processes.imap(partial(judge, keep=keep, state=state), range(first, first + AT_A_TIME)):
                reached += told["cell_days"]
                yield told
                if reached >= days:
                    return


def main() -> int:
    """Judge as many honest cell-days as asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=ENOUGH, help="honest cell-days of twenty rows or more")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--keep", type=Path, default=Path("build/evaluation/quiet"), help="where what was found is kept")
    parser.add_argument("--state", default="", help="of the code: what it has found already is not asked again")
    asked = parser.parse_args()
    days = accused = 0
    for told in judged(asked.days, asked.keep, asked.state, asked.jobs):
        days, accused = days + told["cell_days"], accused + told["accused"]
        named = "".join(f"; {cell['reason']} {'+'.join(cell['detectors'])}" for cell in told["cells"][:3])
        print(f"{told['turn']} {told['scenario']}: {days:,} cell-days, {accused} accused{named}", flush=True)
    bound = upper_bound(accused, days)
    print(f"{accused} of {days:,} honest cell-days accused; at most {(bound or 0) * PER:.3f} in {PER:,} (95 %)")
    return 1 if accused else 0


if __name__ == "__main__":
    sys.exit(main())
