import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, minutes, touch, touches

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("identity_response_without_request")
START = at("05 10:00")
FLEET = [row for number in range(30) for row in touches(OTHER_HOME + number, 12, START, first=5000 + 20 * number, source=f"10.1.0.{number}")]  # fmt: skip


def responses(count, *, asked=False, identity="imsi", cell=HOME, first=1, **more):
    rows = touches(cell, count, START, procedure="identity", identity=identity, first=first, **more)
    return [*rows, *([touch(cell, row["imsi"], row["at"] + minutes(0.2), **more) for row in rows] if asked else [])]


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        pytest.param([*responses(5), *touches(HOME, 5, START, first=900)], [HOME], id="rogue"),
        pytest.param([*responses(3), *touches(HOME, 2, START, first=900)], [HOME], id="rogue:three-of-five"),
        pytest.param([*responses(2), *touches(HOME, 3, START, first=900)], [], id="rogue:one-response-too-few"),
        pytest.param([*responses(3), *touches(HOME, 1, START, first=900)], [], id="rogue:one-procedure-too-few"),
        pytest.param(responses(9, asked=True), [], id="innocent:the-core-asked"),
        pytest.param(responses(9, identity="imei"), [], id="innocent:the-equipment-identity"),
        pytest.param(responses(9, identity="suci"), [], id="innocent:hidden"),
        pytest.param(touches(HOME, 9, START), [], id="innocent:no-response"),
    ],
)
def test_accuses_a_cell_whose_phones_answer_unasked(room, access, expected):
    found = room.findings(DETECTOR, access=[*FLEET, *access])
    assert accused(found) == expected
    for finding in found:
        assert "answered no procedure of the core" in finding.evidence["en"]
        assert "코어 절차가 없음" in finding.evidence["ko"]


@pytest.mark.parametrize("cause", ["records that lost the procedure", "a core that asks at odd moments"])
def test_what_all_cells_show_accuses_none(room, cause):
    """innocent: the class's own share takes over."""
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    everywhere = [row for number in range(30) for row in responses(6, cell=OTHER_HOME + number, first=7000 + 10 * number, source=f"10.1.0.{number}")]  # fmt: skip
    access = [*FLEET, *everywhere, *responses(5), *touches(HOME, 5, START, first=900)]
    assert room.findings(DETECTOR, access=access) == []


def test_a_day_of_slow_roamers_stays_below_a_line():
    assert any(each.startswith("arrivals of roamers") for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"]) - 1


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
