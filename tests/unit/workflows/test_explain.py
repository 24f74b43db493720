"""Explaining reads a result folder and nothing else."""

from __future__ import annotations

import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.explain import cell_number, explain
from cellwarden.workflows.result import write_manifest, write_table


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
    write_table(tmp_path, "suspects", [{"cell": 7, "grade": "rogue"}, {"cell": 8, "grade": "review"}])
    write_table(
        tmp_path,
        "findings",
        [
            {"cell": 7, "detector": "a", "weight": 1.0},
            {"cell": 7, "detector": "b", "weight": 2.0},
            {"cell": 8, "detector": "c", "weight": 3.0},
        ],
    )
    write_table(tmp_path, "exposures", [{"cell": 7, "unit": "unit-1", "identity": grade} for grade in ("imsi", "guti", "guti")])
    write_manifest(tmp_path, {})
    told = explain(tmp_path, 7)
    assert [row["grade"] for row in told["episodes"]] == ["rogue"]
    assert [row["detector"] for row in told["findings"]] == ["b", "a"]
    assert told["exposed"] == {"unit-1": {"imsi": 1, "guti": 2}}


def test_a_folder_that_is_no_result_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no result folder"):
        explain(tmp_path, 7)
