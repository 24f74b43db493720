import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, link, minutes

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("ids_of_one_device")
START = at("05 10:00")
FLEET = [link(OTHER_HOME + number, START, serial=f"F{number}") for number in range(40)]


def joins(*ids, every=120, **more):
    """One device as one id after another: offsets from HOME, in order of time."""
    return [link(HOME + each, START + minutes(every * number), **{"serial": "X1", **more}) for number, each in enumerate(ids)]


def test_names_every_id_of_a_device_that_changes_it(room):
    found = room.findings(DETECTOR, links=[*FLEET, *joins(0, 1, 0)])
    assert accused(found) == [HOME, HOME + 1]
    for finding in found:
        assert (finding.hand, finding.known_at) == ("X1", START + minutes(240))
        assert "changed its id 2 times among 2 ids" in finding.evidence["en"]
        assert "식별자 2개 사이에서 2회 변경" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        pytest.param(joins(0, 1, 2), [HOME, HOME + 1, HOME + 2], id="rogue:one-after-another"),
        pytest.param(joins(0, 0, 1, 1), [], id="innocent:renumbered-or-a-used-box-for-a-new-customer"),
        pytest.param(joins(0, 1, every=60 * 24 * 300), [], id="just-below:one-change"),
        pytest.param([*joins(0, 1, every=1), *(link(HOME + each, START + minutes(600 + each), serial="X1") for each in (0, 1))], [], id="innocent:equipment-with-two-cells"),
        pytest.param(joins(0, 1, 0, asn=64500), [HOME, HOME + 1], id="rogue:out-of-one-network"),
        pytest.param([*joins(0, 0, asn=64500), *joins(1, every=180, asn=64501), *joins(0, 0, every=200, asn=64500)], [], id="innocent:its-serial-was-copied"),
        pytest.param(joins(0, 1, 0, serial=None), [], id="innocent:no-serial-tells-that-it-is-one"),
        pytest.param(joins(0, 1, 0, event="ike_refused"), [], id="innocent:refused"),
        pytest.param(joins(0, 0, 0), [], id="innocent:up-again-and-again"),
    ],
)  # fmt: skip
def test_two_changes_are_needed(room, links, expected):
    assert accused(room.findings(DETECTOR, links=[*FLEET, *links])) == expected


def test_what_half_a_fleet_does_accuses_nobody(room):
    fleet = [row for number in range(1200) for row in joins(2 * number, 2 * number + 1, 2 * number, serial=f"B{number}")]
    assert room.findings(DETECTOR, links=fleet) == []


def test_alone_it_is_a_matter_for_review():
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["suspect"])


def test_no_records_no_finding(room):
    assert room.findings(DETECTOR) == []
