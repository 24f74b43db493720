import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, minutes, touches
from scipy.stats import betabinom

from cellwarden.detect.detector import Surroundings
from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of
from cellwarden.detect.share import expected_share
from cellwarden.records.operator import Operator

DETECTOR = card("stranger_surge")
DAYS = [at(f"0{day} 10:00") for day in range(1, 7)]
START = DAYS[-1]


def homes(count=15):
    """Households that are there every day, with one guest each day."""
    return [
        row
        for number in range(count)
        for day, when in enumerate(DAYS)
        for row in [
            *touches(OTHER_HOME + number, 6, when, first=10_000 + 100 * number, source=f"10.1.0.{number}"),
            *touches(OTHER_HOME + number, 1, when, first=10_050 + 100 * number + day, source=f"10.1.0.{number}"),
        ]
    ]


FLEET = homes()


def found(room, *more):
    return [each for each in room.findings(DETECTOR, access=[*FLEET, *more]) if each.key.cell == HOME]


def test_accuses_a_cell_that_many_people_pass_for_the_first_time(room):
    (finding,) = found(room, *touches(HOME, 30, START))
    assert (finding.from_at, finding.known_at) == (START, START + minutes(29))
    assert "30 of 30 visitors of cell 19753073 had never been there" in finding.evidence["en"]
    assert "30명 중 30명이 처음" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("count", "expected"), [pytest.param(12, [HOME], id="rogue:twelve"), pytest.param(11, [], id="innocent:a-birthday-at-home")]
)
def test_a_dozen_visitors_are_needed(room, count, expected):
    assert accused(found(room, *touches(HOME, count, START))) == expected


@pytest.mark.parametrize(
    "access",
    [
        pytest.param(touches(HOME, 30, DAYS[1]), id="innocent:the-first-days-of-the-records"),
        pytest.param([row for when in DAYS for row in touches(HOME, 30, when)], id="innocent:the-same-people-every-day"),
        pytest.param([row for when in DAYS for row in touches(HOME, 30, when, source=f"10.2.0.{when.day}")], id="innocent:a-line-that-changes-its-address"),
    ],
)  # fmt: skip
def test_says_nothing(room, access):
    assert found(room, *access) == []


def test_a_venue_that_always_has_strangers_is_measured_against_itself(room):
    """innocent: a café, or what never closes; from its second week on it is no news."""
    cafe = [row for day, when in enumerate(DAYS) for row in touches(HOME, 30, when, first=500 + 20 * day)]
    assert found(room, *cafe) == []


@pytest.mark.parametrize("cause", ["a café", "a place that never closes", "a festival", "a temporary cell"])
def test_a_first_day_stays_far_below_a_line(cause):
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"]) - 1.5


def row(hits, tries, *, cell=HOME, expected=0.2, tests=1000):
    return {
        "plmn": "00101", "rat": "lte", "cell_type": "home", "cell": cell, "hand": "X1", "from_at": START, "to_at": START, "hits": hits, "tries": tries,
        "expected": expected, "hits_before": 0, "tries_before": 0, "days": 1000, "n": 20_000.0, "x": 4000.0, "nn": 500_000.0, "xx_n": 1200.0, "tests": tests,
    }  # fmt: skip


def judged(*rows):
    return list(DETECTOR.judge(DETECTOR, list(rows), Surroundings(operator=Operator())))


def test_the_more_cells_are_tested_the_more_one_must_stand_out():
    """One false discovery in twenty, over all cells: what is rare among ten is common among a million."""
    assert accused(judged(row(11, 12, tests=10))) == [HOME]
    assert accused(judged(row(11, 12, tests=10_000_000))) == []


def test_opening_hours_set_what_is_expected():
    by_night, by_day = judged(row(28, 30, expected=0.05)), judged(row(28, 30, expected=0.85))
    assert accused(by_night) == [HOME]
    assert accused(by_day) == []


@pytest.mark.parametrize("hits", range(20, 31))
def test_the_weight_is_the_ratio_of_two_beta_binomials(hits):
    one = row(hits, 30, expected=0.5, tests=1)
    honest = expected_share(one, trust=0.5, default=0.15, mean=0.5, least_correlation=DETECTOR.threshold("least_spread"))
    rogue = betabinom.logpmf(hits, 30, DETECTOR.threshold("rogue_alpha"), DETECTOR.threshold("rogue_beta"))
    ratio = min(DETECTOR.threshold("max_weight"), rogue - betabinom.logpmf(hits, 30, honest.alpha, honest.beta))
    is_called = betabinom.sf(hits - 1, 30, honest.alpha, honest.beta) <= DETECTOR.threshold("max_false_discoveries")
    assert [each.weight for each in judged(one)] == pytest.approx([ratio] if is_called and ratio > 0 else [])


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
