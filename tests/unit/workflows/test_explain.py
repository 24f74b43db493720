"""Explaining reads a result folder and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from made_up_investigation import suspect

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.explain import EXCUSES, cell_number, excuses_of, explain
from cellwarden.workflows.result import write_manifest, write_table, write_text


@pytest.mark.parametrize(
    ("text", "number"),
    [("19753073", 19753073), ("0x12d6871", 19753073), ("77158-113", 77158 << 8 | 113), ("20133052417", 20133052417)],
)
def test_reads_a_cell_as_people_write_it(text, number):
    assert cell_number(text) == number


@pytest.mark.parametrize("text", ["", "a-b", "1-2-3", "0xzz", "tower"])
def test_what_is_no_cell_is_refused_with_examples(text):
    with pytest.raises(UsageError, match="0x12d6871"):
        cell_number(text)


def test_tells_of_one_cell_heaviest_finding_first(tmp_path):
    hours = {"from_at": datetime(2025, 8, 5, 10, tzinfo=UTC), "to_at": datetime(2025, 8, 5, 12, tzinfo=UTC)}
    write_table(
        tmp_path, "suspects", [{"cell": 7, "grade": "rogue", "score": 0.9, **hours}, {"cell": 8, "grade": "review", **hours}]
    )
    write_table(
        tmp_path,
        "findings",
        [
            {"cell": 7, "detector": "a", "weight": 1.0, **hours},
            {"cell": 7, "detector": "b", "weight": 2.0, **hours},
            {"cell": 8, "detector": "c", "weight": 3.0, **hours},
        ],
    )
    write_table(tmp_path, "exposures", [{"cell": 7, "unit": "unit-1", "identity": grade} for grade in ("imsi", "guti", "guti")])
    write_manifest(tmp_path, {})
    told = explain(tmp_path, 7)
    assert [row["grade"] for row in told["episodes"]] == ["rogue"]
    assert [row["detector"] for row in told["findings"]] == ["b", "a"]
    assert told["exposed"] == {"unit-1": {"imsi": 1, "guti": 2}}


def at(hour):
    return datetime(2025, 8, 5, hour, tzinfo=UTC)


def result(folder, *, grade="rogue", score=0.99, detectors=("unregistered_cell", "moving_cell"), excuses=(), silent=None):
    """A result about cell 7, which was on the air from ten to twelve."""
    episode = {
        "cell": 7, "grade": grade, "score": score, "unit": "unit-1", "detectors": list(detectors), "from_at": at(10), "to_at": at(12),
    }  # fmt: skip
    rows = json.dumps({"query": "q.sql", "parameters": {"cell": 7}})
    found = [("unregistered_cell", 6.0, 10), ("moving_cell", 4.0, 11), ("moving_cell", 3.0, 11), ("moving_cell", 9.0, 20)]
    write_table(folder, "suspects", [episode])
    write_table(
        folder,
        "findings",
        [
            {"cell": 7, "detector": name, "weight": weight, "evidence": f"{name} saw it", "rows": rows, "from_at": at(hour), "to_at": at(hour)}
            for name, weight, hour in found
        ],
    )  # fmt: skip
    write_table(folder, "exposures", [])
    write_text(folder, "summary.json", json.dumps({"silent": silent or {}}))
    write_text(folder, EXCUSES, json.dumps({"excuses": list(excuses)}))
    write_manifest(folder, {})
    (told,) = explain(folder, 7)["episodes"]
    return told


def said(told, part):
    return [each["sentence"] for each in told[part]]


def test_says_what_speaks_for_it_with_the_query_and_its_rows(tmp_path):
    """The heaviest of each detector within the episode; what was seen at another hour is not this episode's."""
    told = result(tmp_path)
    assert said(told, "speaks_for") == [
        "+6.0  unregistered_cell: unregistered_cell saw it",
        "+4.0  moving_cell: moving_cell saw it",
    ]
    assert {(each["query"], each["parameters"]["cell"]) for each in told["speaks_for"]} == {("q.sql", 7)}


def test_says_what_speaks_against_it(tmp_path):
    excuse = {
        "cell": 7, "unit": "unit-1", "from_at": iso(at(10)), "to_at": iso(at(11)), "explanation": "inventory_lag", "evidence": "recorded late",
        "query": "detect/explanations/inventory_lag.sql", "parameters": {"cell": 7},
    }  # fmt: skip
    other = {**excuse, "unit": "unit-2"}
    against, looked = result(tmp_path, excuses=[excuse, other], silent={"foreign_source": ["links"]})["speaks_against"]
    assert against["sentence"] == "inventory_lag: recorded late"
    assert against["query"] == excuse["query"]
    assert "identity_exposure_excess" in looked["sentence"]
    assert "foreign_source" not in looked["sentence"], "who could not look did not find nothing"
    assert "moving_cell" not in looked["sentence"]


def test_says_what_was_missing_and_whom_that_silenced(tmp_path):
    told = result(tmp_path, silent={"foreign_source": ["links"], "shared_certificate": ["links", "equipment"]})
    assert said(told, "was_missing") == [
        "without equipment could not look: shared_certificate",
        "without links could not look: foreign_source, shared_certificate",
    ]


def test_says_what_would_change_our_mind(tmp_path):
    heavy, light = said(result(tmp_path), "would_change_our_mind")
    assert heavy.startswith("without unregistered_cell the score would be 0.197 (review)")
    assert "inventory_lag" in heavy
    assert light.startswith("without moving_cell the score would be 0.645 (suspect)")


def test_says_how_much_is_lacking_to_an_accusation(tmp_path):
    told = result(tmp_path, grade="review", score=0.2, detectors=["unregistered_cell"])
    lacking = said(told, "would_change_our_mind")[-1]
    assert lacking.startswith("1.4 nats more would accuse it")
    assert "moving_cell" in lacking
    assert "revived_cell" not in lacking, "it sees the same fact as what was heard"


def test_an_explanation_is_kept_with_its_sentence_in_both_languages():
    explained = suspect("explained")
    (kept,) = excuses_of([suspect(), explained])
    assert (kept["explanation"], kept["unit"], kept["query"]) == (
        "inventory_lag",
        "unit-1",
        "detect/explanations/inventory_lag.sql",
    )
    assert {"evidence", "evidence_ko", "share", "accounts_for"} <= kept.keys()


def test_a_folder_that_is_no_result_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no result folder"):
        explain(tmp_path, 7)
