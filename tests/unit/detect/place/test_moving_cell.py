import pytest
from made_up_records import HOME, accused, at, card, mast, minutes, touch, version

from cellwarden.detect.detector import Surroundings, rarity
from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of
from cellwarden.detect.place.moving_cell import distance_m
from cellwarden.records.operator import Operator

DETECTOR = card("moving_cell")
HERE, FAR, BEYOND = 5_000_001, 5_000_002, 5_000_003
START = at("05 10:00")
MASTS = [mast(HERE, 37.50, 127.0), mast(FAR, 37.53, 127.0), mast(BEYOND, 37.51, 127.0)]
"""FAR is 3.3 km north of HERE, BEYOND 1.1 km."""


def visits(neighbour, since, count=3, *, before=3, cell=HOME, **more):
    """So many visitors were on a mast and then on the cell."""
    return [
        row
        for number in range(count)
        for row in (
            touch(neighbour, 100 + number, since + minutes(number - before), cell_type="macro", source=None),
            touch(cell, 100 + number, since + minutes(number), **more),
        )
    ]


def moves(first=HERE, second=FAR, count=3, **more):
    return [*visits(first, START, count, **more), *visits(second, START + minutes(120), count, **more)]


def test_reports_a_fixed_cell_that_was_seen_kilometres_apart_within_a_day(room):
    (finding,) = room.findings(DETECTOR, access=moves(), equipment=[*MASTS, version(HOME)])
    assert finding.key.cell == HOME
    assert finding.known_at == finding.to_at
    assert "3.3 km" in finding.evidence["en"]
    assert "3.3 km" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("access", "home"),
    [
        pytest.param(moves(), {"kind": "mobile"}, id="innocent:on-a-bus-and-registered-so"),
        pytest.param(moves(second=BEYOND), {}, id="innocent:sparse-masts"),
        pytest.param(moves(count=2), {}, id="rogue:one-visitor-too-few"),
        pytest.param(moves(before=11), {}, id="rogue:neighbours-too-long-ago"),
        pytest.param([*visits(HERE, START), *visits(FAR, at("06 10:00"))], {}, id="innocent:moved-house-overnight"),
        pytest.param([row for row in moves() if row["cell"] != HOME], {}, id="innocent:nobody-on-it"),
    ],
)  # fmt: skip
def test_says_nothing_of_the_rest(room, access, home):
    assert accused(room.findings(DETECTOR, access=access, equipment=[*MASTS, version(HOME, **home)])) == []


def test_a_crowd_sent_from_all_over_town_moves_nothing(room):
    """Attaches bought at an honest cell: their senders' masts lie everywhere, and the median of a handful jumps about."""
    sent = [
        *visits(HERE, START, 2),
        *visits(FAR, START, 1),
        *visits(HERE, START + minutes(120), 1),
        *visits(FAR, START + minutes(120), 2),
    ]
    assert accused(room.findings(DETECTOR, access=sent, equipment=[*MASTS, version(HOME)])) == []


def test_one_odd_sighting_among_many_moves_no_busy_venue(room):
    """Eleven sightings, of which one lies far off: a family that came by train. Two far ones are a stop."""

    def seen(far):
        places = [FAR] * far + [HERE] * (11 - far)
        access = [row for number, place in enumerate(places) for row in visits(place, START + minutes(20 * number))]
        return accused(room.findings(DETECTOR, access=access, equipment=[*MASTS, version(HOME)]))

    assert (seen(1), seen(2)) == ([], [HOME])


def test_an_unregistered_cell_can_move_too_and_ten_minutes_to_the_second_count(room):
    assert accused(room.findings(DETECTOR, access=moves(before=10), equipment=MASTS)) == [HOME]


def test_a_home_cell_whose_number_is_a_masts_is_no_mast(room):
    """The integers of both kinds overlap."""
    assert accused(room.findings(DETECTOR, access=moves(cell=HERE), equipment=MASTS)) == [HERE]


def test_a_mast_of_unknown_place_or_on_wheels_places_nobody(room):
    masts = [mast(HERE, 37.50, 127.0, kind="mobile"), mast(FAR, None, None)]
    assert room.findings(DETECTOR, access=moves(), equipment=masts) == []


def weighed(distances_km, *, status="active"):
    rows = [
        {
            "plmn": "00101", "rat": "lte", "cell_type": "home", "cell": number, "hand": f"S{number}", "source": "10.0.0.1", "kind": "femto",
            "from_at": START, "to_at": START, "south": 37.5, "north": 37.5 + km / 111.32, "west": 127.0, "east": 127.0, "visitors": 3,
            "status": status,
        }
        for number, km in enumerate(distances_km)
    ]  # fmt: skip
    return [finding.weight for finding in DETECTOR.judge(DETECTOR, rows, Surroundings(operator=Operator()))]


@pytest.mark.parametrize(("km", "count"), [pytest.param(2.51, 1, id="rogue"), pytest.param(2.49, 0, id="rogue:just-below")])
def test_two_and_a_half_kilometres_are_needed(km, count):
    assert len(weighed([km])) == count


def test_the_weight_is_the_rarity_among_registered_fixed_cells():
    weight = weighed([5.0] * 50 + [0.0] * 950)[0]
    assert weight == pytest.approx(rarity(50, 1000, expected=0.005, strength=200))
    assert weighed([5.0] * 500 + [0.0] * 500)[0] < weight
    assert weighed([5.0, 0.0], status="deleted")[0] == DETECTOR.threshold("max_weight")


def test_an_unregistered_bus_stays_below_review():
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"])


def test_distance_is_the_diagonal():
    assert distance_m(37.5, 127.0, 37.5, 127.0) == 0
    assert distance_m(37.0, 127.0, 38.0, 127.0) == pytest.approx(111_195, rel=0.01)
    assert distance_m(60.0, 10.0, 60.0, 11.0) == pytest.approx(55_600, rel=0.01)


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
