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
    ("restart", "cells"),
    [
        pytest.param({"identified": 3}, 10, id="explains:restart"),
        pytest.param({"identified": 1}, 10, id="explains:part-of-the-phones"),
        pytest.param({"identified": 3, "cells": 9, "each": 6}, 0, id="just-below:one-cell-too-few"),
        pytest.param({"identified": 3, "cells": 12, "each": 4}, 0, id="just-below:two-procedures-too-few"),
        pytest.param({"identified": 0}, 0, id="just-below:an-ordinary-hour"),
    ],
)
def test_excuses_an_hour_in_which_many_cells_gave_identities(room, restart, cells):
    found = room.excuses(EXPLANATION, access=[*USUAL, *hour(START, **restart)])
    assert sorted(excuse.key.cell for excuse in found) == [OTHER_HOME + cell for cell in range(cells)]
    for excuse in found:
        assert (excuse.from_at, excuse.to_at, excuse.share) == (START, at("05 11:00"), 1.0)
        assert excuse.detectors == ("identity_exposure_excess",)
        assert "core-a" in excuse.evidence["en"]
        assert "core-a" in excuse.evidence["ko"]


def test_a_rogue_under_a_restart_keeps_what_it_took_in_the_rest_of_the_day(room):
    asked = [touch(OTHER_HOME, 900 + number, at("05 14:00"), core="core-a", identity="imsi") for number in range(9)]
    found = room.excuses(EXPLANATION, access=[*USUAL, *hour(START, identified=3), *asked])
    assert {excuse.key.cell - OTHER_HOME: excuse.share for excuse in found} == {0: 0.25, **dict.fromkeys(range(1, 10), 1.0)}


def test_two_hours_of_one_restart_are_one_excuse(room):
    found = room.excuses(EXPLANATION, access=[*USUAL, *hour(START, identified=3), *hour(at("05 11:00"), identified=2)])
    assert [(excuse.from_at, excuse.to_at, excuse.share) for excuse in found] == [(START, at("05 12:00"), 1.0)] * 10


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
