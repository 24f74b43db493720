import pytest
from made_up_habits import quiet_homes
from made_up_records import HOME, accused, at, card, minutes, touches

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("night_activity")
NIGHT = at("06 18:00")
"""Three in the morning in Seoul; to the detector, the hours in which this operator is quiet."""


FLEET = quiet_homes()


def found(room, *more):
    return [each for each in room.findings(DETECTOR, access=[*FLEET, *more]) if each.key.cell == HOME]


def test_accuses_a_cell_that_strangers_come_to_by_night(room):
    (finding,) = found(room, *touches(HOME, 20, NIGHT))
    assert (finding.hand, finding.known_at) == ("inner 10.0.0.1", at("06 19:00"))
    assert "20 of the day's 20 strangers at cell 19753073 came in the quietest hours" in finding.evidence["en"]
    assert "20명 중 20명이 가장 한산한 심야" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("count", "expected"), [pytest.param(6, [HOME], id="rogue:six"), pytest.param(5, [], id="innocent:a-household-with-guests")]
)
def test_six_strangers_are_needed(room, count, expected):
    assert accused(found(room, *touches(HOME, count, NIGHT))) == expected


def always_open(nights, *, by_night, by_day=20):
    """New people day and night."""
    return [
        row
        for night in range(nights)
        for row in [
            *touches(HOME, by_night, at(f"0{2 + night} 18:00"), first=1000 + 100 * night),
            *touches(HOME, by_day, at(f"0{2 + night} 22:00"), first=1050 + 100 * night),
        ]
    ]


@pytest.mark.parametrize(
    "access",
    [
        pytest.param(touches(HOME, 20, at("06 12:00")), id="innocent:by-day"),
        pytest.param([row for day in range(2, 7) for row in touches(HOME, 20, at(f"0{day} 18:00"))], id="innocent:night-shift-the-same-people"),
        pytest.param(always_open(5, by_night=8), id="innocent:a-hospital-has-more-by-day"),
        pytest.param(always_open(1, by_night=8), id="innocent:even-in-its-first-night"),
    ],
)  # fmt: skip
def test_says_nothing(room, access):
    assert found(room, *access) == []


def test_a_place_that_is_busiest_by_night_becomes_its_own_measure(room):
    """innocent: a depot; its first night weighs something, later ones a fraction of it."""
    weights = [
        each.weight for each in sorted(found(room, *always_open(6, by_night=30, by_day=5)), key=lambda each: each.from_at)
    ]
    assert weights
    assert all(each < weights[0] / 4 for each in weights[1:])


@pytest.mark.parametrize("cause", ["maintenance by night", "a gateway restart by night"])
def test_a_night_of_work_stays_far_below_a_line(cause):
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"]) - 1.5


def test_night_is_where_this_operator_is_quiet(room):
    """On the other side of the world the same hours are lunch time."""
    shifted = [{**row, "at": row["at"] + minutes(60 * 8)} for row in FLEET]
    found = room.findings(DETECTOR, access=[*shifted, *touches(HOME, 20, NIGHT)])
    assert accused(found) == []


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
