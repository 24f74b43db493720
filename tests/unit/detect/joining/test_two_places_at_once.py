import pytest
from made_up_records import HOME, accused, at, card, link, minutes, touch, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("two_places_at_once")
START = at("05 10:00")
GENUINE, CLONE = {"inner_ip": "10.0.0.1", "source_ip": "192.0.2.1"}, {"inner_ip": "10.0.0.2", "source_ip": "198.51.100.50"}


def used(source, since, until, count=2, **more):
    """Rows of one address, the first and the last at these times."""
    step = (until - since) / (count - 1)
    return [touch(HOME, 1, since + number * step, source=source, **more) for number in range(count)]


def both(overlap_minutes=30):
    """The household from ten to eleven; the clone comes so many minutes before it leaves."""
    since = at("05 11:00") - minutes(overlap_minutes)
    return [*used("10.0.0.1", START, at("05 11:00")), *used("10.0.0.2", since, at("05 12:00"))]


def tunnels(clone_serial="X1", **clone):
    return [link(HOME, at("05 09:00"), **GENUINE), link(HOME, at("05 09:30"), serial=clone_serial, **{**CLONE, **clone})]


def test_accuses_the_hand_that_the_registry_confirms_less(room):
    (finding,) = room.findings(DETECTOR, access=both(), links=tunnels(), equipment=[version(HOME)])
    assert (finding.hand, finding.weight) == ("X1", DETECTOR.threshold("weight"))
    assert "X1" in finding.evidence["en"]
    assert f"S{HOME}" in finding.evidence["ko"]
    assert finding.known_at == finding.from_at + minutes(10)


def test_is_not_an_accusation_alone():
    assert PRIOR.value + DETECTOR.threshold("weight") < log_odds_of(GRADES["suspect"])


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [pytest.param(10, [HOME], id="rogue:exactly-ten-minutes"), pytest.param(9.99, [], id="rogue:just-below")],
)
def test_ten_minutes_together_are_needed(room, overlap, expected):
    assert accused(room.findings(DETECTOR, access=both(overlap), links=tunnels(), equipment=[version(HOME)])) == expected


@pytest.mark.parametrize(
    ("access", "links"),
    [
        pytest.param([*used("10.0.0.1", START, at("05 11:00")), *used("10.0.0.2", at("05 11:00:01"), at("05 12:00"))], tunnels(), id="innocent:one-after-the-other"),
        pytest.param(both(), tunnels(clone_serial=f"S{HOME}", source_ip="192.0.2.1"), id="innocent:one-tunnel-logged-under-two-addresses"),
        pytest.param([*used("10.0.0.1", START, at("05 11:00")), touch(HOME, 1, at("05 10:30"), source="10.0.0.2")], tunnels(), id="innocent:a-single-late-row"),
        pytest.param([*used("10.0.0.1", START, at("05 11:00"), cell_type="macro"), *used("10.0.0.2", START, at("05 11:00"), cell_type="macro")], [], id="innocent:a-macro-cell-with-two-transports"),
        pytest.param([*used(None, START, at("05 11:00")), *used(None, START, at("05 11:00"))], [], id="innocent:no-address"),
        pytest.param([*used("10.0.0.1", START, at("05 11:00")), *used("10.0.0.2", START, at("05 11:00"))], [], id="innocent:nothing-tells-the-two-apart"),
    ],
)  # fmt: skip
def test_says_nothing_where_one_box_or_nobody_can_be_told(room, access, links):
    assert room.findings(DETECTOR, access=access, links=links, equipment=[version(HOME)]) == []


@pytest.mark.parametrize(
    ("equipment", "clone"),
    [
        pytest.param({}, {"clone_serial": "X1"}, id="serial"),
        pytest.param({"access_line": "line-1"}, {"clone_serial": "X1", "access_line": "line-2"}, id="line"),
        pytest.param(
            {"source_networks": "192.0.2.0/24"}, {"clone_serial": f"S{HOME}"}, id="network-though-the-serial-is-copied"
        ),
    ],
)
def test_each_thing_that_the_registry_confirms_counts(room, equipment, clone):
    links = tunnels(**clone)
    links[0]["access_line"] = "line-1"
    (finding,) = room.findings(DETECTOR, access=both(), links=links, equipment=[version(HOME, **equipment)])
    assert "198.51.100.50" in finding.hand or finding.hand == "X1"


def test_of_two_that_nothing_tells_apart_the_later_one_is_accused(room):
    (finding,) = room.findings(DETECTOR, access=both(), equipment=[version(HOME)])
    assert finding.hand == "inner 10.0.0.2"


def test_addresses_and_networks_that_cannot_be_read_confirm_nothing_and_stop_nothing(room):
    links = tunnels(source_ip="198.51.100.50:4500")
    (finding,) = room.findings(DETECTOR, access=both(), links=links, equipment=[version(HOME, source_networks="see ticket 17")])
    assert finding.hand == "X1"


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
