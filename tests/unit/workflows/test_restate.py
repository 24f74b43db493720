"""Two result folders in, a restatement out."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest
from made_up_results import result

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.restate import RESTATEMENT, restate


@pytest.fixture
def folders(tmp_path):
    before = result(tmp_path / "a", [(1, "guti", 7), (2, "imsi", 7)], missing=["links"], silent={"foreign_source": ["links"]})
    people = [(1, "guti", 7), (2, "imsi", 7), (1, "imsi", 8), (3, "possible", 8)]
    after = result(tmp_path / "b", people, ids=(7, 8), findings=[("foreign_source", 8)])
    return before, after


def test_tells_counts_reasons_ids_and_the_sentence(folders):
    told = restate(*folders)
    assert (told["before"]["people"]["total"], told["after"]["people"]["total"]) == (2, 3)
    assert told["changed"] == {"added": 1, "removed": 0, "upgraded": 1, "downgraded": 0}
    assert told["why"] == {"added: new_id": 1, "upgraded: new_id": 1}
    assert told["causes"] == {"new_source": 2}
    assert [(row["cell"], row["because"]) for row in told["cells"]] == [(8, ["links"])]
    assert told["reconciles"] is True
    assert set(told["sentence"]) == {"ko", "en"}


def test_writes_one_row_a_person_who_moved_under_the_same_pseudonym(folders, tmp_path):
    told = restate(*folders, out=tmp_path / "out")
    table = pq.read_table(tmp_path / "out/restatement.parquet")
    assert table.schema.equals(RESTATEMENT)
    assert [(row["imsi"], row["change"], row["before"], row["after"]) for row in table.to_pylist()] == [
        (f"{3:016x}", "added", None, "possible"),
        (f"{1:016x}", "upgraded", "guti", "imsi"),
    ]
    assert json.loads((tmp_path / "out/restatement.json").read_text()) == told


def test_ids_that_share_hardware_now_are_named_and_labels_alone_are_nothing(tmp_path):
    before = result(tmp_path / "a", [(1, "guti", 7)], ids=(7, 8, 9), units={7: "unit-1", 8: "unit-2", 9: "unit-3"})
    after = result(tmp_path / "b", [(1, "guti", 7)], ids=(7, 8, 9), units={7: "unit-4", 8: "unit-4", 9: "unit-1"})
    told = restate(before, after)["units"]
    assert (told["before"], told["after"]) == (3, 2)
    seven, eight = (f"00101 lte home {cell}" for cell in (7, 8))
    assert told["regrouped"] == [{"unit": "unit-4", "cells": [seven, eight], "before": [[seven], [eight]]}]


def test_the_same_two_results_give_the_same_bytes(folders, tmp_path):
    for name in ("x", "y"):
        restate(*folders, out=tmp_path / name)
    for file in ("restatement.parquet", "restatement.json"):
        assert (tmp_path / "x" / file).read_bytes() == (tmp_path / "y" / file).read_bytes()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        pytest.param({"key": "k2"}, r"different keys.*--key FILE", id="another-key"),
        pytest.param({"key": ""}, r"does not say which key.*again", id="an-older-version"),
        pytest.param({"revealed": True}, r"pseudonyms and the other real.*--reveal", id="one-revealed"),
    ],
)
def test_results_in_which_one_person_has_two_names_are_refused(folders, tmp_path, other, message):
    stranger = result(tmp_path / "c", [], **other)
    with pytest.raises(UsageError, match=message):
        restate(folders[0], stranger)


def test_revealed_results_need_no_common_key(tmp_path):
    both = [result(tmp_path / name, [(1, "guti", 7)], key=name, revealed=True) for name in ("a", "b")]
    assert restate(*both)["changed"]["added"] == 0


def test_a_folder_that_is_no_result_is_refused(folders, tmp_path):
    with pytest.raises(UsageError, match="no result folder"):
        restate(folders[0], tmp_path)


def test_a_folder_that_holds_something_is_not_written_into(folders, tmp_path):
    with pytest.raises(UsageError, match="not empty"):
        restate(*folders, out=folders[0])
    assert not (folders[0] / "restatement.json").exists()
