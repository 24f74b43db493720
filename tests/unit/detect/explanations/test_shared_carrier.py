import pytest
from made_up_records import HOME, MACRO, OTHER_MACRO, at, card, link, mast, touches

EXPLANATION = card("shared_carrier")
LISTED = [mast(MACRO, 37.5, 127.0)]


def daily(cell, days, source, **more):
    return [
        row
        for day in days
        for row in touches(cell, 3, at(f"{day:02d} 03:00"), **{"cell_type": "macro", "source": source, **more})
    ]


OWN = [*daily(MACRO, range(1, 8), "10.20.0.1"), *daily(HOME, range(1, 8), "10.21.0.5", cell_type="home")]
PARTNER = daily(OTHER_MACRO, range(1, 8), "10.30.0.1", plmn="00199")


@pytest.mark.parametrize(
    ("access", "links", "cells"),
    [
        pytest.param(PARTNER, [], [OTHER_MACRO], id="explains:a-roaming-neighbour"),
        pytest.param(daily(OTHER_MACRO, range(1, 6), "10.30.0.1", plmn="00199"), [], [OTHER_MACRO], id="explains:five-of-seven-days"),
        pytest.param(daily(OTHER_MACRO, range(1, 5), "10.30.0.1", plmn="00199"), [], [], id="just-below:four-days"),
        pytest.param([*PARTNER, *daily(OTHER_MACRO + 1, range(1, 8), "10.30.0.2")], [], [OTHER_MACRO, OTHER_MACRO + 1], id="explains:our-code-on-the-partners-mast"),
        pytest.param([*PARTNER, *daily(OTHER_MACRO + 1, range(1, 8), "10.20.0.2")], [], [OTHER_MACRO], id="rogue:among-our-own-addresses"),
        pytest.param([*PARTNER, *daily(OTHER_MACRO + 1, range(1, 4), "10.30.0.2")], [], [OTHER_MACRO], id="rogue:three-nights-only"),
        pytest.param([*PARTNER, *daily(OTHER_MACRO + 1, range(1, 8), "10.30.0.2")], [link(OTHER_MACRO + 1, at("01 01:00"), cell_type="macro")], [OTHER_MACRO], id="rogue:came-through-a-tunnel"),
        pytest.param(daily(OTHER_MACRO + 1, range(1, 8), "10.30.0.2"), [], [], id="rogue:no-partner-in-sight"),
    ],
)  # fmt: skip
def test_excuses_steady_cells_of_another_network(room, access, links, cells):
    found = room.excuses(EXPLANATION, access=[*OWN, *access], equipment=LISTED, links=links)
    assert sorted(excuse.key.cell for excuse in found) == cells
    assert all("unregistered_cell" in excuse.detectors for excuse in found)


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
