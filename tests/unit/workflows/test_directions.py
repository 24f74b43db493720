"""What each direction adds, counted from an investigation."""

from __future__ import annotations

from made_up_investigation import exposure, finding, investigated, key, payment, suspect

from cellwarden.detect.examination import Examination
from cellwarden.workflows.directions import directions


def examined(suspects, by_cells, findings):
    return Examination(findings=findings, suspects=suspects, silent={}, hands=[], by_cells=by_cells)


BOTH, CELLS, VICTIMS = key(7), key(8), key(9)
NAMED = [
    finding("common_cell_of_victims", of=BOTH),
    finding("common_cell_of_victims", of=VICTIMS),
    finding("moving_cell", of=CELLS),
]


def told(**more):
    suspects = [suspect(of=BOTH), suspect(of=CELLS, unit="unit-2"), suspect("review", of=VICTIMS, unit="unit-3")]
    exposures = [exposure(1, of=BOTH), exposure(2, of=BOTH), exposure(2, of=CELLS), exposure(3, of=CELLS)]
    return directions(
        investigated(
            examination=examined(suspects, suspects[:2], NAMED),
            exposures=exposures,
            payments=[payment(), payment("p2", probability=0.4)],
            **more,
        )
    )


def test_counts_ids_people_and_payments_and_what_each_adds():
    found = told()
    assert found["both"] == {"ids": 1, "people": 2, "people_added": 2, "payments": 1}
    assert found["cells"] == {"ids": 1, "people": 2, "people_added": 1, "payments": 0}
    assert found["victims"] == {"ids": 1, "people": 0, "people_added": 0, "payments": 0}


def test_lists_every_id_with_what_each_direction_says():
    assert [
        (row["cell"], row["found_by"], row["by_cells"], row["by_victims"], row["grade"], row["people"], row["payments"])
        for row in told()["rows"]
    ] == [
        (7, "both", "rogue", ["common_cell_of_victims"], "rogue", 2, 1),
        (8, "cells", "rogue", [], "rogue", 2, 0),
        (9, "victims", None, ["common_cell_of_victims"], "review", 0, 0),
    ]


def test_says_when_no_victim_could_lead_anywhere():
    assert told(lacking=("complaints",))["victims_searched"] is True
    assert told(lacking=("complaints", "payments"))["victims_searched"] is False


def test_nothing_found_is_three_zeros():
    found = directions(investigated())
    assert [found[name]["ids"] for name in ("both", "cells", "victims")] == [0, 0, 0]
    assert found["rows"] == []
