"""Small tables between the stages, on an engine."""

from datetime import timedelta

import pyarrow as pa
import pytest
from made_up_investigation import END, START, exposure, key, suspect

from cellwarden.workflows.accused import borders, exposed, frequent_plmn, places, put_accused, spans, steps
from cellwarden.workflows.bootstrap import opened_engine

DATED = ("usage", "links", "payments", "complaints", "logins", "tips")
AT = pa.timestamp("us")
CELL_DAY = pa.schema(
    [("plmn", pa.string()), ("events", pa.int64()), ("first_at", AT), ("last_at", AT)],
)
LATER = END + timedelta(days=400)


@pytest.fixture
def engine(tmp_path, engine_url):
    with opened_engine(engine_url, tmp_path / "scratch") as opened:
        opened.put("cell_day", pa.Table.from_pylist([], CELL_DAY))
        for table in DATED:
            opened.put(table, pa.Table.from_pylist([], pa.schema([("at", AT)])))
        yield opened


def days(engine, *rows):
    given = {"plmn": "00101", "events": 1, "first_at": START, "last_at": END}
    engine.put("cell_day", pa.Table.from_pylist([{**given, **row} for row in rows], CELL_DAY))


def test_an_exposure_carries_the_end_of_its_own_episode():
    nights = [suspect(from_at=START), suspect(from_at=START + timedelta(days=1)), suspect(unit="unit-2")]
    people = [exposure(1), exposure(2, episode_from=START + timedelta(days=1)), exposure(3, unit="unit-2")]
    rows = exposed(people, nights).to_pylist()
    assert [(row["imsi"], row["episode_from"], row["episode_to"]) for row in rows] == [
        (1, START, END),
        (2, START + timedelta(days=1), END + timedelta(days=1)),
        (3, START, END),
    ]
    assert [row["from_at"] for row in rows] == [START + timedelta(minutes=5)] * 3


def test_nobody_exposed_is_an_empty_table_with_its_columns():
    assert "episode_to" in exposed([], [suspect()]).column_names


def test_accused_spells_are_handed_over_by_cell_and_unit(engine):
    put_accused(engine, [suspect(of=key(8, "")), suspect(unit="unit-2")])
    rows = engine.fetch(
        "SELECT a.cell AS cell, a.cell_type AS cell_type, a.unit AS unit, a.to_at AS to_at FROM accused a ORDER BY a.cell"
    )
    assert rows.to_pylist() == [
        {"cell": 7, "cell_type": "home", "unit": "unit-2", "to_at": END},
        {"cell": 8, "cell_type": "", "unit": "unit-1", "to_at": END},
    ]


def test_a_span_is_told_of_tables_with_rows_alone(engine):
    days(engine, {"first_at": START + timedelta(hours=1)}, {}, {"last_at": END + timedelta(hours=1)})
    engine.put("links", pa.table({"at": pa.array([END, START], AT)}))
    assert spans(engine, LATER) == {"access": (START, END + timedelta(hours=1)), "links": (START, END)}


def test_a_span_ends_where_knowledge_does(engine):
    engine.put("links", pa.table({"at": pa.array([START, END], AT)}))
    assert spans(engine, START) == {"links": (START, START)}
    assert spans(engine, START - timedelta(seconds=1)) == {}


def test_the_frequent_plmn_has_most_events_and_not_most_cells(engine):
    days(engine, {"events": 5}, {"events": 6}, {"plmn": "00102", "events": 10})
    assert frequent_plmn(engine) == "00101"


def test_of_two_equally_frequent_the_same_is_always_taken(engine):
    days(engine, {"plmn": "00102"}, {"plmn": "00103"}, {"plmn": "00101"})
    assert frequent_plmn(engine) == "00103"


def test_without_access_no_plmn_is_frequent(engine):
    assert frequent_plmn(engine) is None


def test_the_background_of_the_map_is_active_equipment_with_a_place_once_each(engine):
    rows = [
        {"lat": 37.0, "lon": 127.0, "kind": "macro", "status": "active"},
        {"lat": 37.0, "lon": 127.0, "kind": "macro", "status": "active"},
        {"lat": 36.0, "lon": 127.0, "kind": "femto", "status": "active"},
        {"lat": 35.0, "lon": 127.0, "kind": "macro", "status": "deleted"},
        {"lat": None, "lon": 127.0, "kind": "macro", "status": "active"},
    ]
    engine.put("equipment_version", pa.Table.from_pylist(rows))
    assert [(row["lat"], row["kind"]) for row in places(engine)] == [(36.0, "femto"), (37.0, "macro")]


def test_steps_are_those_of_accused_cells_in_order_of_time(engine):
    cells = [{"plmn": "00101", "rat": "lte", "cell_type": "home", "cell": cell} for cell in (7, 8)]
    seen = {"source": "10.0.0.1", "imsi": 1, "near_cell": 5, "lat": 37.0, "lon": 127.0}
    engine.put("surrounding_all", pa.Table.from_pylist([{**cell, **seen, "at": at} for cell in cells for at in (END, START)]))
    engine.put("accused", pa.Table.from_pylist([cells[0], cells[0]]))
    assert [(row["cell"], row["at"]) for row in steps(engine)] == [(7, START), (7, END)]


def test_borders_are_summed_over_days_and_left_out_where_nobody_was(engine):
    other = {"other_lat": 37.01, "other_lon": 127.0, "crossings": 2}
    rows = [{"cell": cell, "lat": lat, "lon": 127.02, **other} for cell, lat in ((5, 37.02), (5, 37.02), (6, 37.06), (7, 37.4))]
    engine.put("border_all", pa.Table.from_pylist(rows))
    assert [(row["cell"], row["crossings"]) for row in borders(engine, [{"lat": 37.03, "lon": 127.03}])] == [(5, 4), (6, 2)]
