import math
from datetime import timedelta

import pytest
from made_up_records import HOME, PLMN, at, mast, minutes, touch, version

from cellwarden.detect.detector import CellKey
from cellwarden.detect.fusion import Spell, Suspect
from cellwarden.detect.place.moving_cell import distance_m
from cellwarden.detect.place.tracks import LEAST_RADIUS_M, middle, tracks

KEY = CellKey(PLMN, "lte", "home", HOME)
START = at("05 10:00")
GRID = [
    mast(6_000_000 + 10 * row + column, 37.50 + 0.008 * row, 127.0 + 0.01 * column) for row in range(4) for column in range(4)
]
"""Masts about 900 m apart."""


def suspect(from_at=START):
    spell = Spell(
        key=KEY,
        unit="unit-1",
        hands=frozenset({"X1"}),
        addresses=frozenset(),
        from_at=from_at,
        to_at=START + minutes(29),
        events=9,
    )
    return Suspect(spell=spell, findings=[], excuses=[], log_odds=3.0, unexplained_log_odds=3.0)


def visitors(lat, lon, since, count, *, first=100):
    """Visitors that come from the masts nearest to a place, the nearest first."""
    near = sorted(GRID, key=lambda each: math.hypot(each["lat"] - lat, 0.8 * (each["lon"] - lon)))[:4]
    return [
        row
        for number in range(count)
        for row in (
            touch(near[number % len(near)]["cell"], first + number, since + timedelta(seconds=20 * number) - minutes(2), cell_type="macro", source=None),
            touch(HOME, first + number, since + timedelta(seconds=20 * number)),
        )
    ]  # fmt: skip


def sightings(room, access):
    room.fill(access=access, equipment=[*GRID, version(HOME)])
    room.base()
    room.prepare()
    return room.engine.fetch("SELECT * FROM sighting_all ORDER BY hour_at, tenth").to_pylist()


SOURCES = {(KEY, "unit-1"): {"10.0.0.1"}}


def test_places_a_cell_within_its_radius_of_the_truth_every_ten_minutes(room):
    truth = [(37.512, 127.015), (37.516, 127.018), (37.508, 127.011)]
    access = [
        row
        for number, place in enumerate(truth)
        for row in visitors(*place, START + minutes(10 * number), 12, first=100 * number)
    ]
    found = tracks([suspect()], sightings(room, access), SOURCES)
    assert [each.at for each in found] == [START, START + minutes(10), START + minutes(20)]
    for each, (lat, lon) in zip(found, truth, strict=True):
        off = distance_m(min(lat, each.lat), min(lon, each.lon), max(lat, each.lat), max(lon, each.lon))
        assert off <= each.radius_m
        assert each.radius_m >= LEAST_RADIUS_M.value


def test_cannot_tell_with_fewer_than_three_visitors(room):
    found = tracks([suspect()], sightings(room, visitors(37.512, 127.015, START, 2)), SOURCES)
    assert found == []
    assert middle(found) is None


def row(when, *, source="10.0.0.1", visitors=3, lat=37.5, spread=0.0):
    return {
        "plmn": PLMN, "rat": "lte", "cell_type": "home", "cell": HOME, "source": source, "hour_at": when.replace(minute=0), "tenth": when.minute // 10,
        "lat": lat, "lon": 127.0, "lat_spread": spread, "lon_spread": 0.0, "visitors": visitors,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("when", "told"),
    [("09:40", False), ("09:50", False), ("10:00", True), ("10:20", True), ("10:30", False)],
)
def test_tells_the_ten_minutes_that_meet_the_spell(when, told):
    assert bool(tracks([suspect()], [row(at(f"05 {when}"))], SOURCES)) is told


def test_the_ten_minutes_in_which_a_spell_begins_belong_to_it():
    late = suspect(from_at=START + minutes(7))
    assert len(tracks([late], [row(START)], SOURCES)) == 1


def test_the_household_of_a_cloned_cell_is_not_the_clones_track():
    assert tracks([suspect()], [row(START, source="10.0.0.9")], SOURCES) == []
    assert tracks([suspect()], [row(START)], {}) == []


def test_more_visitors_and_less_spread_narrow_the_radius_to_its_floor():
    radii = [tracks([suspect()], [row(START, visitors=count, spread=0.02)], SOURCES)[0].radius_m for count in (3, 12, 48)]
    assert radii == sorted(radii, reverse=True)
    assert radii[0] == pytest.approx(2 * 0.02 * 111_320 / math.sqrt(3))
    assert tracks([suspect()], [row(START, visitors=10_000)], SOURCES)[0].radius_m == LEAST_RADIUS_M.value


def test_the_middle_holds_every_position():
    positions = tracks(
        [suspect()], [row(START), row(START + minutes(10), lat=37.51), row(START + minutes(20), lat=37.52)], SOURCES
    )
    lat, lon, radius_m = middle(positions)
    assert (lat, lon) == (37.51, 127.0)
    assert radius_m == pytest.approx(0.01 * 111_320 + LEAST_RADIUS_M.value, rel=0.001)
