"""Scenarios at the size of a village, to be asked in SQL."""

from dataclasses import replace

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from cellwarden.simulate.generator import simulate_scenario
from cellwarden.simulate.scenario import Size, load_scenario

TINY = Size(1_000, 9, 0.2, 0.3)
"""As many people as fill the stops, no more: what is looked for does not grow with the city."""
TABLES = {
    "access": "records/access",
    "links": "records/links.parquet",
    "payments": "records/payments.parquet",
    "subscribers": "records/subscribers.parquet",
    "equipment": "records/equipment.csv",
    "events": "records/events.csv",
    **{
        name: f"truth/{name}.parquet"
        for name in ("cells", "units", "tracks", "exposures", "fraud_payments", "complaints", "confounders")
    },
}


def naive(path):
    """Return a table with its UTC times without zone, since DuckDB counts with zones only by an extension."""
    table = (
        pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(strings_can_be_null=True))
        if path.suffix == ".csv"
        else pq.read_table(path, partitioning=None)
    )
    zoned = [field for field in table.schema if pa.types.is_timestamp(field.type)]
    for field in zoned:
        plain = table.column(field.name).cast(pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us"))
        table = table.set_column(table.schema.get_field_index(field.name), field.name, plain)
    return table


@pytest.fixture(scope="session")
def ask(tmp_path_factory):
    """Answer a query on a scenario, made once; `rogue` are the access rows of rogue tunnels, each with its unit and reason."""
    made = {}

    def rows(name, query):
        if name not in made:
            out = tmp_path_factory.mktemp(name)
            simulate_scenario(replace(load_scenario(name, "xs"), size=TINY), out, seed=3, size="tiny")
            connection = made[name] = duckdb.connect(config={"threads": 1})
            for table, path in TABLES.items():
                connection.register(table, naive(out / path))
            connection.sql("""CREATE TABLE rogue AS SELECT a.*, c.unit, c.reason FROM access a JOIN cells c ON c.kind = 'rogue'
                AND a.cell = c.cell AND a.cell_type = c.cell_type AND list_contains(c.source, a.source)""")
        return made[name].sql(query).fetchall()

    yield rows
    for connection in made.values():
        connection.close()
