import pytest
from made_up_records import HOME, MACRO, OTHER_HOME, accused, at, card, minutes, touch, touches
from scipy.stats import betabinom

from cellwarden.detect.detector import Surroundings
from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of
from cellwarden.detect.share import expected_share
from cellwarden.records.operator import Operator

DETECTOR = card("reject_chain")
START = at("05 10:00")
FLEET = [row for number in range(30) for row in touches(OTHER_HOME + number, 12, START, first=5000 + 20 * number, source=f"10.1.0.{number}")]  # fmt: skip


def chains(count, cell=HOME, first=1, **more):
    """So many people turned away by a cell, who attach at a mast with the IMSI."""
    return [
        row
        for number in range(first, first + count)
        for row in (
            touch(cell, number, START, **{"result": "reject", "cause": 9, **more}),
            touch(MACRO, number, START + minutes(3), procedure="attach", identity="imsi", cell_type="macro", source=None),
        )
    ]


@pytest.mark.parametrize(
    ("turned_away", "others", "expected"),
    [
        pytest.param(6, 6, [HOME], id="rogue"),
        pytest.param(3, 2, [HOME], id="rogue:three-of-five"),
        pytest.param(2, 3, [], id="rogue:one-person-too-few"),
        pytest.param(3, 1, [], id="rogue:one-visitor-too-few"),
        pytest.param(0, 12, [], id="innocent:nobody"),
    ],
)
def test_accuses_a_cell_that_turns_people_away(room, turned_away, others, expected):
    access = [*FLEET, *chains(turned_away), *touches(HOME, others, START, first=900)]
    found = room.findings(DETECTOR, access=access)
    assert accused(found) == expected
    for finding in found:
        assert f"{turned_away} of {turned_away + others} people" in finding.evidence["en"]
        assert f"{turned_away + others}명 중 {turned_away}명" in finding.evidence["ko"]
        assert finding.known_at == finding.to_at


def test_a_detach_counts_as_a_reject_does(room):
    access = [*FLEET, *chains(6, procedure="detach", result="ok", cause=None), *touches(HOME, 6, START, first=900)]
    assert accused(room.findings(DETECTOR, access=access)) == [HOME]


def test_phones_switched_off_and_on_again_are_few_and_everywhere(room):
    """innocent: then the class's own share is high."""
    everywhere = [
        row
        for number in range(30)
        for row in chains(2, OTHER_HOME + number, first=7000 + 10 * number, source=f"10.1.0.{number}")
    ]
    access = [*FLEET, *everywhere, *chains(3), *touches(HOME, 14, START, first=900)]
    alone = room.findings(DETECTOR, access=[*FLEET, *chains(3), *touches(HOME, 14, START, first=900)])
    assert accused(alone) == [HOME]
    assert accused(room.findings(DETECTOR, access=access)) == []


@pytest.mark.parametrize("cause", ["a core restart", "maintenance of the cell"])
def test_no_innocent_cause_reaches_a_line_alone(cause):
    """One cell-day cannot tell them apart: the bound keeps each below a line, and an explanation answers it."""
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"]) - 1


def test_the_weight_is_the_ratio_of_two_beta_binomials():
    row = {
        "plmn": "00101", "rat": "lte", "cell_type": "home", "cell": HOME, "hand": "X1", "from_at": START, "to_at": START, "hits": 4, "tries": 40,
        "hits_before": 1, "tries_before": 30, "days": 100, "n": 4000.0, "x": 40.0, "nn": 160_000.0, "xx_n": 2.0, "day_number": 1,
    }  # fmt: skip
    (finding,) = DETECTOR.judge(DETECTOR, [row], Surroundings(operator=Operator()))
    honest = expected_share(row, trust=DETECTOR.threshold("own_history_trust"), default=DETECTOR.threshold("default_share"))
    rogue = betabinom.logpmf(4, 40, DETECTOR.threshold("rogue_alpha"), DETECTOR.threshold("rogue_beta"))
    assert finding.weight == pytest.approx(rogue - betabinom.logpmf(4, 40, honest.alpha, honest.beta))


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
