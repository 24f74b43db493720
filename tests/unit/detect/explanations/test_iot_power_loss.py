import pytest
from made_up_records import HOME, MACRO, at, card, touch

EXPLANATION = card("iot_power_loss")
THINGS = [{"imsi": number, "device_class": "iot"} for number in range(1, 40)]
PHONES = [{"imsi": number, "device_class": "phone"} for number in range(100, 140)]


def back(things=10, cells=3, day=5):
    return [
        touch(
            MACRO + number % cells,
            1 + number,
            at(f"{day:02d} 06:{number:02d}"),
            procedure="attach",
            identity="imsi",
            cell_type="macro",
        )
        for number in range(things)
    ]


def quiet(days=range(1, 5), each=0):
    """Other days, with a few things that reboot."""
    return [
        touch(
            MACRO,
            100 if number < 0 else 20 + number,
            at(f"{day:02d} 06:00"),
            cell_type="macro",
            identity="guti" if number < 0 else "imsi",
            procedure="attach",
        )
        for day in days
        for number in range(-1, each)
    ]


@pytest.mark.parametrize(
    ("access", "cells"),
    [
        pytest.param([*quiet(), *back()], 3, id="explains:ten-things-under-three-cells"),
        pytest.param([*quiet(), *back(things=9)], 0, id="just-below:nine-things"),
        pytest.param([*quiet(), *back(things=12, cells=2)], 0, id="just-below:two-cells"),
        pytest.param([*quiet(each=3), *back()], 3, id="explains:thrice-an-ordinary-day"),
        pytest.param([*quiet(each=4), *back()], 0, id="just-below:things-always-reboot-here"),
        pytest.param([*quiet(), *({**row, "imsi": row["imsi"] + 100} for row in back())], 0, id="rogue:these-are-phones"),
    ],
)
def test_excuses_a_day_on_which_things_came_back(room, access, cells):
    found = room.excuses(EXPLANATION, access=access, subscribers=[*THINGS, *PHONES])
    assert sorted(excuse.key.cell for excuse in found) == [MACRO + cell for cell in range(cells)]
    assert {excuse.share for excuse in found} <= {1.0}


def test_a_rogue_during_the_power_cut_keeps_what_people_gave(room):
    rogue = [
        touch(HOME, number, at("05 06:30"), identity="imsi", procedure="attach", source="10.0.0.9")
        for number in (1, 100, 101, 102)
    ]
    found = room.excuses(EXPLANATION, access=[*quiet(), *back(), *rogue], subscribers=[*THINGS, *PHONES])
    assert [excuse.share for excuse in found if excuse.key.cell == HOME] == [0.25]


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
