"""The history of the 2025 case in small: the same city, investigated from the victims' side first, and then with every source."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from cellwarden.simulate.generator import simulate
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.restate import restate

STOPPED = datetime(2026, 1, 1, tzinfo=UTC)
STAGES = {"victims": ("access", "usage", "payments", "complaints", "subscribers")}
"""Tables of each earlier stage; the last one has everything."""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages")
    simulate("S02", folder / "city", seed=2, size="xs")
    records = folder / "city/records"
    found = {}
    key = None
    for stage in ("all", *STAGES):
        kept = records
        if stage != "all":
            kept = folder / f"records-{stage}"
            kept.mkdir()
            for path in records.iterdir():
                if path.name.partition(".")[0] in (*STAGES[stage], "operator"):
                    (shutil.copytree if path.is_dir() else shutil.copyfile)(path, kept / path.name)
        out = folder / stage
        found[stage] = out, investigate(Request(records=kept, out=out, key=key), clock=lambda: STOPPED)
        key = key or out.with_name(f"{stage}.lake.key")
    return found


def ids(out):
    rows = pq.read_table(out / "suspects.parquet").to_pylist()
    return {row["cell"] for row in rows if row["grade"] in ("rogue", "suspect")}


def test_what_was_looked_at_then_finds_a_few_of_the_twenty_ids(results):
    """In the public case two ids, then four, then twenty: links and registry hold what access rows and victims do not show."""
    then, now = ids(results["victims"][0]), ids(results["all"][0])
    assert then < now
    assert len(now) == 20
    assert len(then) <= 4


def test_the_restatement_names_the_sources_that_were_not_searched_then(results):
    told = restate(results["victims"][0], results["all"][0])
    assert told["reconciles"] is True
    people = {stage: results[stage][1]["people_signal_exposed"]["total"] for stage in ("victims", "all")}
    assert told["changed"]["added"] - told["changed"]["removed"] == people["all"] - people["victims"] > 0
    new = [row for row in told["cells"] if row["change"] == "new_id"]
    assert {row["cell"] for row in new} == ids(results["all"][0]) - ids(results["victims"][0])
    for row in new:
        assert "new_source" in row["causes"]
        assert any(name.partition(".")[0] in ("equipment", "links") for name in row["because"])


def test_both_directions_are_shown_and_the_cells_find_what_no_victim_leads_to(results):
    told = results["all"][1]["directions"]
    assert told["victims_searched"] is True
    accused = ids(results["all"][0])
    assert {row["cell"] for row in told["rows"] if row["found_by"] in ("both", "cells")} <= accused
    assert told["both"]["ids"] + told["cells"]["ids"] > told["both"]["ids"] > 0
    assert told["cells"]["people_added"] > 0
