import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, mast, minutes, touch, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("misplaced_cell")
MAST = 5_000_001
START = at("05 10:00")
PLACE = {"lat": 37.50, "lon": 127.0}
FAR = {"lat": 37.53, "lon": 127.0}
"""3.3 km north."""


def sightings(cell=HOME, *, neighbour=MAST, visitors=3, tens=2, source="10.0.0.1"):
    """So many visitors from a mast in each of so many spans of ten minutes."""
    return [
        row
        for ten in range(tens)
        for number in range(visitors)
        for row in (
            touch(neighbour, 1000 * cell + 100 * ten + number, START + minutes(10 * ten + number), cell_type="macro", source=None),
            touch(cell, 1000 * cell + 100 * ten + number, START + minutes(10 * ten + number + 1), source=source),
        )
    ]  # fmt: skip


def fleet(count, *, beyond=0, neighbour=MAST):
    """Cells that are in their place but for the first `beyond` of them."""
    access = [row for n in range(count) for row in sightings(OTHER_HOME + n, neighbour=neighbour, source=f"10.1.0.{n}")]
    return access, [version(OTHER_HOME + n, **(FAR if n < beyond else PLACE)) for n in range(count)]


def found(room, home, *, access=None, others=([], []), masts=None):
    tables = {
        "access": [*(access or sightings()), *others[0]],
        "equipment": [*(masts or [mast(MAST, **PLACE)]), *others[1], *home],
    }
    return [each for each in room.findings(DETECTOR, **tables) if each.key.cell == HOME]


def test_accuses_a_cell_that_its_visitors_place_far_from_its_own(room):
    (finding,) = found(room, [version(HOME, **FAR)])
    assert (finding.known_at, finding.hand) == (finding.to_at, "inner 10.0.0.1")
    assert "place cell 19753073 3.3 km from" in finding.evidence["en"]
    assert "3.3 km" in finding.evidence["ko"]
    assert PRIOR.value + finding.weight < log_odds_of(GRADES["review"])


def test_a_retired_id_is_measured_from_its_last_place(room):
    assert accused(found(room, [version(HOME, status="deleted", **FAR)])) == [HOME]


@pytest.mark.parametrize(
    ("home", "access"),
    [
        pytest.param([version(HOME, **PLACE)], None, id="innocent:in-its-place"),
        pytest.param([version(HOME, lat=37.5224, lon=127.0)], None, id="rogue:just-below-two-and-a-half-kilometres"),
        pytest.param([version(HOME)], None, id="innocent:no-place-registered"),
        pytest.param([], None, id="innocent:not-registered-is-another-detectors"),
        pytest.param([version(HOME, kind="mobile", **FAR)], None, id="innocent:on-board"),
        pytest.param([version(HOME, **FAR)], sightings(visitors=2), id="rogue:one-visitor-too-few"),
        pytest.param([version(HOME, **FAR)], sightings(tens=1), id="rogue:one-sighting-too-few"),
        pytest.param([version(HOME, **FAR), version(HOME, recorded_at=at("03 00:00"), **PLACE)], None, id="innocent:moved-or-issued-anew-and-recorded"),
    ],
)  # fmt: skip
def test_says_nothing(room, home, access):
    assert found(room, home, access=access) == []


def test_a_registry_of_wrong_addresses_weighs_little(room):
    """innocent: the share of the fleet's cells that are far from their place decides."""
    few = found(room, [version(HOME, **FAR)], others=fleet(19))[0].weight
    many = found(room, [version(HOME, **FAR)], others=fleet(18, beyond=9))[0].weight
    assert many < few - 1.2


def test_where_masts_lie_far_apart_all_cells_seem_far(room):
    """innocent: with enough cells the typical distance sets what is far; with one too few the stated one holds."""
    far_mast = [mast(MAST, 37.59, 127.0)]
    least = int(DETECTOR.threshold("least_cells"))
    for size, expected in ((least - 1, []), (least - 2, [HOME])):
        rural = fleet(size)
        home = [version(HOME, **PLACE)]
        assert accused(found(room, home, others=rural, masts=far_mast)) == expected


@pytest.mark.parametrize("cause", ["a household that moved", "a cell carried along"])
def test_people_who_move_stay_below_a_line(cause):
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"])


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
