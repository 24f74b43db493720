import math
from datetime import timedelta

import pytest
from made_up_records import HOME, PLMN, at, mast, minutes, touch, version

from cellwarden.detect.detector import CellKey
from cellwarden.detect.fusion import Spell, Suspect
from cellwarden.detect.place.moving_cell import distance_m
from cellwarden.detect.place.sighting import BORDER, SURROUNDING
from cellwarden.detect.place.tracks import LEAST_RADIUS_M, MIN_VISITORS, Position, middle, tracks
from cellwarden.detect.preparation import prepare

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
    """Visitors that come from the masts around a place, the more from one the nearer it is (fourth power of the distance)."""
    near = {each["cell"]: (math.hypot(each["lat"] - lat, 0.8 * (each["lon"] - lon)) + 1e-4) ** -4 for each in GRID}
    came = dict.fromkeys(near, 0)
    for _ in range(count):
        # The next one comes from the mast that is furthest behind its share.
        came[max(near, key=lambda cell: near[cell] / (came[cell] + 0.5))] += 1
    masts = [cell for cell, times in came.items() for _ in range(times)]
    return [
        row
        for number, cell in enumerate(masts)
        for row in (
            touch(cell, first + number, since + timedelta(seconds=20 * number) - minutes(2), cell_type="macro", source=None),
            touch(HOME, first + number, since + timedelta(seconds=20 * number)),
        )
    ]  # fmt: skip


SOURCES = {(KEY, "unit-1"): {"10.0.0.1"}}
CELLS = [(each["cell"], each["lat"], each["lon"]) for each in GRID]


def tracked(room, access, **more):
    """Return the track of one suspect, all the way from access rows."""
    room.fill(access=access, equipment=[*GRID, version(HOME)])
    room.base()
    prepare(room.engine, (SURROUNDING, BORDER), days=room.days(), read_day=room.read_day)
    steps, borders = (room.engine.fetch(f"SELECT * FROM {name} t").to_pylist() for name in ("surrounding_all", "border_all"))
    return tracks([suspect(**more)], steps, CELLS, borders, SOURCES)


def off_m(position, lat, lon):
    return distance_m(min(lat, position.lat), min(lon, position.lon), max(lat, position.lat), max(lon, position.lon))


def test_places_a_cell_within_its_radius_of_the_truth_every_ten_minutes(room):
    truth = [(37.512, 127.015), (37.516, 127.018), (37.508, 127.011)]
    access = [
        row
        for number, place in enumerate(truth)
        for row in visitors(*place, START + minutes(10 * number), 29, first=100 * number)
    ]
    found = tracked(room, access)
    assert [each.at for each in found] == [START, START + minutes(10), START + minutes(20)]
    for each, place in zip(found, truth, strict=True):
        assert off_m(each, *place) <= each.radius_m
        assert each.radius_m >= LEAST_RADIUS_M.value


def step(when, imsi, *, near=GRID[5], source="10.0.0.1", cell=HOME):
    return {
        "plmn": PLMN, "rat": "lte", "cell_type": "home", "cell": cell, "source": source, "at": when, "imsi": imsi,
        "near_cell": near["cell"], "lat": near["lat"], "lon": near["lon"],
    }  # fmt: skip


def steps(count, since=START, *, first=0, **more):
    return [step(since + timedelta(seconds=20 * number), first + number, **more) for number in range(count)]


def told(rows, *, of=None, sources=SOURCES):
    return tracks(of or [suspect()], rows, CELLS, [], sources)


@pytest.mark.parametrize(
    ("count", "positions"), [(int(MIN_VISITORS.value), 1), pytest.param(int(MIN_VISITORS.value) - 1, 0, id="one-too-few")]
)
def test_cannot_tell_with_fewer_visitors(count, positions):
    found = told(steps(count))
    assert len(found) == positions
    assert (middle(found) is None) is (positions == 0)


def test_visitors_of_the_ten_minutes_before_and_after_count_and_one_who_comes_back_counts_once():
    rows = [*steps(6), *steps(6, START + minutes(10), first=50)]
    assert [each.at for each in told(rows)] == [START, START + minutes(10)]
    assert told([*steps(6), *steps(6, START + minutes(10))]) == []


def test_visitors_who_came_by_elsewhere_do_not_count():
    """A unit that stays a minute and drives on: six here and six there do not make ten of one place."""
    here = [step(START + timedelta(seconds=45 * number), number) for number in range(12)]
    there = steps(6, START + minutes(14), first=50, near=GRID[15])
    assert [each.at for each in told([*here, *there])] == [START]
    assert told([*here[:9], *there]) == []


def test_a_unit_is_placed_where_it_was_while_it_had_visitors():
    """It may leave when the last has come, and is told of until then, not until the ten minutes are over."""
    here, there = steps(12), steps(12, START + minutes(16), first=50, near=GRID[10])
    (alone,), both = told(here), told([*here, *there])
    assert both[0].at == START
    assert off_m(both[0], alone.lat, alone.lon) < 50


def test_masts_all_over_town_at_once_tell_no_place():
    """A crowd sent from everywhere: each visitor has another neighbour, and no spot suits them."""
    far = [mast(7_000_000 + number, 37.3 + 0.05 * number, 126.7 + 0.06 * (number % 5)) for number in range(12)]
    cells = [(each["cell"], each["lat"], each["lon"]) for each in far]
    rows = [step(START + timedelta(seconds=number), number, near=each) for number, each in enumerate(far)]
    assert all(each.radius_m > 500 for each in tracks([suspect()], rows, cells, [], SOURCES))


@pytest.mark.parametrize(
    ("when", "is_told"),
    [("09:40", False), ("09:50", False), ("10:00", True), ("10:20", True), ("10:30", False)],
)
def test_tells_the_ten_minutes_that_meet_the_spell(when, is_told):
    assert bool(told(steps(12, at(f"05 {when}")))) is is_told


def test_the_ten_minutes_in_which_a_spell_begins_belong_to_it():
    assert len(told(steps(12), of=[suspect(from_at=START + minutes(7))])) == 1


def test_the_household_of_a_cloned_cell_is_not_the_clones_track():
    assert told(steps(12, source="10.0.0.9")) == []
    assert told(steps(12), sources={}) == []


def test_the_ids_of_one_unit_tell_of_one_place():
    other = CellKey(PLMN, "lte", "home", HOME + 1)
    rows = [*steps(5), *steps(5, cell=HOME + 1, first=50)]
    assert told(rows) == []
    (found,) = told(rows, sources={**SOURCES, (other, "unit-1"): {"10.0.0.1"}})
    assert found.key == KEY


def test_nothing_placed_around_tells_nothing():
    assert tracks([suspect()], steps(12), [], [], SOURCES) == []


def test_visitors_of_a_mast_at_a_wrong_place_of_the_registry_tell_nothing():
    """The registry has the mast of one corner at the other; its phones, like those of every mast, cross to the masts next door."""
    stands = {256 * each["cell"]: (each["lat"], each["lon"]) for each in GRID}
    wrong = {"cell": 256 * GRID[0]["cell"], "lat": GRID[15]["lat"] + 0.004, "lon": GRID[15]["lon"] + 0.004}
    registered = stands | {wrong["cell"]: (wrong["lat"], wrong["lon"])}
    borders = [
        {
            "cell": cell, "lat": registered[cell][0], "lon": registered[cell][1],
            "other_lat": registered[other][0], "other_lon": registered[other][1], "crossings": 100,
        }
        for cell, here in stands.items() for other, there in stands.items()
        if cell != other and math.hypot(here[0] - there[0], 0.8 * (here[1] - there[1])) < 0.0115
    ]  # fmt: skip
    cells = [(cell, *spot) for cell, spot in registered.items()]
    astray, others = steps(12, near=wrong), steps(12, first=50, near=GRID[6] | {"cell": 256 * GRID[6]["cell"]})
    assert tracks([suspect()], astray, cells, borders, SOURCES) == []
    found = tracks([suspect()], [*astray, *others], cells, borders, SOURCES)
    assert found == tracks([suspect()], others, cells, borders, SOURCES)
    assert len(found) == 1


def test_the_order_of_rows_changes_nothing():
    rows = [*steps(12), *steps(12, START + minutes(10), near=GRID[6])]
    assert told(rows) == told(rows[::-1])


def test_standing_still_lets_the_moments_help_each_other():
    """The same visitors, at once or spread over half an hour: a unit that stands is placed as well at each moment."""
    apart = told([*steps(10), *steps(10, START + minutes(10), first=50), *steps(10, START + minutes(20), first=90)])
    alone = told(steps(10))
    assert apart[1].radius_m < alone[0].radius_m


def test_the_middle_holds_every_position():
    positions = [
        Position(key=KEY, unit="unit-1", spell_from=START, at=START, lat=lat, lon=127.0, radius_m=100.0)
        for lat in (37.50, 37.51, 37.52)
    ]
    lat, lon, radius_m = middle(positions)
    assert (lat, lon) == (37.51, 127.0)
    assert radius_m == pytest.approx(0.01 * 111_320 + 100, rel=0.001)
