"""Six detectors whose trace no scenario plays: a scenario's rogue is made to leave it, and they name it for that and nobody honest.

The city and its people stay as the generator made them. What changes is what the rogue unit leaves in one table: the certificate, serial or
address that its box shows, or how its visitors join.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pyarrow.parquet as pq
import pytest

from cellwarden.simulate.generator import simulate_scenario
from cellwarden.simulate.scenario import Size, load_scenario
from cellwarden.workflows.investigate import Request, investigate

TINY = Size(1_000, 9, 0.2, 0.3)
OF_THE_BOX = "WHERE serial IN (SELECT serial FROM boxes)"
TO_THE_CELL_BEFORE = """UPDATE access SET plmn = b.plmn, tac = b.tac, cell = b.cell, cell_type = b.cell_type, source = b.source
    FROM before b WHERE b.number = access.number"""
TWO_CARS = "S04"
"""Its one unit is made two, which are out all over a city of 7 km in the same hours of every night."""
WIDE = Size(16_000, 5, 0.04, 0.15)
TRACES = {
    "certificate_policy": (
        "S06",
        "links",
        f"UPDATE links SET certificate_issuer = 'CN=Another CA', certificate_not_after = certificate_not_before + INTERVAL 30 YEAR {OF_THE_BOX}",
    ),
    "address_hopping": (
        "S06",
        "links",
        f"UPDATE links SET source_ip = '198.51.100.' || (1 + epoch(links.at)::bigint // 600 % 250) {OF_THE_BOX}",
    ),
    "id_not_of_this_device": (
        "S06",
        "links",
        f"""UPDATE links SET serial = (SELECT max(e.serial) FROM equipment e WHERE e.status = 'active' AND e.kind = 'femto'
            AND e.serial NOT IN (SELECT l.serial FROM links l WHERE l.serial IS NOT NULL)) {OF_THE_BOX}""",
    ),
    "reject_chain": ("S18", "access", TO_THE_CELL_BEFORE),
    "identity_response_without_request": (
        "S18",
        "access",
        """UPDATE access SET procedure = 'identity' WHERE number IN (SELECT number FROM before);
            DELETE FROM access USING before b WHERE access.imsi = b.imsi AND access.procedure <> 'identity'
                AND access.at BETWEEN b.at - INTERVAL 1 MINUTE AND b.at + INTERVAL 1 MINUTE""",
    ),
    "impossible_travel": (
        TWO_CARS,
        "access",
        """UPDATE access SET cell = r.cell, source = r.source FROM relay r WHERE access.number IN (SELECT number FROM touched)""",
    ),
}
"""Detector: scenario, table, and the trace. A box of another maker; a modem with a new address each time; a box that the registry knows by
another id; phones that are turned away and attach where they came from; a box that asks by itself; boxes in several cars behind one relay."""
VIEWS = """
CREATE TABLE boxes AS SELECT DISTINCT l.serial FROM links l JOIN rogue r ON r.cell = l.cell AND r.source = l.inner_ip WHERE l.serial IS NOT NULL;
CREATE TABLE relay AS SELECT min(cell) AS cell, arg_min(source, cell) AS source FROM rogue;
CREATE TABLE touched AS SELECT a.* FROM access a JOIN rogue r ON r.cell = a.cell AND r.source = a.source;
CREATE TABLE before AS SELECT t.number, any_value(t.imsi) AS imsi, any_value(t.at) AS at, arg_max(m.plmn, m.at) AS plmn, arg_max(m.tac, m.at) AS tac,
        arg_max(m.cell, m.at) AS cell, arg_max(m.cell_type, m.at) AS cell_type, arg_max(m.source, m.at) AS source
    FROM touched t JOIN access m ON m.imsi = t.imsi AND m.cell_type = 'macro' AND m.at BETWEEN t.at - INTERVAL 1 DAY AND t.at
    WHERE t.procedure = 'attach' AND t.identity = 'imsi' GROUP BY t.number;
"""
"""`before`: attaches with IMSI under the rogue, with the macro cell on which the phone had been."""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Make a scenario's city once."""
    made = {}

    def of(name):
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            wanted = replace(load_scenario(name, "xs"), size=TINY)
            if name == TWO_CARS:
                cars = tuple(
                    replace(wanted.attacks[0], unit=unit, nights=WIDE.days, spread=True) for unit in ("unit-1", "unit-2")
                )
                wanted = replace(wanted, size=WIDE, attacks=cars)
            simulate_scenario(wanted, made[name], seed=3, size="tiny")
        return made[name]

    return of


def with_trace(city, folder, table, trace):
    """Copy the records, with a trace in one table; return the rogue cells."""
    shutil.copytree(city / "records", folder)
    access = pq.read_table(folder / "access", partitioning=None)
    links = pq.read_table(folder / "links.parquet")
    with duckdb.connect() as connection:
        connection.register("truth", pq.read_table(city / "truth/cells.parquet"))
        connection.register("links_read", links)
        connection.register("access_read", access)
        connection.sql("CREATE TABLE rogue AS SELECT DISTINCT cell, unnest(source) AS source FROM truth WHERE kind = 'rogue'")
        connection.sql("CREATE TABLE links AS SELECT * FROM links_read")
        connection.sql("CREATE TABLE access AS SELECT row_number() OVER () AS number, * FROM access_read")
        connection.sql(f"CREATE TABLE equipment AS SELECT * FROM read_csv('{folder / 'equipment.csv'}')")
        connection.execute(VIEWS)
        connection.execute(trace)
        if table == "links":
            pq.write_table(
                connection.sql("SELECT * FROM links l ORDER BY l.at").to_arrow_table().cast(links.schema),
                folder / "links.parquet",
            )
        else:
            shutil.rmtree(folder / "access")
            rows = connection.sql("SELECT a.* EXCLUDE (number) FROM access a ORDER BY a.at, number").to_arrow_table()
            pq.write_table(rows.cast(access.schema), folder / "access.parquet")
        return {row[0] for row in connection.sql("SELECT DISTINCT cell FROM rogue").fetchall()}


def investigated(records, out):
    """Return what is said of cells, by detector, and the cells that are accused."""
    investigate(Request(records=records, out=out), clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    said = {}
    for row in pq.read_table(out / "findings.parquet").to_pylist():
        if row["cell"] is not None and row["weight"] > 0:
            said.setdefault(row["detector"], set()).add(row["cell"])
    suspects = pq.read_table(out / "suspects.parquet").to_pylist()
    return said, {row["cell"] for row in suspects if row["grade"] in ("rogue", "suspect")}


@pytest.fixture(scope="module")
def untouched(city):
    """Investigate a city as it was made, once."""
    made = {}

    def of(name):
        if name not in made:
            made[name] = investigated(city(name) / "records", city(name) / "result")
        return made[name]

    return of


@pytest.mark.parametrize("detector", TRACES)
def test_a_rogue_that_leaves_the_trace_is_named_by_its_detector_and_nobody_else_is_accused(city, untouched, tmp_path, detector):
    scenario, table, trace = TRACES[detector]
    rogue = with_trace(city(scenario), tmp_path / "records", table, trace)
    before = untouched(scenario)[0].get(detector, set())
    said, accused = investigated(tmp_path / "records", tmp_path / "out")
    assert (said[detector] & rogue) - before
    assert said[detector] <= rogue
    assert accused & rogue
    assert accused <= rogue
