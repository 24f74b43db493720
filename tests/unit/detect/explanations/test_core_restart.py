import pytest
from made_up_records import OTHER_HOME, at, card, touch

EXPLANATION = card("core_restart")
START = at("05 10:00")


def hour(since, *, cells=10, each=5, identified=0, core="core-a"):
    """Procedures at so many cells, so many each, of which so many with the permanent identity."""
    return [
        touch(OTHER_HOME + cell, 100 * cell + number, since, core=core, identity="imsi" if number < identified else "guti")
        for cell in range(cells)
        for number in range(each)
    ]


USUAL = [row for number in range(9) for row in hour(at(f"05 0{number}:00"))]


@pytest.mark.parametrize(
    ("restart", "expected"),
    [
        pytest.param({"identified": 3}, [START], id="restart"),
        pytest.param({"identified": 1}, [START], id="restart:part-of-the-phones"),
        pytest.param({"identified": 3, "cells": 9, "each": 6}, [], id="one-cell-too-few"),
        pytest.param({"identified": 3, "cells": 12, "each": 4}, [], id="two-procedures-too-few"),
        pytest.param({"identified": 0}, [], id="an-ordinary-hour"),
    ],
)
def test_excuses_an_hour_in_which_many_cells_gave_identities(room, restart, expected):
    found = room.excuses(EXPLANATION, access=[*USUAL, *hour(START, **restart)])
    assert [excuse.from_at for excuse in found] == expected
    for excuse in found:
        assert (excuse.key, excuse.hand, excuse.to_at, excuse.detectors) == (
            None,
            None,
            at("05 11:00"),
            ("identity_exposure_excess",),
        )
        assert "core-a" in excuse.evidence["en"]
        assert "core-a" in excuse.evidence["ko"]


def test_one_rogue_cell_is_no_restart(room):
    assert room.excuses(EXPLANATION, access=[*USUAL, *hour(START, cells=1, each=60, identified=50)]) == []


def test_a_core_that_always_takes_many_identities_has_not_restarted(room):
    access = [row for number in range(9) for row in hour(at(f"05 0{number}:00"), identified=1)]
    assert room.excuses(EXPLANATION, access=[*access, *hour(START, identified=2)]) == []


def test_three_times_nearly_nothing_is_nearly_nothing(room):
    access = [*USUAL, *hour(START, cells=10, each=10), *hour(START, cells=1, each=10, identified=10)]
    assert room.excuses(EXPLANATION, access=access) == []


def test_no_records_and_no_core_make_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
    assert room.excuses(EXPLANATION, access=[{**row, "core": None} for row in [*USUAL, *hour(START, identified=3)]]) == []
