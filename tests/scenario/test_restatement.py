"""The history of the 2025 case in small: the same city, investigated from the victims' side first, and then with every source."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import duckdb
import pyarrow.parquet as pq
import pytest

from cellwarden.simulate.generator import simulate
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.restate import restate

STOPPED = datetime(2026, 1, 1, tzinfo=UTC)
STAGES = {"victims": ("access", "usage", "payments", "complaints", "subscribers")}
"""Tables of each earlier stage; the last one has everything."""


CALLS = "SELECT u.* FROM usage u WHERE u.peer = 'ars:payment'"
"""Calls that verify a payment."""
DISPUTED = f"""{CALLS} AND EXISTS (SELECT 1 FROM payments p WHERE p.imsi = u.imsi AND p.disputed_at IS NOT NULL
    AND u.at BETWEEN p.at - INTERVAL 10 MINUTE AND p.at + INTERVAL 10 MINUTE)"""
"""Those of people who had complained of the payment."""


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages")
    simulate("S02", folder / "city", seed=2, size="xs")
    return folder / "city/records"


@pytest.fixture(scope="module")
def results(records):
    folder = records.parents[1]
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


def looked_at(records, folder, calls, devices_of=()):
    """Copy what was looked at in one stage: these calls, what the callers' phones did within a quarter of an hour, registry and links.

    Of the devices behind the ids found so far the link log names the other ids, and their access rows are looked at too.
    """
    folder.mkdir()
    for path in records.iterdir():
        if path.stem in ("payments", "complaints", "subscribers", "equipment", "links", "operator"):
            shutil.copyfile(path, folder / path.name)
    with duckdb.connect() as connection:
        for table in ("usage", "payments", "links"):
            connection.register(table, pq.read_table(records / f"{table}.parquet"))
        access = pq.read_table(records / "access", partitioning=None)
        connection.register("access", access)
        found = ", ".join(str(cell) for cell in sorted(devices_of)) or "NULL"
        connection.sql(f"CREATE TABLE calls AS {calls}")
        connection.sql(f"""CREATE TABLE ids AS SELECT DISTINCT cell FROM links WHERE serial IN
            (SELECT l.serial FROM links l WHERE l.cell IN ({found}) AND l.event = 's1_setup' AND l.serial IS NOT NULL)""")
        kept = connection.sql("""SELECT a.* FROM access a WHERE a.cell IN (SELECT cell FROM ids WHERE cell IS NOT NULL) OR EXISTS
            (SELECT 1 FROM calls c WHERE c.imsi = a.imsi AND a.at BETWEEN c.at - INTERVAL 15 MINUTE AND c.at + INTERVAL 15 MINUTE)
            ORDER BY a.at, a.imsi""").to_arrow_table()
        pq.write_table(kept.cast(access.schema), folder / "access.parquet")
        spoken = connection.sql("SELECT c.* FROM calls c ORDER BY c.at, c.imsi").to_arrow_table()
        pq.write_table(spoken.cast(pq.read_schema(records / "usage.parquet")), folder / "usage.parquet")
    return folder


@pytest.fixture(scope="module")
def counts(records, results):
    """The three counts of the case: calls of those who complained; all calls, and the devices that they led to; every record."""
    folder, key = records.parents[1], results["all"][0].with_name("all.lake.key")

    def investigated(name, calls, devices_of=()):
        kept = looked_at(records, folder / f"records-{name}", calls, devices_of)
        investigate(Request(records=kept, out=folder / name, key=key), clock=lambda: STOPPED)
        return folder / name

    first = investigated("first", DISPUTED)
    calls = investigated("calls", CALLS)
    return first, investigated("second", CALLS, ids(calls)), results["all"][0]


def test_two_ids_then_four_then_twenty_as_more_was_looked_at(counts):
    first, second, third = (ids(out) for out in counts)
    assert (len(first), len(second), len(third)) == (2, 4, 20)
    assert first < second < third
    units = [
        {row["unit"] for row in pq.read_table(out / "suspects.parquet").to_pylist() if row["cell"] in ids(out)}
        for out in counts
    ]
    assert [len(each) for each in units] == [1, 2, 5]


def test_each_count_is_explained_by_what_was_not_looked_at_in_the_one_before(counts):
    first, second, third = counts
    for before, after, causes in (
        (first, second, {"other_records", "later_records"}),
        (second, third, {"new_source", "other_records"}),
    ):
        told = restate(before, after)
        assert told["reconciles"] is True
        assert told["changed"]["removed"] == 0
        assert told["after"]["people"]["total"] > told["before"]["people"]["total"]
        assert {row["cell"] for row in told["cells"] if row["change"] == "new_id"} == ids(after) - ids(before)
        for row in told["cells"]:
            assert set(row["causes"]) & causes, row
            assert row["people"] > 0
        assert sum(told["why"].values()) == sum(told["changed"].values())
