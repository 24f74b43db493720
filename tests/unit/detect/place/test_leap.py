"""Leaps: two clusters of visitors at once, or one visitor too fast; nothing else."""

import pytest
from made_up_records import HOME, MACRO, at, mast, minutes, touch

from cellwarden.detect.place.leap import DRIVE_M_S, FAR_M, FASTEST_M_S, LEAP

START = at("05 10:00")
EXPLAINED = FAR_M + DRIVE_M_S * 2 * 60
"""Metres between two masts from which visitors come within a minute each."""
NORTH = {"close": FAR_M - 60, "near": EXPLAINED - 60, "far": EXPLAINED + 60, "remote": 50_000}
"""Metres north of the first mast."""
MASTS = [mast(MACRO, 37.5, 127.0), *(mast(MACRO + 1 + n, 37.5 + m / 111_320, 127.0) for n, m in enumerate(NORTH.values()))]


def leaps(room, access):
    room.fill(access=access, equipment=MASTS)
    room.base()
    room.prepare()
    columns = ", ".join(f"l.{name} AS {name}" for name in LEAP.schema.names)
    return room.engine.fetch(f"SELECT {columns} FROM leap_all l").to_pylist()


def neighbours_of(place):
    return MACRO + 1 + list(NORTH).index(place)


def visitors(here, there, place="far", *, later=0.0, way=1.0, **more):
    """Some visitors from the first mast and some from another, all on the cell within minutes."""
    came = [*[MACRO] * here, *[neighbours_of(place)] * there]
    return [
        row
        for number, neighbour in enumerate(came)
        for row in (
            touch(neighbour, number, START + minutes(later if neighbour != MACRO else 0), cell_type="macro", source=None),
            touch(HOME, number, START + minutes(way + (later if neighbour != MACRO else 0)), **more),
        )
    ]


def crosses(place, gap):
    """One visitor that was on the first mast, on the cell, and on another mast after so many minutes."""
    return [
        touch(MACRO, 1, START, cell_type="macro", source=None),
        touch(HOME, 1, START + minutes(gap / 2)),
        touch(neighbours_of(place), 1, START + minutes(gap), cell_type="macro", source=None),
    ]


def test_two_clusters_of_two_visitors_are_apart(room):
    (row,) = leaps(room, visitors(2, 2))
    assert (row["cell"], row["apart"], row["flights"]) == (HOME, 4, 0)
    assert row["metres"] == pytest.approx(EXPLAINED + 60, abs=5)


@pytest.mark.parametrize(
    "access",
    [
        pytest.param(visitors(4, 1), id="innocent:one-phone-hears-a-distant-mast"),
        pytest.param(visitors(2, 2, "near"), id="rogue:just-below-the-distance"),
        pytest.param(visitors(2, 2, later=10), id="innocent:ten-minutes-later"),
        pytest.param(visitors(2, 2, way=1.1), id="innocent:they-had-the-time-to-drive"),
        pytest.param([{**row, "source": f"10.0.0.{row['imsi'] // 2}"} if row["cell"] == HOME else row for row in visitors(2, 2)], id="innocent:two-addresses-are-another-detectors"),
    ],
)  # fmt: skip
def test_the_rest_is_in_one_place(room, access):
    assert leaps(room, access) == []


def test_a_visitor_faster_than_any_train_flies(room):
    seconds = NORTH["remote"] / FASTEST_M_S
    (row,) = leaps(room, crosses("remote", (seconds - 5) / 60))
    assert (row["apart"], row["flights"]) == (0, 1)
    assert leaps(room, crosses("remote", (seconds + 1) / 60)) == []
    assert leaps(room, crosses("close", 0.1)) == []


def test_without_records_it_is_empty(room):
    assert leaps(room, []) == []
