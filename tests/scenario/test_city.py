"""The city with a rogue van, investigated as an operator would: everything the van did is found, and nobody else is accused."""

from __future__ import annotations

import math
import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from cellwarden.simulate.city import build_city
from cellwarden.workflows.investigate import Request, investigate

if TYPE_CHECKING:
    from pathlib import Path

ACCUSING = ("rogue", "suspect")
LINKED = 0.5
STOPPED = datetime(2026, 1, 1, tzinfo=UTC)
NEAR_M = 500
"""Median error of a track that is told (detection.md asks for 150 m where ten visitors have placed neighbours)."""
Row = dict[str, Any]


def asked_seeds() -> list[int]:
    """Read `CELLWARDEN_CITY_SEEDS`: `1`, `1,4` or `1-10`; the first seed alone if it is not set."""
    seeds: list[int] = []
    for part in os.environ.get("CELLWARDEN_CITY_SEEDS", "1").split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


@dataclass(frozen=True)
class Played:
    """One city: what happened and what was found."""

    truth: dict[str, list[Row]]
    found: dict[str, list[Row]]

    def accused(self) -> list[Row]:
        return [row for row in self.found["suspects"] if row["grade"] in ACCUSING]

    def sessions(self) -> list[Row]:
        return [row for row in self.truth["cells"] if row["kind"] == "rogue"]

    def true_unit(self, suspect: Row) -> str | None:
        """Name the unit that was on air under this key during the suspect's span; None: nobody but honest people."""
        units = {row["unit"] for row in self.sessions() if key_of(row) == key_of(suspect) and overlap(row, suspect)}
        assert len(units) < 2
        return next(iter(units), None)


def key_of(row: Row) -> tuple[Any, ...]:
    return row["plmn"], row["rat"], row["cell_type"], row["cell"]


def overlap(one: Row, other: Row) -> bool:
    return one["from_at"] <= other["to_at"] and other["from_at"] <= one["to_at"]


def metres(one: Row, other: Row) -> float:
    north = (one["lat"] - other["lat"]) * 111_320
    return math.hypot(north, (one["lon"] - other["lon"]) * 111_320 * math.cos(math.radians(one["lat"])))


def tables(folder: Path) -> dict[str, list[Row]]:
    return {path.stem: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")}


def play(seed: int, folder: Path) -> Played:
    """Build the city of a seed in a folder and investigate it."""
    build_city(folder, seed=seed)
    asked = Request(records=folder / "records", out=folder / "result", reveal="measuring against the truth")
    investigate(asked, clock=lambda: STOPPED)
    return Played(tables(folder / "truth"), tables(folder / "result"))


def track_errors_m(city: Played) -> list[float]:
    """Return how far each told position lies from the nearest place at which the unit was in its ten minutes."""
    units = {row["unit"]: city.true_unit(row) for row in city.accused()}
    was = defaultdict(list)
    for row in city.truth["tracks"]:
        was[row["unit"]].append(row)
    errors = []
    for row in city.found["tracks"]:
        near = [one for one in was[units[row["unit"]]] if 0 <= (one["at"] - row["at"]).total_seconds() <= 600]
        errors += [min(metres(row, one) for one in near)] if near else []
    return errors


def figures(city: Played) -> dict[str, Any]:
    """Say in numbers how well a city was understood, for reports and for reading a failure."""

    def census(rows: list[Row]) -> Counter[tuple[Any, ...]]:
        return Counter(
            (row["imsi"], *key_of(row), row["from_at"], row["to_at"], row["events"], row["identity"]) for row in rows
        )

    rogue = {key_of(row) for row in city.sessions()}
    named = {key_of(row) for row in city.accused()}
    must, found = census(city.truth["exposures"]), census(city.found["exposures"])
    thefts = {(row["payment_id"], row["imsi"]) for row in city.truth["fraud_payments"]}
    linked = {(row["payment_id"], row["imsi"]) for row in city.found["payment_links"] if row["probability"] >= LINKED}
    pairs = {(city.true_unit(row), row["unit"]) for row in city.accused()}
    errors = track_errors_m(city)
    return {
        "rogue_cells": len(rogue),
        "cells_missed": sorted(rogue - named),
        "honest_spells_accused": [
            (row["cell"], row["grade"], row["detectors"]) for row in city.accused() if not city.true_unit(row)
        ],
        "exposures": must.total(),
        "exposures_missing": (must - found).total(),
        "exposures_extra": (found - must).total(),
        "thefts": len(thefts),
        "thefts_missed": sorted(thefts - linked),
        "links_extra": sorted(linked - thefts),
        "units_true": len({true for true, _ in pairs if true}),
        "units_found": len({label for true, label in pairs if true}),
        "unit_pairs": sorted(pairs, key=str),
        "track_positions": len(errors),
        "track_median_m": round(median(errors)) if errors else None,
    }


@pytest.fixture(
    scope="module",
    params=[pytest.param(seed, marks=[] if seed == 1 else pytest.mark.slow, id=f"seed-{seed}") for seed in asked_seeds()],
)
def city(request, tmp_path_factory):
    return play(request.param, tmp_path_factory.mktemp("city"))


@pytest.fixture
def told(city):
    return figures(city)


def test_every_rogue_cell_is_accused(told):
    assert told["rogue_cells"] > 0
    assert told["cells_missed"] == []


def test_no_honest_cell_is_accused(told):
    assert told["honest_spells_accused"] == []


def test_the_census_is_exact(told):
    assert told["exposures"] > 0
    assert (told["exposures_missing"], told["exposures_extra"]) == (0, 0)


def test_exactly_the_thefts_are_linked(told):
    assert told["thefts"] > 0
    assert (told["thefts_missed"], told["links_extra"]) == ([], [])


def test_one_unit_has_one_label_and_two_units_never_share_it(told):
    assert told["units_true"] == told["units_found"] == len(told["unit_pairs"])


def test_a_track_that_is_told_lies_where_the_van_was(told):
    assert told["track_positions"] > 0
    assert told["track_median_m"] <= NEAR_M


def test_every_rogue_is_alerted_on_within_its_first_active_night(city):
    first = {}
    for row in sorted(city.accused(), key=lambda row: row["from_at"]):
        first.setdefault(row["unit"], row)
    assert first
    assert all(row["from_at"] <= row["alert_at"] <= row["to_at"] for row in first.values())
