"""The five naive rules on whole cities: each succeeds and fails where it must, so that the scenarios are neither trivial nor impossible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from cellwarden.lake.store import Lake
from cellwarden.simulate.generator import simulate
from cellwarden.workflows.evaluate import baseline, evaluate

if TYPE_CHECKING:
    from pathlib import Path

VENUES = {"public_venue", "always_open_venue", "phone_shop", "on_board_cell"}


@dataclass
class City:
    """One city and what each rule scored on it; all share a lake."""

    folder: Path
    scored: dict[str, dict[str, Any]]

    def scores(self, name: str) -> dict[str, Any]:
        if name not in self.scored:
            result, lake = self.folder / name, self.folder / "lake"
            baseline(name, self.folder / "records", result, lake=lake)
            self.scored[name] = evaluate(self.folder / "truth", result, key=Lake(lake).key_path)
        return self.scored[name]

    def accused_honest(self, name: str) -> dict[str, int]:
        return self.scores(name)["false_accusations"]["by_reason"]

    def found(self, name: str) -> dict[str, tuple[int, int]]:
        """Ids found and ids there are, by how they came about."""
        rows = self.scores(name)["cells"]["by_reason"]
        return {reason: (row["found"], row["cells"]) for reason, row in rows.items()}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    made = {}

    def of(scenario):
        if scenario not in made:
            folder = tmp_path_factory.mktemp(scenario)
            simulate(scenario, folder, seed=2, size="xs")
            made[scenario] = City(folder, {})
        return made[scenario]

    return of


def test_not_in_registry_accuses_lagging_installs_and_misses_live_clones_and_insider_rows(city):
    told = city("S19")
    assert told.accused_honest("not_in_registry").get("inventory_lag", 0) > 0
    assert told.found("not_in_registry") == {"cloned_id": (0, 1), "inserted_id": (0, 1)}


def test_not_in_registry_finds_deleted_ids(city):
    found, there = city("S07").found("not_in_registry")["deleted_id"]
    assert found == there == 1


def test_new_visitor_share_accuses_venues(city):
    accused = city("S19").accused_honest("new_visitor_share")
    assert sum(count for reason, count in accused.items() if reason in VENUES) > 0.6 * sum(accused.values())
    assert accused["public_venue"] > 0


def test_common_cell_of_victims_misses_units_without_fraud(city):
    scores = city("S07").scores("common_cell_of_victims")
    assert scores["delay"]["undetected"] == len(scores["delay"]["units"]) == 1
    assert scores["cells"]["levels"]["suspect"]["cell"]["right"] == 0


def test_common_cell_of_victims_names_neighbours(city):
    wrong = city("S08").scores("common_cell_of_victims")["false_accusations"]
    assert wrong["by_cell_type"].get("macro", 0) > 0


def test_the_share_of_permanent_identities_misses_a_unit_that_hides(city):
    assert city("S07").scores("imsi_share_z_score")["cells"]["levels"]["suspect"]["cell"]["right"] == 0


def test_complaints_alone_find_no_unit_that_robs_nobody(city):
    assert city("S07").scores("complaint_clustering")["cells"]["levels"]["suspect"]["cell"]["right"] == 0
