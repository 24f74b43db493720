"""The worked example of the record contract: 65 access rows, results computed by hand. Compared as its README says."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from cellwarden.workflows.investigate import Request, investigate

LEVELS = ("none", "possible", "yes")
GRADES = ("suspect", "rogue")
STOPPED = datetime(2026, 1, 1, tzinfo=UTC)


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def iso(at):
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def key_of(row):
    return row["plmn"], row["rat"], row["cell_type"], int(row["cell"])


@pytest.fixture(scope="module")
def example(shared):
    return shared / "design/worked-example"


@pytest.fixture(scope="module", params=["duckdb", "sail"])
def result(request, example, tmp_path_factory):
    out = tmp_path_factory.mktemp(request.param) / "result"
    asked = Request(records=example / "records", out=out, engine=request.param, reveal="worked example")
    summary = investigate(asked, clock=lambda: STOPPED)
    tables = {path.stem: pq.read_table(path).to_pylist() for path in out.glob("*.parquet")}
    return {"folder": out, "summary": summary, **tables}


@pytest.fixture(scope="module")
def expected(example):
    folder = example / "expected"
    return {
        "counts": json.loads((folder / "counts.json").read_text()),
        **{path.stem: rows_of(path) for path in folder.glob("*.csv")},
    }


def test_accuses_exactly_the_rogue_episodes(result, expected):
    accused = {
        (*key_of(row), iso(row["from_at"]), iso(row["to_at"])): row["grade"]
        for row in result["suspects"]
        if row["grade"] in GRADES
    }
    must = {
        (*key_of(row), row["from_at"], row["to_at"]): row["at_least"]
        for row in expected["suspects"]
        if row["at_least"] in GRADES
    }
    assert accused.keys() == must.keys()
    assert all(GRADES.index(accused[key]) >= GRADES.index(least) for key, least in must.items())


def test_lists_what_must_be_explained_and_explains_nothing_wrongly(result, expected):
    listed = {(*key_of(row), iso(row["from_at"])): row for row in result["suspects"]}
    for row in expected["suspects"]:
        found = listed.get((*key_of(row), row["from_at"]))
        assert found or row["listed"] == "may"
        if found and row["explained_by"] and found["explained_by"]:
            assert found["explained_by"] == row["explained_by"]
        if row["listed"] == "must" and row["at_least"] == "not accused":
            assert (found["grade"], found["explained_by"]) == ("explained", row["explained_by"])


def test_groups_episodes_into_units(result, expected):
    units = {}
    for row in expected["suspects"]:
        found = next(
            (each for each in result["suspects"] if key_of(each) == key_of(row) and iso(each["from_at"]) == row["from_at"]),
            None,
        )
        if found and row["unit_class"]:
            units.setdefault(row["unit_class"], set()).add(found["unit"])
    assert all(len(labels) == 1 for labels in units.values())
    assert len(set.union(*units.values())) == len(units)
    assert all(row["unit"] for row in result["suspects"])


def test_no_alert_lies_before_the_first_record_of_that_night(result):
    for row in result["suspects"]:
        if row["grade"] in GRADES:
            assert row["alert_at"] >= row["from_at"]


def test_the_census_is_exact(result, expected):
    def facts(row):
        return (row["imsi"], *key_of(row), row["from_at"], row["to_at"], int(row["events"]), row["identity"])

    found = {facts({**row, "from_at": iso(row["from_at"]), "to_at": iso(row["to_at"])}): row for row in result["exposures"]}
    must = {facts(row): row for row in expected["exposures"]}
    assert found.keys() == must.keys()
    units = {}
    for key, row in must.items():
        for column in ("imei_exposed", "msisdn_exposed", "content_exposed"):
            assert LEVELS.index(found[key][column]) >= LEVELS.index(row[f"{column}_at_least"]), (key, column)
        assert row["evidence_names"] in found[key]["evidence"]
        units.setdefault(row["unit_class"], set()).add(found[key]["unit"])
    assert all(len(labels) == 1 for labels in units.values())
    assert len(set.union(*units.values())) == len(units)


def test_rejects_exactly_the_broken_rows_and_says_why(result, expected):
    found = {(row["file"].rsplit("/", 1)[-1], row["row"]): row["reason"] for row in result["rejected"]}
    must = {(row["file"], int(row["row"])): row["reason"] for row in expected["rejected"]}
    assert found.keys() == must.keys()
    assert all(must[key].split(":")[0] in reason for key, reason in found.items())
    assert not any(digits in row["raw"] for row in result["rejected"] for digits in ("450080000000016", "450080000000015"))


def test_links_the_payments(result, expected):
    linked = {row["payment_id"]: row for row in result["payment_links"] if row["probability"] >= 0.5}
    cells = {row["case"]: int(row["cell"]) for row in expected["suspects"]}
    must = {row["payment_id"]: (row["imsi"], cells[row["case"]]) for row in expected["payment_links"] if row["linked"] == "yes"}
    assert {payment: (row["imsi"], row["cell"]) for payment, row in linked.items()} == must


@pytest.mark.parametrize(
    "name",
    [
        "files", "data_faults", "people_signal_exposed", "people_by_technology", "people_by_day_local", "people_by_controller",
        "exposure_rows", "events_in_exposures", "access_rows_in_accused_episodes_without_imsi", "payments_linked",
    ],
)  # fmt: skip
def test_counts_are_exact(result, expected, name):
    assert json.loads((result["folder"] / "summary.json").read_text())[name] == expected["counts"][name]


def test_people_by_case_are_exact(result, expected):
    starts = {
        (*key_of(row), row["from_at"], row["to_at"]): row["case"] for row in expected["suspects"] if row["at_least"] in GRADES
    }
    counted = dict.fromkeys(starts.values(), 0)
    for row in result["exposures"]:
        for (*key, from_at, to_at), case in starts.items():
            if key_of(row) == tuple(key) and from_at <= iso(row["from_at"]) <= to_at:
                counted[case] += 1
    assert counted == expected["counts"]["people_by_case"]


def test_grades_and_technologies_reconcile(result):
    summary = result["summary"]
    for counted in [summary["people_signal_exposed"], *summary["people_by_technology"].values()]:
        if counted != "not recorded":
            assert counted["total"] == counted["imsi"] + counted["possible"] + counted["guti"]
