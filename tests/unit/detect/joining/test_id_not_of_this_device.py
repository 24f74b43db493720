import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, link, minutes, touches, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("id_not_of_this_device")
UP = at("05 05:00")
START = at("05 10:00")
DEVICE = version(OTHER_HOME)
TUNNEL = link(OTHER_HOME, UP)
FOREIGN = touches(HOME, 3, START)
"""Rows of another cell out of the device's tunnel."""


def test_accuses_the_cell_that_served_out_of_another_devices_tunnel(room):
    (finding,) = room.findings(DETECTOR, access=[*FOREIGN, *touches(OTHER_HOME, 3, START)], links=[TUNNEL], equipment=[DEVICE])
    assert (finding.key.cell, finding.from_at, finding.to_at) == (HOME, START, START + minutes(2))
    assert (
        f"spoke from 10.0.0.1, the tunnel of S{OTHER_HOME}, which the registry has as cell {OTHER_HOME}"
        in finding.evidence["en"]
    )
    assert str(OTHER_HOME) in finding.evidence["ko"]


def test_accuses_the_cell_that_set_up_out_of_it(room):
    setup = link(HOME, UP + minutes(1), event="s1_setup", serial=None)
    found = room.findings(DETECTOR, links=[TUNNEL, setup], equipment=[DEVICE])
    assert accused(found) == [HOME]
    assert found[0].known_at == UP + minutes(1)


def test_one_that_is_renumbered_too_early_is_review_and_no_accusation(room):
    """innocent: until the row of the new number comes it looks so."""
    (finding,) = room.findings(DETECTOR, access=FOREIGN, links=[TUNNEL], equipment=[DEVICE])
    assert 3 < finding.weight <= DETECTOR.threshold("max_weight")
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["suspect"])


def test_the_more_devices_carry_foreign_ids_the_less_it_weighs(room):
    links = [link(OTHER_HOME + number, UP, inner_ip=f"10.0.1.{number}") for number in range(60)]
    equipment = [version(OTHER_HOME + number) for number in range(60)]
    access = [row for number in range(60) for row in touches(HOME + number, 1, START, source=f"10.0.1.{number}")]
    few = room.findings(DETECTOR, access=access[:1], links=links, equipment=equipment)
    many = room.findings(DETECTOR, access=access, links=links, equipment=equipment)
    assert max(each.weight for each in many) < few[0].weight - 2


@pytest.mark.parametrize(
    ("access", "links", "equipment"),
    [
        pytest.param(touches(OTHER_HOME, 3, START), [TUNNEL], [DEVICE], id="innocent:its-own-cell"),
        pytest.param(FOREIGN, [TUNNEL], [DEVICE, version(HOME, serial=f"S{OTHER_HOME}", recorded_at=at("20 00:00"))], id="innocent:renumbering-or-inventory-lag-whose-row-came-later"),
        pytest.param(FOREIGN, [TUNNEL], [DEVICE, version(HOME, serial=f"S{OTHER_HOME}")], id="innocent:equipment-with-several-cells"),
        pytest.param(FOREIGN, [TUNNEL, link(None, UP + minutes(5), event="ike_down")], [DEVICE], id="innocent:the-tunnel-was-down-by-then"),
        pytest.param(FOREIGN, [TUNNEL, link(HOME, UP + minutes(5))], [DEVICE, version(HOME)], id="innocent:the-address-went-to-another-device"),
        pytest.param(FOREIGN, [TUNNEL, link(HOME, START + minutes(1))], [DEVICE, version(HOME)], id="innocent:the-address-changed-hands-that-hour"),
        pytest.param(FOREIGN, [link(OTHER_HOME, UP, result="refused")], [DEVICE], id="innocent:refused"),
        pytest.param(FOREIGN, [TUNNEL], [version(OTHER_HOME, serial="S1")], id="innocent:a-device-that-the-registry-does-not-know"),
        pytest.param(FOREIGN, [link(OTHER_HOME, START + minutes(1))], [DEVICE], id="innocent:the-tunnel-came-up-after-the-first-row"),
    ],
)  # fmt: skip
def test_says_nothing(room, access, links, equipment):
    assert room.findings(DETECTOR, access=access, links=links, equipment=equipment) == []


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
