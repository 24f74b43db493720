from datetime import timedelta

import pytest
from made_up_records import HOME, MACRO, at, card, link, mast, touch, version

EXPLANATION = card("on_board_cell")
MASTS = [mast(MACRO + stop, 37.50 + 0.02 * stop, 127.0) for stop in range(4)]
BUS = version(HOME, kind="mobile")


def trip(day, stops=range(4), *, first=1, **more):
    """Half an hour at each stop from ten o'clock: passengers come from the mast beside it."""
    start = at(f"{day:02d} 01:00")
    return [
        row
        for turn, stop in enumerate(stops)
        for passenger in range(2)
        for row in (
            touch(
                MACRO + stop,
                first + 10 * turn + passenger,
                start + timedelta(minutes=30 * turn),
                cell_type="macro",
                source="10.20.0.1",
            ),
            touch(HOME, first + 10 * turn + passenger, start + timedelta(minutes=30 * turn + 2), **more),
        )
    ]


@pytest.mark.parametrize(
    ("access", "registered", "share"),
    [
        pytest.param(trip(4), BUS, 1.0, id="explains:registered-as-mobile"),
        pytest.param([*trip(4), *trip(5), *trip(6)], version(HOME), 0.5, id="explains:a-timetable"),
        pytest.param([*trip(4), *trip(5)], version(HOME), None, id="just-below:two-days"),
        pytest.param([*trip(4, (0, 1)), *trip(5, (0, 1)), *trip(6, (0, 1))], version(HOME), None, id="just-below:a-short-way"),
        pytest.param([*trip(4), *trip(5, (3, 0, 2, 1)), *trip(6, (2, 3, 1, 0))], version(HOME), None, id="rogue:another-way-every-day"),
        pytest.param([*trip(4, (0, 0, 0, 3)), *trip(5, (0, 3, 0, 0)), *trip(6, (3, 0, 0, 0))], version(HOME), None, id="rogue:stands-still-and-is-seen-with-errors"),
        pytest.param([*trip(4), *trip(5), *trip(6)], version(HOME, status="deleted"), None, id="rogue:a-punctual-van-under-a-deleted-id"),
        pytest.param(trip(4), {**BUS, "status": "lost"}, None, id="rogue:a-lost-mobile-cell"),
    ],
)  # fmt: skip
def test_excuses_what_rides(room, access, registered, share):
    found = room.excuses(EXPLANATION, access=access, equipment=[*MASTS, registered])
    assert [excuse.share for excuse in found] == ([] if share is None else [share])
    assert all("moving_cell" in excuse.detectors and "unregistered_cell" not in excuse.detectors for excuse in found)


def test_another_device_under_the_bus_cells_id_is_not_excused(room):
    links = [link(HOME, at("01 00:00"), serial="X1")]
    assert room.excuses(EXPLANATION, access=trip(4), equipment=[*MASTS, BUS], links=links) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
