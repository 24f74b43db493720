"""Result tables: fixed order, null for what is not known, pseudonyms, finding ids that last."""

import re
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from made_up_investigation import END, START, exposure, finding, investigated, key, name_of, payment, suspect

from cellwarden.detect.place.tracks import Position
from cellwarden.foundation.clock import aware
from cellwarden.records.results import RESULTS
from cellwarden.workflows.tables import key_columns, result_tables


def tables(**more):
    return result_tables(investigated(**more), name_of)


def shuffled(rows):
    return rows[1::2] + rows[::2][::-1]


def test_every_table_but_the_rejected_is_there_and_fits_the_contract():
    made = tables(
        findings=[finding()], suspects=[suspect()], exposures=[exposure()], payments=[payment()], positions=[position()]
    )
    assert set(made) == set(RESULTS) - {"rejected"}
    for name, rows in made.items():
        assert all(set(row) <= set(RESULTS[name].names) for row in rows), name
        pa.Table.from_pylist(rows, RESULTS[name])


def position(**more):
    given = {"key": key(), "unit": "unit-1", "spell_from": START, "at": START, "lat": 37.0, "lon": 127.0, "radius_m": 300.0}
    return Position(**{**given, **more})


def test_the_order_of_suspects_depends_on_nothing_but_themselves():
    suspects = [
        suspect(of=key(cell, cell_type, rat), unit=unit, from_at=START + timedelta(hours=hours))
        for hours in (0, 30)
        for cell in (7, 8)
        for cell_type, rat in (("home", "lte"), ("macro", "lte"), ("", "nr"))
        for unit in ("unit-1", "unit-2")
    ]
    made = tables(suspects=suspects)["suspects"]
    assert tables(suspects=shuffled(suspects))["suspects"] == made
    assert [row["from_at"] for row in made] == sorted(row["from_at"] for row in made)


def test_the_order_of_exposures_depends_on_nothing_but_themselves():
    exposures = [
        exposure(imsi, of=key(cell, cell_type), unit=unit)
        for imsi in (1, 2)
        for cell in (7, 8)
        for cell_type in ("home", "macro", "")
        for unit in ("unit-1", "unit-2")
    ]
    made = tables(exposures=exposures)["exposures"]
    assert tables(exposures=shuffled(exposures))["exposures"] == made
    assert [row["imsi"] for row in made] == sorted(row["imsi"] for row in made)


def test_an_open_end_is_null():
    open_end = datetime(2999, 1, 1)
    rows = tables(findings=[finding(to_at=open_end), finding(to_at=END)])["findings"]
    assert [row["to_at"] for row in rows] == [None, aware(END)]


def test_a_kind_of_cell_that_nobody_knows_is_null():
    assert key_columns(key(7, ""))["cell_type"] is None
    made = tables(findings=[finding(of=key(7, ""))], suspects=[suspect(of=key(7, ""))], exposures=[exposure(of=key(7, ""))])
    assert [made[name][0]["cell_type"] for name in ("findings", "suspects", "exposures")] == [None, None, None]


def test_people_are_sixteen_hex_digits_even_where_the_pseudonym_is_negative():
    made = tables(exposures=[exposure(-5), exposure(3)], payments=[payment(imsi=-5)])
    people = [row["imsi"] for name in ("exposures", "payment_links") for row in made[name]]
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in people)
    assert len(set(people)) == 2


def test_a_finding_keeps_its_id_from_run_to_run():
    (row,) = tables(findings=[finding()])["findings"]
    assert row["finding_id"] == tables(findings=[finding("other"), finding()])["findings"][1]["finding_id"]
    assert re.fullmatch("[0-9a-f]{16}", row["finding_id"])


@pytest.mark.parametrize(
    "other",
    [
        {"detector": "revived_cell"},
        {"of": key(8)},
        {"hand": "X2"},
        {"from_at": START + timedelta(minutes=1)},
        {"parameters": {"cell": 7}},
        {"evidence": {"en": "it moves far"}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_different_findings_have_different_ids(other):
    first, second = tables(findings=[finding(), finding(**other)])["findings"]
    assert first["finding_id"] != second["finding_id"]


def test_a_finding_about_equipment_names_no_cell():
    (row,) = tables(findings=[finding(kind="equipment", subject="X-1")])["findings"]
    assert row.get("cell") is None
    assert row["subject"] == "X-1"


def test_a_suspect_stands_in_the_middle_of_its_own_places():
    own = [position(lat=37.0 + step / 100, at=START + timedelta(minutes=10 * step)) for step in range(3)]
    strangers = [position(unit="unit-2", lat=50.0), position(spell_from=END, lat=50.0), position(key=key(8), lat=50.0)]
    (row,) = tables(suspects=[suspect()], positions=[*own, *strangers])["suspects"]
    assert (row["lat"], row["lon"]) == (37.01, 127.0)
    assert row["radius_m"] > 1000
    assert len(tables(suspects=[suspect()], positions=own)["tracks"]) == 3


def test_a_suspect_without_places_has_none():
    (row,) = tables(suspects=[suspect(alert_at=None)])["suspects"]
    assert (row["lat"], row["lon"], row["radius_m"], row["alert_at"]) == (None, None, None, None)


def test_every_payment_link_is_kept_however_weak():
    rows = tables(payments=[payment("p1", probability=0.02), payment("p2")])["payment_links"]
    assert [(row["payment_id"], row["probability"], row["reason"]) for row in rows] == [
        ("p1", 0.02, "through it"),
        ("p2", 0.9, "through it"),
    ]
