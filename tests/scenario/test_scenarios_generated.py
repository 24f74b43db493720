"""Every scenario at the smallest size on offer: it obeys the contract, and its truth agrees with its records."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from cellwarden.ingest.check import check
from cellwarden.simulate.generator import simulate
from cellwarden.simulate.scenario import load_scenario, scenario_names

QUICK = ("S06", "S16")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in scenario_names()]
)
def test_a_scenario_is_whole(name, tmp_path):
    report, wanted = simulate(name, tmp_path, seed=11, size="xs"), load_scenario(name, "xs")
    assert 240_000 < report.rows["access"] < 360_000
    assert (report.exposed > 0) == bool(wanted.attacks)
    assert (report.thefts > 0) == any(attack.fraud_nights for attack in wanted.attacks)
    assert all(file.rejected == 0 for file in check(tmp_path / "records"))
    access = pq.read_table(tmp_path / "records" / "access", partitioning=None)
    slipped = wanted.fault("F4") or wanted.fault("F5")
    seen = 0
    for cell in pq.read_table(tmp_path / "truth" / "cells.parquet").filter(pc.field("kind") == "rogue").to_pylist():
        mine = access.filter((pc.field("cell") == cell["cell"]) & pc.is_in(pc.field("source"), pa.array(cell["source"])))
        seen += mine.num_rows
        if mine.num_rows and not slipped:
            assert cell["from_at"] <= pc.min(mine.column("at")).as_py()
            assert pc.max(mine.column("at")).as_py() <= cell["to_at"]
    assert (seen > 0) == bool(wanted.attacks)
