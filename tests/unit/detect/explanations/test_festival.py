import pytest
from made_up_records import HOME, MACRO, at, card, mast, touches, version

EXPLANATION = card("festival")
LISTED = [*(mast(MACRO + cell, 37.5, 127.0) for cell in range(4)), version(HOME)]
CALENDAR = [{"kind": "festival", "from_at": at("05 01:00"), "to_at": at("05 12:00")}]


def day(number, people, cells=range(3), **more):
    return [
        row
        for cell in cells
        for row in touches(
            MACRO + cell,
            people,
            at(f"{number:02d} 03:00"),
            first=1000 * number + 100 * cell,
            **{"cell_type": "macro", "source": f"10.20.0.{cell}", **more},
        )
    ]


USUAL = [row for number in (1, 2, 3) for row in day(number, 10)]


@pytest.mark.parametrize(
    ("access", "events", "cells"),
    [
        pytest.param([*USUAL, *day(5, 20)], [], 3, id="explains:twice-the-people-under-three-cells"),
        pytest.param([*USUAL, *day(5, 19)], [], 0, id="just-below:nineteen-people"),
        pytest.param(
            [*(row for number in (1, 2, 3) for row in day(number, 11)), *day(5, 21)], [], 0, id="just-below:less-than-twice"
        ),
        pytest.param([*USUAL, *day(5, 20, range(2)), *day(5, 10, (2,))], [], 0, id="just-below:two-cells"),
        pytest.param([*USUAL, *day(5, 20, range(2)), *day(5, 10, (2,))], CALENDAR, 2, id="explains:two-cells-and-the-calendar"),
        pytest.param([*USUAL, *day(5, 20, (0,)), *day(5, 10, (1, 2))], CALENDAR, 0, id="rogue:one-cell-alone"),
        pytest.param([*day(1, 10), *day(2, 10), *day(5, 20)], [], 0, id="just-below:three-days-are-no-habit"),
        pytest.param(
            [*USUAL, *day(5, 20), *day(5, 4, (0,), identity="imsi", procedure="attach")],
            [],
            2,
            id="rogue:one-of-them-asks-who-they-are",
        ),
    ],
)
def test_excuses_registered_macro_cells_that_spiked_together(room, access, events, cells):
    found = room.excuses(EXPLANATION, access=access, equipment=LISTED, events=events)
    assert len(found) == cells
    assert all(excuse.from_at == at("05 03:00") and "stranger_surge" in excuse.detectors for excuse in found)


def test_a_home_cell_in_the_crowd_is_not_excused(room):
    rogue = touches(HOME, 40, at("05 03:00"), first=9000)
    found = room.excuses(EXPLANATION, access=[*USUAL, *day(5, 20), *rogue], equipment=LISTED, events=CALENDAR)
    assert {excuse.key.cell for excuse in found} == {MACRO, MACRO + 1, MACRO + 2}


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
