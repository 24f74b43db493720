from datetime import timedelta

import pytest
from made_up_records import OTHER_HOME, at, card, link, touch, version

EXPLANATION = card("gateway_restart")
NIGHT = at("05 18:00")


def join(cell, when, **more):
    return link(
        OTHER_HOME + cell, when, **{"gateway": "segw-2", "inner_ip": f"10.0.1.{cell}", "source_ip": f"192.0.2.{cell}", **more}
    )


def fleet(count=10, again=5, *, at_night=NIGHT):
    return [
        *(join(cell, at("01 10:00")) for cell in range(count)),
        *(join(cell, at_night + timedelta(minutes=cell)) for cell in range(again)),
    ]


def used(cell, *times):
    return [touch(OTHER_HOME + cell, 100 + cell, when, source=f"10.0.1.{cell}") for when in times]


USED = [
    row
    for cell in range(12)
    for row in used(cell, at("05 10:00"), NIGHT + timedelta(minutes=20), NIGHT + timedelta(minutes=70), at("05 20:30"))
]
ANNOUNCED = [
    {
        "kind": "gateway_restart",
        "gateway": "segw-2",
        "from_at": NIGHT - timedelta(minutes=20),
        "to_at": NIGHT + timedelta(minutes=30),
    }
]


@pytest.mark.parametrize(
    ("links", "events", "count"),
    [
        pytest.param(fleet(), [], 5, id="explains:half-the-gateways-cells"),
        pytest.param(fleet(again=4), [], 0, id="just-below:four-cells"),
        pytest.param(fleet(count=17, again=5), [], 0, id="just-below:too-small-a-part"),
        pytest.param(fleet(count=10, again=2), ANNOUNCED, 2, id="explains:announced"),
        pytest.param(fleet(count=10, again=1), ANNOUNCED, 0, id="just-below:announced-but-a-single-cell"),
        pytest.param([{**row, "gateway": None} for row in fleet()], ANNOUNCED, 0, id="no-gateway-no-excuse"),
    ],
)
def test_excuses_the_cells_that_joined_again_together(room, links, events, count):
    found = room.excuses(EXPLANATION, access=USED, links=links, events=events, equipment=[version(OTHER_HOME)])
    assert sorted({excuse.key.cell for excuse in found}) == [OTHER_HOME + cell for cell in range(count)]
    assert {excuse.detectors for excuse in found if excuse.share == 1.0} == ({("address_hopping",)} if count else set())


def test_only_the_part_of_the_day_that_fell_into_the_restart_is_excused(room):
    found = room.excuses(EXPLANATION, access=USED, links=fleet())
    assert {excuse.share for excuse in found if "night_activity" in excuse.detectors} == {0.5}


def test_a_box_that_joins_for_the_first_time_was_not_restarted(room):
    rogue = join(11, NIGHT + timedelta(minutes=3), serial="X1", inner_ip="10.0.1.11")
    found = room.excuses(EXPLANATION, access=USED, links=[*fleet(), rogue])
    assert OTHER_HOME + 11 not in {excuse.key.cell for excuse in found}


def test_a_clone_that_joins_under_a_restarted_cells_id_is_not_excused(room):
    clone = join(0, NIGHT + timedelta(minutes=3), serial="X1", inner_ip="10.0.9.9")
    visited = [touch(OTHER_HOME, 900 + number, NIGHT + timedelta(minutes=30), source="10.0.9.9") for number in range(5)]
    found = room.excuses(EXPLANATION, access=[*USED, *visited], links=[*fleet(), clone])
    assert {excuse.hand for excuse in found if excuse.key.cell == OTHER_HOME} == {f"S{OTHER_HOME}"}


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
