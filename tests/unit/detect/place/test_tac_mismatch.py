import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, touches, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("tac_mismatch")
START = at("05 10:00")
OWN = version(HOME)
OTHERS = [version(OTHER_HOME + number, tac=1) for number in range(60)]
SERVED = [row for number in range(60) for row in touches(OTHER_HOME + number, 1, START, source=f"10.1.0.{number}")]


@pytest.mark.parametrize(
    ("home", "told", "korean"),
    [
        pytest.param([version(HOME, tac=5)], "tracking area 1, not under its own, 5", "대장상 추적 영역은 5", id="rogue:not-its-own"),
        pytest.param([version(HOME, status="deleted", tac=5)], "not under its own, 5", "대장상 추적 영역은 5", id="rogue:a-deleted-id"),
    ],
)  # fmt: skip
def test_accuses_a_cell_under_another_tracking_area(room, home, told, korean):
    (finding,) = room.findings(DETECTOR, access=[*SERVED, *touches(HOME, 2, START)], equipment=[*OTHERS, *home])
    assert (finding.key.cell, finding.known_at) == (HOME, START)
    assert told in finding.evidence["en"]
    assert korean in finding.evidence["ko"]


def test_accuses_an_unregistered_cell_under_an_area_that_nobody_has(room):
    (finding,) = room.findings(DETECTOR, access=[*SERVED, *touches(HOME, 2, START, tac=77)], equipment=OTHERS)
    assert "tracking area 77, which no equipment is configured for" in finding.evidence["en"]
    assert "대장에 없는" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("access", "equipment"),
    [
        pytest.param(touches(HOME, 2, START), [OWN], id="innocent:its-own"),
        pytest.param(touches(HOME, 2, START, tac=9), [version(HOME, tac=None), version(OTHER_HOME, tac=9)], id="innocent:not-configured-but-anothers"),
        pytest.param(touches(HOME, 2, START, tac=9), [version(HOME, tac=None)], id="innocent:a-registry-without-areas"),
        pytest.param(touches(HOME, 2, START, tac=9), [OWN, version(HOME, tac=9, recorded_at=at("02 00:00"))], id="innocent:renumbering-moving-house-or-re-planning-recorded-in-time"),
    ],
)  # fmt: skip
def test_says_nothing(room, access, equipment):
    assert room.findings(DETECTOR, access=access, equipment=equipment) == []


def test_areas_re_planned_in_bulk_make_no_cell_special(room):
    """innocent: the share of cells under another area than the registry's decides."""
    alone = room.findings(DETECTOR, access=[*SERVED, *touches(HOME, 2, START)], equipment=[*OTHERS, version(HOME, tac=5)])
    replanned = [{**row, "tac": 2} for row in SERVED]
    bulk = room.findings(DETECTOR, access=replanned, equipment=OTHERS)
    assert len(bulk) == 60
    assert max(each.weight for each in bulk) < alone[0].weight - 1.4


@pytest.mark.parametrize("cause", ["a carrier shared", "a household that moved"])
def test_it_is_a_hint_beside_others(cause):
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"]) - 1.5


def test_a_tracking_area_alone_accuses_nobody_abroad(room):
    """Another operator's cells are not ours to judge."""
    found = room.findings(DETECTOR, access=touches(HOME, 2, START, plmn="00102", tac=77), equipment=OTHERS)
    assert accused(found) == []


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
