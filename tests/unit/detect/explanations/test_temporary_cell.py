import pytest
from made_up_records import HOME, MACRO, OTHER_MACRO, at, card, link, mast, touches, version

EXPLANATION = card("temporary_cell")
DAY = at("05 03:00")
FLEET = [mast(MACRO, 37.5, 127.0), mast(MACRO + 1, 37.5, 127.0)]


def macro(cell, count, source, first=1, since=DAY, **more):
    return touches(cell, count, since, first=first, cell_type="macro", source=source, **more)


BEFORE = [*macro(MACRO, 20, "10.20.0.1", since=at("04 03:00")), *macro(MACRO + 1, 20, "10.20.0.2", since=at("04 03:00"))]
TODAY = [*macro(MACRO, 20, "10.20.0.1"), *macro(MACRO + 1, 20, "10.20.0.2"), *touches(HOME, 3, DAY, source="10.21.0.5")]
ORDINARY = [*BEFORE, *TODAY]
MONTH = [row for day in range(1, 31) for row in macro(MACRO, 20, "10.20.0.1", since=at(f"{day:02d} 05:00"))]


def on_wheels(count=20, source="10.20.9.9", **more):
    return macro(OTHER_MACRO, count, source, first=500, **more)


@pytest.mark.parametrize(
    ("crowd", "more", "share"),
    [
        pytest.param(on_wheels(), {}, 0.8, id="explains:an-event"),
        pytest.param(on_wheels(10), {}, 0.8, id="explains:half-a-macro-cells-people"),
        pytest.param(on_wheels(), {"events": [{"kind": "temporary_cell", "cell": OTHER_MACRO, "from_at": at("05 00:00")}]}, 1.0, id="explains:announced"),
        pytest.param(on_wheels(9), {"events": [{"kind": "temporary_cell", "cell": OTHER_MACRO, "from_at": at("05 00:00")}]}, 1.0, id="explains:announced-and-few-come"),
        pytest.param(on_wheels(9), {}, None, id="just-below:too-few-people"),
        pytest.param([*on_wheels(), *on_wheels(3, since=at("05 12:00"), identity="imsi")], {}, 0.8, id="explains:three-identities-are-few"),
        pytest.param([*on_wheels(), *on_wheels(4, since=at("05 12:00"), identity="imsi")], {}, None, id="rogue:asks-who-they-are"),
        pytest.param(on_wheels(source="10.21.0.6"), {}, None, id="rogue:among-the-tunnels-addresses"),
        pytest.param(on_wheels(source=None), {}, None, id="no-address-no-excuse"),
        pytest.param(on_wheels(), {"links": [link(OTHER_MACRO, at("05 02:00"), cell_type="macro")]}, None, id="rogue:came-through-the-security-gateway"),
        pytest.param(on_wheels(), {"links": [link(HOME, at("05 02:00"), inner_ip="10.20.9.9")]}, None, id="rogue:another-cells-tunnel-address"),
        pytest.param([*MONTH, *(row for day in range(1, 15) for row in on_wheels(since=at(f"{day:02d} 03:00")))], {}, 0.8, id="explains:fourteen-days"),
        pytest.param([*MONTH, *(row for day in range(1, 16) for row in on_wheels(since=at(f"{day:02d} 03:00")))], {}, None, id="just-below:fifteen-days"),
        pytest.param([*on_wheels(), *on_wheels(since=at("04 03:00"))], {}, None, id="just-below:there-all-along"),
    ],
)  # fmt: skip
def test_excuses_a_crowd_on_the_operators_own_transport(room, crowd, more, share):
    found = room.excuses(EXPLANATION, access=[*ORDINARY, *crowd], equipment=FLEET, **more)
    assert [(excuse.key.cell, excuse.share) for excuse in found] == ([] if share is None else [(OTHER_MACRO, share)])
    for excuse in found:
        assert (excuse.from_at, "unregistered_cell" in excuse.detectors) == (
            min(row["at"] for row in crowd if row["cell"] == OTHER_MACRO),
            True,
        )


def test_a_listed_cell_needs_no_excuse_and_a_home_cell_gets_none(room):
    assert room.excuses(EXPLANATION, access=[*ORDINARY, *on_wheels()], equipment=[*FLEET, mast(OTHER_MACRO, 37.5, 127.0)]) == []
    crowd = touches(HOME + 1, 30, DAY, first=500, source="10.20.9.9")
    assert room.excuses(EXPLANATION, access=[*ORDINARY, *crowd], equipment=[*FLEET, version(HOME)]) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
