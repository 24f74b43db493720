"""What an investigation may read: as it was known at an instant, as if the rest had not happened yet."""

from datetime import UTC, datetime

import pytest

from cellwarden.lake.reading import KNOWN_AT, open_records
from cellwarden.lake.rollups import ROLLUPS
from cellwarden.lake.store import SCHEMAS
from cellwarden.records.tables import TABLES

NOON = datetime(2025, 8, 6, 12)


def table_of(engine, name):
    names = SCHEMAS[name].names
    columns = ", ".join(f"t.{column} AS {column}" for column in names)
    order = ", ".join(f"t.{column} NULLS FIRST" for column in names)
    return engine.fetch(f"SELECT {columns} FROM {name} t ORDER BY {order}").to_pylist()


@pytest.mark.parametrize(
    "until",
    [
        NOON,
        datetime(2025, 8, 6),
        datetime(2025, 8, 5, 0, 0, 30),
        datetime(2025, 8, 4),
        datetime(2030, 1, 1),
        NOON.replace(tzinfo=UTC),
    ],
    ids=str,
)
def test_roll_ups_until_equal_those_of_a_lake_of_the_rows_known_by_then(loaded, tools, engine, until):
    rows = tools.access_rows(150, days=3)
    known = [row for row in rows if row["at"] <= until.replace(tzinfo=None)]
    whole = loaded("whole", [("a", tools.batches_of(rows, size=150))])
    cut = loaded("cut", [("a", tools.batches_of(known, size=150))])
    holdings = open_records(engine, whole, until=until)
    found = {rollup.name: table_of(engine, rollup.name) for rollup in ROLLUPS}
    assert holdings.columns["access"] == open_records(engine, cut).columns["access"]
    assert found == {rollup.name: table_of(engine, rollup.name) for rollup in ROLLUPS}


def filled(table, name, at):
    return {column.name: None for column in table.columns} | {name: at}


@pytest.mark.parametrize("name", [name for name in TABLES if name not in ("access", "usage", "subscribers")])
def test_a_table_ends_with_what_was_known_by_then(loaded, tools, engine, name):
    table, known_at = TABLES[name], KNOWN_AT.get(name, "at")
    rows = [filled(table, known_at, at) for at in (datetime(2025, 8, 5), NOON, datetime(2025, 8, 6, 12, 0, 0, 1))]
    lake = loaded("l", [("a", tools.batches_of(rows, size=3, table=table))])
    holdings = open_records(engine, lake, until=NOON)
    assert [row[known_at] for row in table_of(engine, name)] == [datetime(2025, 8, 5), NOON]
    assert holdings.columns[name] == {known_at}
    assert not open_records(engine, lake, until=datetime(2025, 1, 1)).has(name)
    open_records(engine, lake)
    assert len(table_of(engine, name)) == 3


def test_equipment_counts_as_known_when_it_was_recorded_not_when_it_became_so(loaded, tools, engine):
    backdated = filled(TABLES["equipment"], "valid_from", datetime(2025, 8, 1)) | {
        "recorded_at": datetime(2025, 8, 7),
        "lat": 37.5,
    }
    lake = loaded("l", [("a", tools.batches_of([backdated], size=1, table=TABLES["equipment"]))])
    assert not open_records(engine, lake, until=NOON).has("equipment")
    assert table_of(engine, "equipment") == []


def test_a_dispute_is_unknown_until_it_was_made(loaded, tools, engine):
    payment = filled(TABLES["payments"], "at", datetime(2025, 8, 5)) | {"payment_id": "P1", "disputed_at": datetime(2025, 8, 7)}
    lake = loaded("l", [("a", tools.batches_of([payment], size=1, table=TABLES["payments"]))])
    holdings = open_records(engine, lake, until=NOON)
    assert [row["disputed_at"] for row in table_of(engine, "payments")] == [None]
    assert not holdings.has("payments.disputed_at")
    assert open_records(engine, lake, until=datetime(2025, 8, 7)).has("payments.disputed_at")
    assert [row["disputed_at"] for row in table_of(engine, "payments")] == [datetime(2025, 8, 7)]


def test_holdings_tell_which_tables_and_columns_speak(loaded, tools, engine):
    rows = [dict(row, source=None) for row in tools.access_rows(20)]
    holdings = open_records(engine, loaded("l", [("a", tools.batches_of(rows, size=20))]))
    assert holdings.has("access")
    assert holdings.has("access.imsi")
    assert holdings.missing(("access.source", "access.cell", "links", "payments.at")) == [
        "access.source",
        "links",
        "payments.at",
    ]


def test_an_empty_lake_reads_as_empty_tables(loaded, engine):
    lake = loaded("l", [])
    for until in (None, NOON):
        assert not any(open_records(engine, lake, until=until).columns.values())
        assert all(table_of(engine, name) == [] for name in (*TABLES, *(rollup.name for rollup in ROLLUPS)))
