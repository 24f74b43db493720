"""Would weights fitted to made-up cities beat the stated ones on a scenario that they were not fitted to?

    python -m bench.fusion_fit gather FOLDER SCENARIO SEED [WITHOUT]    makes a city, investigates it, keeps its examples
    python -m bench.fusion_fit fit FOLDER                               leaves one scenario out in turn; prints a Markdown table

An example is a listed episode: what each family of detectors says of it after explanations, whether its hardware was rogue on other
evidence, and whether it was a rogue. Fitted is a logistic regression that may only stretch what each family says (0 to 3 times) and move the
prior: it stays monotone, and what outsiders or a slip do stays bounded as in `detect/families.py`. A penalty draws it towards the stated
weights; the weaker, the freer the fit. Scenarios count alike. What beats is told by resampling scenarios.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from scipy.optimize import minimize

from cellwarden.detect import examination
from cellwarden.detect.families import FAMILIES, OUTSIDERS, SECOND, SLIP, SLIPS, SUPPORT, family_of
from cellwarden.detect.fusion import PRIOR, days, fused, strongest, total
from cellwarden.detect.unit_membership import LIFT
from cellwarden.evaluate.judging import Air
from cellwarden.evaluate.truth import read_truth
from cellwarden.simulate.generator import simulate
from cellwarden.workflows.ablation import without
from cellwarden.workflows.investigate import Request, investigate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cellwarden.detect.fusion import Suspect

BY_A_SLIP = ", by a slip"
NAMES = [*(family.name for family in FAMILIES), *(family.name + BY_A_SLIP for family in FAMILIES if family.members & SLIP)]
"""A family of which nothing speaks but slips is weighed apart: they are bounded."""
BY_OUTSIDERS = np.array([family.by_outsiders for family in FAMILIES] + [False] * (len(NAMES) - len(FAMILIES)))
SLIPPED = np.array([name.endswith(BY_A_SLIP) for name in NAMES])
PENALTIES = (100.0, 30.0, 10.0, 3.0, 1.0)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def gather(folder: Path, scenario: str, seed: int, source: str = "") -> None:
    """Keep the examples of one city, whole or less one source."""
    name = f"{scenario}-{seed}" + (f"-{source}" if source else "")
    city = folder / "cities" / f"{scenario}-{seed}"
    if not city.exists():
        simulate(scenario, city, size="xs", seed=seed)
    records = city / "records"
    if source:
        records = folder / "cities" / name
        without(city / "records", source, records)
    kept: list[Suspect] = []

    def keep(*given: Any, **more: Any) -> list[Suspect]:
        found = fused(*given, **more)
        if not kept:  # the second call is the search without victims
            kept.extend(found)
        return found

    with patch.object(examination, "fused", side_effect=keep):
        investigate(Request(records=records, out=folder / "results" / name), clock=lambda: NOW)
    air = Air(read_truth(city / "truth").rogue)
    rows = [{"scenario": scenario, "says": _says(each), "is_rogue": _unit(air, each) is not None} for each in kept]
    (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")


def _says(suspect: Suspect) -> list[float]:
    """Return the weight of each family on the day that weighs most, and of the company of a rogue."""
    best = max(
        days(suspect.heard, suspect.spell),
        key=lambda day: (total(day, explained=True), total(day, explained=False)),
        default=[],
    )
    heard = strongest(best, explained=True)
    more_than_slips = {family_of(detector) for detector in heard if detector not in SLIP}
    by_family: dict[str, list[float]] = {name: [0.0] for name in NAMES}
    for detector, each in heard.items():
        family = family_of(detector)
        by_family[family if family in more_than_slips else family + BY_A_SLIP].append(each.left)
    said = [max(each) + SECOND.value * (sum(each) - max(each)) for each in by_family.values()]
    return [*said, LIFT.value if suspect.lifted_by else 0.0]


def _unit(air: Air, suspect: Suspect) -> str | None:
    spell = suspect.spell
    span = {"from_at": spell.from_at.replace(tzinfo=UTC), "to_at": spell.to_at.replace(tzinfo=UTC)}
    return air.unit((spell.key.plmn, spell.key.rat, spell.key.cell_type, spell.key.cell), span)


def log_odds(stretch: np.ndarray[Any, Any], said: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Fuse as `families.together` does; `stretch` is the prior, then a factor a family and one for the company of a rogue."""
    weighed = said * stretch[1:]
    outsiders = weighed[:, :-1][:, BY_OUTSIDERS].sum(1)
    others = weighed[:, :-1][:, ~BY_OUTSIDERS & ~SLIPPED].sum(1)
    others += np.minimum(weighed[:, :-1][:, SLIPPED].sum(1), SLIPS.value)
    bounded = np.maximum(
        others + np.minimum(outsiders, SUPPORT.value * others), np.minimum(OUTSIDERS.value, others + outsiders)
    )
    return np.asarray(stretch[0] + bounded + weighed[:, -1])


def fit(folder: Path) -> None:
    """Print held-out Brier scores of stated and fitted weights."""
    files = sorted(folder.glob("*.json"))
    rows = [row for path in files for row in json.loads(path.read_text(encoding="utf-8"))]
    said, truth = np.array([row["says"] for row in rows]), np.array([float(row["is_rogue"]) for row in rows])
    scenario = np.array([row["scenario"] for row in rows])
    names = sorted(set(scenario))
    share = np.array([1 / np.sum(scenario == each) for each in scenario])
    stated = np.array([PRIOR.value, *np.ones(len(NAMES) + 1)])
    before = _held_out(names, scenario, _probability(stated, said), truth)
    print(f"{len(files)} investigations, {len(rows)} episodes, {int(truth.sum())} of them rogue, {len(names)} scenarios\n")
    print(
        "| weights | Brier, mean of held-out scenarios | difference from stated, 95 % of resampled scenarios | worst scenario |\n| --- | --- | --- | --- |"
    )
    print(f"| stated | {np.mean(before):.4f} | | {names[int(np.argmax(before))]} |")
    for penalty in PENALTIES:
        guessed = np.empty(len(truth))
        for each in names:
            rest = scenario != each
            guessed[~rest] = _probability(_fitted(said[rest], truth[rest], share[rest], stated, penalty), said[~rest])
        after = _held_out(names, scenario, guessed, truth)
        low, high = _resampled(np.array(after) - np.array(before))
        worst = int(np.argmax(np.array(after) - np.array(before)))
        print(
            f"| fitted, penalty {penalty:g} | {np.mean(after):.4f} | {low:+.4f} to {high:+.4f} "
            f"| {names[worst]} ({after[worst] - before[worst]:+.3f}) |"
        )


def _fitted(said: Any, truth: Any, share: Any, stated: Any, penalty: float) -> np.ndarray[Any, Any]:
    weight = share * len(truth) / share.sum()

    def loss(stretch: np.ndarray[Any, Any]) -> float:
        odds = log_odds(stretch, said)
        away = (stretch - stated) ** 2
        return float(np.sum(weight * (np.logaddexp(0, odds) - truth * odds)) + penalty * (away[1:].sum() + 0.1 * away[0]))

    bounds = [(-12.0, -3.0), *[(0.0, 3.0)] * (said.shape[1])]
    return np.asarray(minimize(loss, stated, method="L-BFGS-B", bounds=bounds).x)


def _probability(stretch: Any, said: Any) -> np.ndarray[Any, Any]:
    return np.asarray(1 / (1 + np.exp(-log_odds(stretch, said))))


def _held_out(names: Sequence[str], scenario: Any, guessed: Any, truth: Any) -> list[float]:
    return [float(np.mean((guessed[scenario == each] - truth[scenario == each]) ** 2)) for each in names]


def _resampled(differences: np.ndarray[Any, Any]) -> tuple[float, float]:
    random = np.random.default_rng(1)
    means = [np.mean(random.choice(differences, len(differences))) for _ in range(2000)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    task, where, *more = sys.argv[1:]
    if task == "gather":
        gather(Path(where), more[0], int(more[1]), *more[2:])
    else:
        fit(Path(where))
