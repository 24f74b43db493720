import pytest
from made_up_records import HOME, OTHER_HOME, at, card, link, touches, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("shared_certificate")
UP = at("05 10:00")
OWN, FLEET = "aa" * 32, "bb" * 32
OWNER = version(OTHER_HOME, certificate=OWN)


def told(found):
    return [(finding.subject_kind, finding.key.cell if finding.key else None, finding.weight) for finding in found]


def test_accuses_the_bearer_of_somebody_elses_certificate(room):
    found = room.findings(
        DETECTOR,
        equipment=[OWNER, version(HOME)],
        links=[link(HOME, UP, certificate=OWN, serial="X1"), link(OTHER_HOME, UP, certificate=OWN)],
    )
    weight = DETECTOR.threshold("foreign_certificate_weight")
    assert sorted(told(found), key=str) == [("cell", HOME, weight), ("certificate", None, 0.0)]
    accusing = next(finding for finding in found if finding.weight)
    assert (accusing.hand, OWN[:12] in accusing.evidence["en"], OWN[:12] in accusing.evidence["ko"]) == ("X1", True, True)


def test_a_board_that_nobody_recorded_is_review_and_no_accusation():
    alone = PRIOR.value + DETECTOR.threshold("foreign_certificate_weight")
    assert log_odds_of(GRADES["review"]) <= alone < log_odds_of(GRADES["suspect"])


def test_a_fleet_that_shares_one_certificate_accuses_nobody(room):
    """In the public case every unit showed the same one, honest or not."""
    equipment = [version(cell, certificate=FLEET) for cell in (HOME, OTHER_HOME)]
    links = [link(cell, UP, certificate=FLEET) for cell in (HOME, OTHER_HOME)]
    (finding,) = room.findings(DETECTOR, equipment=equipment, links=[*links, link(HOME, UP, certificate=FLEET, serial="X1")])
    assert (finding.subject_kind, finding.subject, finding.weight, finding.key) == ("certificate", FLEET, 0.0, None)
    assert "by 3 pieces" in finding.evidence["en"]
    assert "2대" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("equipment", "joined"),
    [
        pytest.param([OWNER], {"serial": f"S{OTHER_HOME}"}, id="innocent:the-owner"),
        pytest.param([OWNER], {"serial": None}, id="innocent:no-serial-told"),
        pytest.param([version(OTHER_HOME, certificate=OWN, serial=None)], {"serial": "X1"}, id="innocent:no-serial-registered"),
        pytest.param([OWNER, version(OTHER_HOME, certificate=OWN, serial="T1", recorded_at=at("01 00:00"))], {"serial": "T1"}, id="innocent:a-board-swap-on-record"),
        pytest.param([], {"serial": "X1"}, id="innocent:given-to-nobody-known"),
    ],
)  # fmt: skip
def test_says_nothing_of_one_bearer_who_may(room, equipment, joined):
    assert room.findings(DETECTOR, equipment=equipment, links=[link(OTHER_HOME, UP, certificate=OWN, **joined)]) == []


def test_what_the_registry_learns_later_is_known_later(room):
    owner = version(OTHER_HOME, certificate=OWN, recorded_at=at("06 12:00"))
    found = room.findings(DETECTOR, equipment=[owner], links=[link(HOME, UP, certificate=OWN, serial="X1")])
    assert [(finding.from_at, finding.known_at) for finding in found] == [(UP, at("06 12:00"))]


def test_weighs_against_the_rows_after_the_tunnel_came_up(room):
    examined = room.examine(
        access=touches(HOME, 9, at("05 10:05")),
        equipment=[OWNER, version(HOME)],
        links=[
            link(HOME, UP, certificate=OWN, serial="X1"),
            link(OTHER_HOME, UP, certificate=OWN, source_ip="192.0.2.2", inner_ip="10.0.0.2"),
        ],
    )
    (suspect,) = examined.suspects
    assert "shared_certificate" in suspect.detectors


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
