"""Run the five baselines and Cellwarden on every scenario, and write docs/reference/evaluation.md from what they scored.

Every score is kept under --keep as soon as it is there, so that a run that was stopped goes on where it was. `make evaluate` asks for all
systems, all scenarios, size s and seeds 1 to 3; a page from fewer says so itself.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.bars import BARS
from cellwarden.evaluate.baselines import BASELINES
from cellwarden.evaluate.cells import PER
from cellwarden.evaluate.pooled_bars import pooled_bars
from cellwarden.evaluate.pooling import markdown, pool
from cellwarden.evaluate.proportions import upper_bound
from cellwarden.evaluate.report import figure, to_json
from cellwarden.lake.store import Lake
from cellwarden.simulate.generator import simulate
from cellwarden.simulate.scenario import load_scenario, scenario_names
from cellwarden.workflows.ablation import SOURCES, without
from cellwarden.workflows.evaluate import baseline, evaluate
from cellwarden.workflows.investigate import Request, investigate, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HERE = Path(__file__).parent
PAGE = HERE / "reference" / "evaluation.md"
OURS = "cellwarden"
SYSTEMS = (*BASELINES, OURS)
ABLATED = ("S02", "S06", "S08", "S19")
"""Scenarios on which sources are left out in turn (simulation.md 8(b))."""
Scores = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """One city and the systems that have not been scored on it."""

    scenario: str
    seed: int
    size: str
    systems: tuple[str, ...]
    ablates: bool
    keep: Path
    state: str

    def path(self, system: str) -> Path:
        """Return where the scores of a system are kept."""
        return self.keep / self.size / f"seed-{self.seed}" / self.scenario / f"{system}.json"


def run(job: Job) -> str:
    """Make the city, let the systems investigate it, keep the scores, throw the city away."""
    folder = Path(tempfile.mkdtemp(prefix=f"evaluate-{job.scenario}-"))
    try:
        simulate(job.scenario, folder / "city", seed=job.seed, size=job.size, threads=1)
        records, truth, lake = folder / "city/records", folder / "city/truth", folder / "lake"
        for system in job.systems:
            result = folder / system
            if system == OURS:
                investigate(Request(records=records, out=result, lake=lake), clock=utc_now)
            else:
                baseline(system, records, result, lake=lake)
            reduced = list(_reduced(records, folder)) if job.ablates and system == OURS else []
            scores = evaluate(truth, result, key=Lake(lake).key_path, ablations=reduced)
            path = job.path(system)
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".draft")
            draft.write_text(to_json(scores | {"state": job.state}), encoding="utf-8")
            draft.replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return f"{job.scenario} seed {job.seed}: {', '.join(job.systems)}"


def _reduced(records: Path, folder: Path) -> Iterable[Path]:
    for source in SOURCES:
        less, result = folder / f"less-{source}", folder / f"without {source}"
        without(records, source, less)
        investigate(Request(records=less, out=result), clock=utc_now)
        shutil.rmtree(less)
        shutil.rmtree(Lake(result.with_name(f"{result.name}.lake")).folder, ignore_errors=True)
        yield result


def jobs(asked: argparse.Namespace, state: str) -> list[Job]:
    """Return what is still to be done, the first seed of every scenario first."""
    found = []
    for seed in _seeds(asked.seeds):
        for scenario in asked.scenarios:
            whole = Job(
                scenario,
                seed,
                asked.size,
                tuple(asked.systems),
                ablates=asked.ablations and scenario in ABLATED and seed == 1,
                keep=asked.keep,
                state=state,
            )
            open_systems = tuple(system for system in asked.systems if not _is_done(whole, system, afresh=asked.afresh))
            if open_systems:
                found.append(Job(scenario, seed, asked.size, open_systems, whole.ablates, asked.keep, state))
    return found


def _is_done(job: Job, system: str, *, afresh: str) -> bool:
    path = job.path(system)
    if not path.is_file():
        return False
    kept = json.loads(path.read_text(encoding="utf-8"))
    lacks = job.ablates and system == OURS and kept["ablations"] is None
    return not lacks and not (afresh in (system, "all") and kept["state"] != job.state)


def _seeds(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def read(keep: Path, size: str, seeds: list[int]) -> dict[tuple[str, str], list[Scores]]:
    """Return the kept scores by scenario and system, the seeds in order."""
    kept: dict[tuple[str, str], list[Scores]] = {}
    for scenario in scenario_names():
        for system in SYSTEMS:
            paths = [keep / size / f"seed-{seed}" / scenario / f"{system}.json" for seed in seeds]
            runs = [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()]
            if runs:
                kept[scenario, system] = runs
    return kept


def page(kept: dict[str, dict[tuple[str, str], list[Scores]]], quiet: Sequence[Scores] = ()) -> str:
    """Write the whole page from the kept scores of each size, and from what `bench.quiet_cities` kept."""
    parts = [
        "<!-- Made by `make evaluate`. Do not edit: run it again. -->",
        "# Evaluation",
        """Every system investigates the same made-up cities (`cellwarden simulate SCENARIO --seed N --size SIZE`) and is scored by `cellwarden evaluate`.
The truth of a city is read by the examiner alone. A cell counts as found where a line of grade `suspect` or more touches a time at which a rogue unit used its
id; a dash is what could not be measured. The bars are those of the design, which asks for ten seeds; how many there are stands below.""",
        "## The baselines",
        "Each looks at one thing, as a person with one table would. They show that the scenarios are neither trivial nor impossible.",
        _table(
            ("baseline", "looks for", "fails on"), [(each.name, each.looks_for, each.fails_on) for each in BASELINES.values()]
        ),
    ]
    for size, scores in kept.items():
        parts += _of_size(scores, size)
    if quiet:
        parts += _quiet(quiet)
    return "\n\n".join(parts) + "\n"


def _quiet(turns: Sequence[Scores]) -> list[str]:
    days, accused, review = (sum(told[name] for told in turns) for name in ("cell_days", "accused", "review"))
    bound = upper_bound(accused, days)
    states = Counter(told["state"] for told in turns)
    by_scenario = []
    for scenario in sorted({told["scenario"] for told in turns}):
        ours = [told for told in turns if told["scenario"] == scenario]
        by_scenario.append(
            (scenario, len(ours), *(f"{sum(told[name] for told in ours):,}" for name in ("cell_days", "accused", "review")))
        )
    return [
        "## Cities without a rogue, of operators unlike each other",
        """`python -m bench.quiet_cities` draws an operator for each city: 20 to 140 small cells a thousand lines, other timers, other shares of venues, of lines
of other providers, of rows without an order, of disputes, more or less of its signalling on record. A cell-day counts if it has twenty access rows or more.""",
        f"""**{accused} of {days:,} honest cell-days accused: at most {figure((bound or 0.0) * PER)} in 100,000 (95 %, Clopper and Pearson; 3 / N).**
Cell-days left to a person (`review`): {figure(review / days * PER)} in 100,000. State of the code: {", ".join(f"{state} ({count})" for state, count in states.items())}.""",
        _table(("scenario", "cities", "honest cell-days", "accused", "for review"), by_scenario),
    ]


def _of_size(kept: dict[tuple[str, str], list[Scores]], size: str) -> list[str]:
    systems = [system for system in SYSTEMS if any(name == system for _, name in kept)]
    scenarios = sorted({scenario for scenario, _ in kept})
    by_system = {system: [run for (_, name), runs in kept.items() if name == system for run in runs] for system in systems}
    parts = [
        f"## Size {size}",
        f"About {_ROWS[size]} access rows a city. {_whole(by_system)}",
        _table(
            ("system", "scenarios", "runs", "seeds", "state of the code (runs)"),
            [_provenance(system, by_system[system]) for system in systems],
        ),
        "### All scenarios together",
        _table(_HEADS, [(system, *_pooled(by_system[system])) for system in systems]),
        """*False* is honest cell-days accused in 100,000, *at most* its upper 95 % bound (Clopper and Pearson). *Undetected* counts rogue units that were never
named. *Hours* run from a unit's first activity to its first alert.""",
    ]
    if OURS in systems:
        parts += [
            "### Cellwarden against its bars",
            "Scenario by scenario, the seeds of each together: counts are added up before they are divided; a median is the mean of its runs.",
            _bars([_judged(kept, scenario) for scenario in scenarios], "scenarios"),
            "City by city: a figure of few cells, such as four explained ones, swings from one to the next.",
            _bars(
                [
                    (run["scenario"]["scenario"], run["bars"])
                    for (_, name), runs in kept.items()
                    if name == OURS
                    for run in runs
                ],
                "runs",
            ),
            "### Less data",
            *_ablations(kept),
        ]
    naive = [name for name in systems if name != OURS]
    failings = [(name, *_failings(by_system[name])) for name in systems]
    return [
        *parts,
        *(["### What each gets wrong"] if naive else []),
        _table(("system", "accused wrongly, cells by what they were", "ids found, by how they came about"), failings),
        "### Scenarios",
        "Recall of rogue cells / honest cell-days accused, all seeds together; a dash: there is no rogue cell.",
        _table(("scenario", "title", *systems), [_row(kept, scenario, systems) for scenario in scenarios]),
        "### Everything",
        markdown(
            [
                (scenario, system, pool(kept[scenario, system]))
                for scenario in scenarios
                for system in systems
                if (scenario, system) in kept
            ]
        ).strip(),
    ]


_ROWS = {"l": "1,000 million", "m": "80 million", "s": "6 million", "xs": "300 thousand"}
_HEADS = ("system", "recall", "precision", "false", "at most", "undetected", "hours, median", "B-cubed F1", "census recall", "link precision", "link recall", "Brier")  # fmt: skip
_POOLED = ("recall", "precision", "per_100000", "upper_95_per_100000", "undetected", "median_hours", "b_cubed_f1", "census_recall", "link_precision", "link_recall", "brier")  # fmt: skip


def _pooled(runs: list[Scores]) -> list[str]:
    told = pool(runs)
    return [figure(told[name]) for name in _POOLED]


def _whole(by_system: dict[str, list[Scores]]) -> str:
    """Say how much of a full run is there: every scenario with seeds 1 to 3."""
    wanted = 3 * len(scenario_names())
    there = ", ".join(f"{len(runs)} of {system}" for system, runs in by_system.items() if len(runs) < wanted)
    return (
        f"**Not all {wanted} runs a system are there: {there}.** `make evaluate` goes on from them."
        if there
        else "All runs are there."
    )


def _provenance(system: str, runs: list[Scores]) -> tuple[object, ...]:
    seeds = sorted({run["scenario"]["seed"] for run in runs})
    states = Counter(run["state"] for run in runs)
    scenarios = len({run["scenario"]["scenario"] for run in runs})
    return (
        system,
        scenarios,
        len(runs),
        ", ".join(map(str, seeds)),
        ", ".join(f"{state} ({count})" for state, count in states.items()),
    )


def _row(kept: dict[tuple[str, str], list[Scores]], scenario: str, systems: list[str]) -> list[str]:
    cells = [scenario, load_scenario(scenario, "xs").title]
    for system in systems:
        runs = kept.get((scenario, system))
        told = pool(runs) if runs else None
        cells.append("" if told is None else f"{_rounded(told['recall'])} / {told['cell_days_accused']}")
    return cells


def _rounded(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _judged(kept: dict[tuple[str, str], list[Scores]], scenario: str) -> tuple[str, list[dict[str, Any]]]:
    return scenario, pooled_bars(kept.get((scenario, OURS), []))


def _bars(judged: list[tuple[str, list[dict[str, Any]]]], of: str) -> str:
    """Tell of each bar how many of those judged reach it; `judged` is (scenario, its bars), of a run or of all its seeds."""
    rows = []
    for bar in BARS:
        told = [(scenario, one) for scenario, bars in judged for one in bars if one["name"] == bar.name]
        measured = [one["value"] for _, one in told if one["value"] is not None]
        missed = Counter(scenario for scenario, one in told if one["is_met"] is False)
        worst = (max if bar.at_most else min)(measured, default=None)
        limit = f"{'at most' if bar.at_most else 'at least'} {figure(bar.limit)}"
        short = ", ".join(f"{scenario} ({count})" if of == "runs" else scenario for scenario, count in sorted(missed.items()))
        rows.append((bar.name, limit, f"{len(measured) - missed.total()} of {len(measured)}", figure(worst), short))
    return _table(("bar", "limit", f"{of} that reach it", "worst", f"{of} that do not"), rows)


def _ablations(kept: dict[tuple[str, str], list[Scores]]) -> list[str]:
    rows, risen = [], []
    for scenario in ABLATED:
        for run in kept.get((scenario, OURS), []):
            if run["ablations"] is None:
                continue
            seed = run["scenario"]["seed"]
            rows += [
                (
                    scenario,
                    seed,
                    "everything" if not turn else row["name"],
                    figure(row["recall"]),
                    row["accused"],
                    row["honest_accused"],
                )
                for turn, row in enumerate(run["ablations"]["results"])
            ]
            risen += [f"{scenario} {name}" for name in run["ablations"]["risen"]]
    if not rows:
        return ["Not run: `make evaluate` leaves out the sources in turn on " + ", ".join(ABLATED) + "."]
    verdict = (
        "No result with less data accuses more cells."
        if not risen
        else f"More cells are accused with less data in: {', '.join(risen)}."
    )
    return [_table(("scenario", "seed", "with", "recall", "cells accused", "of them honest"), rows), verdict]


def _failings(runs: list[Scores]) -> tuple[str, str]:
    wrong: Counter[str] = Counter()
    found: Counter[str] = Counter()
    cells: Counter[str] = Counter()
    for run in runs:
        names = {(row["cell_type"], row["cell"]): row["reason"] for row in run["false_accusations"]["cells"]}
        wrong.update(f"{kind} cell, ordinary" if reason == "ordinary" else reason for (kind, _), reason in names.items())
        for reason, row in run["cells"]["by_reason"].items():
            found[reason] += row["found"]
            cells[reason] += row["cells"]
    return (
        "; ".join(f"{reason} {count:,}" for reason, count in wrong.most_common(6)) or "none",
        "; ".join(f"{reason} {found[reason]} of {count}" for reason, count in sorted(cells.items())),
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(head)]
    lines += [["---"] * len(lines[0]), *[[" ".join(str(value).split()) for value in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def state_of_code() -> str:
    """Return the commit of this checkout; `+` where it was changed since."""
    return _git("rev-parse", "--short=10", "HEAD") + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*words: str) -> str:
    program = shutil.which("git") or "git"
    done = subprocess.run([program, "-C", str(HERE), *words], capture_output=True, text=True, check=True)  # noqa: S603  # words of our own
    return done.stdout.strip()


def main() -> int:
    """Run what is asked and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-3", help="one seed, or a range such as 1-3")
    parser.add_argument("--size", default="s")
    parser.add_argument("--scenarios", nargs="+", default=scenario_names())
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--ablations", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--keep", type=Path, default=HERE.parent / "build/evaluation", help="where scores are kept")
    parser.add_argument(
        "--afresh",
        default="",
        metavar="SYSTEM",
        help="score again what another state of the code scored; `all` for every system",
    )
    parser.add_argument("--page", type=Path, default=PAGE)
    asked = parser.parse_args()
    todo = jobs(asked, state_of_code())
    with get_context("spawn").Pool(asked.jobs, maxtasksperchild=4) as processes:
        for number, done in enumerate(processes.imap_unordered(run, todo), start=1):
            print(f"{number} of {len(todo)}: {done}", flush=True)
    kept = {size: read(asked.keep, size, _seeds(asked.seeds)) for size in _ROWS}
    quiet = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((asked.keep / "quiet").glob("turn-*.json"))]
    asked.page.write_text(page({size: scores for size, scores in kept.items() if scores}, quiet), encoding="utf-8")
    print(f"wrote {asked.page.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
