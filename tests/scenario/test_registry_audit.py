"""The registry of each made-up city, audited: the insider's row is named, and nobody in a fleet without an insider is.

Only the registry is made, which takes half a second; signalling is left out, so that nothing vouches for a backdated row either.
"""

from __future__ import annotations

import shutil

import pytest

from cellwarden.lake.store import Lake
from cellwarden.simulate import generator
from cellwarden.simulate.scenario import scenario_names
from cellwarden.workflows.audit_registry import audit_registry
from cellwarden.workflows.bootstrap import opened_engine
from cellwarden.workflows.load import load

SEEDS = (1, 2, 3)
INSIDER = "S19"


class EnoughError(Exception):
    """Raised once the tables are written: what would come after is the truth of rows that were not made."""


@pytest.fixture
def audited(monkeypatch, tmp_path):
    """Give a function that makes the registry of a scenario and returns its audit with the cells that an insider inserted."""
    inserted = []
    write_tables = generator.write_tables

    def write(made, folder, breakage):
        folder.mkdir(parents=True)
        write_tables(made, folder, breakage)
        inserted.extend(row["cell"] for row in made.attacks.inserted)
        raise EnoughError

    monkeypatch.setattr(generator.DayStream, "write", lambda *_: None)
    monkeypatch.setattr(generator, "write_tables", write)

    def audit(name, seed):
        place = tmp_path / f"{name}-{seed}"
        inserted.clear()
        with pytest.raises(EnoughError):
            generator.simulate(name, place / "city", seed=seed)
        (place / "records").mkdir()
        shutil.copy(place / "city/records/equipment.csv", place / "records")
        lake = Lake(place / "lake")
        with lake.locked(), opened_engine("duckdb", lake.scratch) as engine:
            load(place / "records", lake, engine)
        return audit_registry(lake, zone="Asia/Seoul"), list(inserted)

    return audit


@pytest.mark.parametrize("seed", SEEDS)
def test_the_insiders_row_is_named_with_who_wrote_it(audited, seed):
    told, inserted = audited(INSIDER, seed)
    assert [row["cell"] for row in told["rows_named"]] == inserted
    assert {row["recorded_by"] for row in told["rows_named"]} == {"provisioning"}
    assert all({"no_order", "backdated"} <= set(row["marks"]) for row in told["rows_named"])
    assert all(row["expected"] < 0.01 for row in told["rows_named"])


@pytest.mark.parametrize("name", [name for name in scenario_names() if not name.startswith(INSIDER)])
def test_nobody_in_a_fleet_without_an_insider_is_named(audited, name):
    for seed in SEEDS:
        told, inserted = audited(name, seed)
        assert inserted == []
        assert told["rows_named"] == []
        assert [rate for hand in told["hands"] for rate in hand["rates"] if rate["differs"]] == []
