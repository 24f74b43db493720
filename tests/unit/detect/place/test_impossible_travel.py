import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, mast, minutes, touch, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("impossible_travel")
HERE, FAR = 5_000_001, 5_000_002
START = at("05 10:00")
MASTS = [mast(HERE, 37.50, 127.0), mast(FAR, 37.60, 127.0)]
"""11 km apart."""


def clusters(cell=HOME, *, here=2, there=2, **more):
    """Visitors from both masts on one cell within minutes."""
    return [
        row
        for number, neighbour in enumerate([*[HERE] * here, *[FAR] * there])
        for row in (
            touch(neighbour, 100 * cell + number, START, cell_type="macro", source=None),
            touch(cell, 100 * cell + number, START + minutes(1), **more),
        )
    ]


def flights(count, cell=HOME):
    return [
        row
        for number in range(count)
        for row in (
            touch(HERE, number, START + minutes(20 * number), cell_type="macro", source=None),
            touch(cell, number, START + minutes(20 * number + 1)),
            touch(FAR, number, START + minutes(20 * number + 2), cell_type="macro", source=None),
        )
    ]


def test_accuses_a_cell_that_is_in_two_places_at_once_behind_one_address(room):
    (finding,) = room.findings(DETECTOR, access=clusters(), equipment=[*MASTS, version(HOME)])
    assert (finding.key.cell, finding.hand) == (HOME, "inner 10.0.0.1")
    assert "4 visitors at once place cell 19753073 in two places 11.1 km apart" in finding.evidence["en"]
    assert "동시 접속 단말 4대" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("count", "expected"), [pytest.param(2, [HOME], id="rogue"), pytest.param(1, [], id="innocent:one-clock-slipped")]
)  # fmt: skip
def test_accuses_a_cell_whose_visitors_would_have_to_fly(room, count, expected):
    found = room.findings(DETECTOR, access=flights(count), equipment=MASTS)
    assert accused(found) == expected
    assert all(f"{count} visitors on their way" in finding.evidence["en"] for finding in found)


@pytest.mark.parametrize(
    ("access", "equipment"),
    [
        pytest.param(clusters(there=1), [], id="innocent:one-phone-that-hears-a-mast-far-away"),
        pytest.param(clusters(), [version(HOME, kind="mobile")], id="innocent:registered-as-mobile"),
        pytest.param(clusters(cell_type="macro"), [], id="innocent:a-wide-cell-that-the-registry-lost"),
    ],
)
def test_says_nothing(room, access, equipment):
    assert room.findings(DETECTOR, access=access, equipment=[*MASTS, *equipment]) == []


def test_a_mast_with_a_wrong_place_does_it_to_all_cells_around_it(room):
    """innocent: then the share of such cells is high and the weight small."""
    alone = room.findings(DETECTOR, access=clusters(), equipment=MASTS)[0].weight
    access = [row for number in range(60) for row in clusters(OTHER_HOME + number, source=f"10.1.0.{number}")]
    around = [each.weight for each in room.findings(DETECTOR, access=access, equipment=MASTS)]
    assert len(around) == 60
    assert max(around) < alone - 2


def test_slipped_clocks_and_wrong_masts_stay_below_a_line():
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"])


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
