import pytest
from made_up_habits import quiet_homes
from made_up_records import HOME, accused, at, card, touches

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("fleeting_cell")
FLEET = quiet_homes()
"""Households that are quiet from 16 to 21 h of seven days: that is when this operator's night is."""


def night(day, hour=18, count=20, first=1):
    return touches(HOME, count, at(f"0{day} {hour}:00"), first=first)


def found(room, *more):
    return [each for each in room.findings(DETECTOR, access=[*FLEET, *more]) if each.key.cell == HOME]


def test_accuses_an_id_that_lives_for_a_night(room):
    (finding,) = found(room, *night(4))
    assert (finding.from_at, finding.known_at) == (at("04 18:00"), at("05 01:00"))
    assert "for 1 hours of a night with 20 people, and in all the records on 1 such nights only" in finding.evidence["en"]
    assert "심야 1시간 동안 20명" in finding.evidence["ko"]


def test_every_such_night_is_told(room):
    assert accused(found(room, *night(3), *night(5, first=100))) == [HOME, HOME]


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        pytest.param(night(4, count=8), [HOME], id="rogue:eight-people"),
        pytest.param(night(4, count=7), [], id="innocent:a-household-with-guests"),
        pytest.param([*night(4), *night(5, first=18)], [HOME, HOME], id="rogue:three-came-again"),
        pytest.param([*night(4), *night(5, first=9)], [], id="innocent:people-come-again"),
        pytest.param([*night(4), *night(4, hour=22, count=6, first=50)], [], id="innocent:by-day-too"),
        pytest.param([*night(4), *(row for hour in range(16, 23) for row in night(4, hour=hour, count=2, first=40 + hour))], [], id="innocent:seven-hours-long"),
        pytest.param(night(1), [], id="just-below:the-records-begin-there"),
        pytest.param(night(7), [], id="just-below:the-records-end-there"),
        pytest.param([*night(4), *night(5, hour=23, first=100)], [], id="innocent:tried-by-night-and-then-in-service"),
    ],
)  # fmt: skip
def test_its_whole_life_must_be_nights_among_strangers(room, access, expected):
    assert accused(found(room, *access)) == expected


def test_ids_that_live_one_night_each_do_not_make_each_other_common(room):
    """A unit that takes a new id every night is no commoner than one that keeps its own."""
    (alone,) = found(room, *night(4))
    others = [row for day in (2, 3, 5, 6) for row in touches(HOME + day, 20, at(f"0{day} 18:00"), first=100 * day)]
    assert found(room, *night(4), *others)[0].weight == pytest.approx(alone.weight, abs=0.3)


def test_alone_it_is_a_matter_for_review(room):
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["suspect"])


def test_no_records_no_finding(room):
    assert room.findings(DETECTOR) == []
