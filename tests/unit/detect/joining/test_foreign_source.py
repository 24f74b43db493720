import dataclasses

import pytest
from made_up_records import HOME, OPERATOR, OTHER_HOME, accused, at, card, link, version

from cellwarden.detect.detector import Surroundings, rarity
from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of
from cellwarden.records.operator import Operator

DETECTOR = card("foreign_source")
UP = at("05 10:00")
ABROAD = {"source_ip": "198.51.100.50", "asn": 64510, "country": "XX"}


@pytest.mark.parametrize(
    ("joined", "why"),
    [
        pytest.param({"country": "XX"}, "country XX", id="rogue:abroad"),
        pytest.param({"asn": 64510}, "AS 64510", id="rogue:another-operator"),
        pytest.param({"source_ip": "198.51.100.50"}, "outside the operator's networks", id="rogue:another-network"),
        pytest.param({"source_ip": "198.51.100.50", "event": "s1_setup"}, "outside the operator's networks", id="rogue:by-setup"),
    ],
)  # fmt: skip
def test_names_what_is_foreign(room, joined, why):
    found = room.findings(DETECTOR, links=[link(HOME, UP, **joined), link(OTHER_HOME, UP)])
    assert accused(found) == [HOME]
    assert why in found[0].evidence["en"]
    assert found[0].evidence["ko"].endswith(why)
    assert (found[0].hand, found[0].known_at) == (f"S{HOME}", UP)


@pytest.mark.parametrize(
    "joined",
    [
        pytest.param({}, id="innocent:at-home"),
        pytest.param({"asn": None, "country": None}, id="innocent:nothing-known-but-the-address"),
        pytest.param({"source_ip": None, **{name: ABROAD[name] for name in ("asn", "country")}}, id="innocent:no-address"),
        pytest.param({"source_ip": "not recorded"}, id="innocent:an-address-that-cannot-be-read"),
        pytest.param({**ABROAD, "event": "ike_refused"}, id="innocent:refused"),
    ],
)
def test_says_nothing_of_the_rest(room, joined):
    assert room.findings(DETECTOR, links=[link(HOME, UP, **joined)]) == []


@pytest.mark.parametrize(
    ("more", "count"),
    [
        pytest.param({}, 0, id="innocent:a-line-that-the-registry-knows"),
        pytest.param({"work_order": None}, 1, id="rogue:a-row-that-nobody-ordered"),
        pytest.param({"serial": "X1"}, 1, id="rogue:another-device"),
        pytest.param({"source_networks": "203.0.113.0/24"}, 1, id="rogue:another-line"),
        pytest.param({"source_networks": None}, 1, id="rogue:no-network-is-agreed"),
    ],
)
def test_what_the_registry_agreed_to_is_not_foreign(room, more, count):
    agreed = version(HOME, **{"work_order": "WO-1", "source_networks": "192.0.2.0/24 198.51.100.0/24", **more})
    assert len(room.findings(DETECTOR, links=[link(HOME, UP, **ABROAD)], equipment=[agreed])) == count


def test_an_operator_who_states_nothing_is_learnt_from_the_fleet(room):
    unstated = dataclasses.replace(OPERATOR, own_networks=(), own_asns=(), country="")
    fleet = [link(HOME + number, UP, source_ip=f"192.0.2.{number}") for number in range(1, 60)]
    assert accused(room.findings(DETECTOR, operator=unstated, links=[*fleet, link(HOME, UP, **ABROAD)])) == [HOME]
    assert room.findings(DETECTOR, operator=unstated, links=[link(OTHER_HOME, UP), link(HOME, UP, **ABROAD)]) == []


@pytest.mark.parametrize(("down", "last"), [("ike_down", at("05 12:00")), ("s1_down", at("2999-01-01"))])
def test_the_finding_ends_with_the_tunnel(room, down, last):
    """A tunnel that ended abroad says nothing of the days at home after it, whatever else was logged as it went."""
    ends = [link(HOME, at("05 12:00"), event=down, **ABROAD), link(HOME, at("05 12:01"), event="s1_down", **ABROAD)]
    (finding,) = room.findings(DETECTOR, links=[link(HOME, UP, **ABROAD), *ends, link(HOME, at("06 10:00"))])
    assert (finding.from_at, finding.to_at) == (UP, last)


def weighed(rows):
    findings = DETECTOR.judge(DETECTOR, rows, Surroundings(operator=Operator(own_networks=("192.0.2.0/24",))))
    return next((finding.weight for finding in findings), 0.0)


def arrivals(home, away, *, is_registered=1):
    return [
        {
            "plmn": "00101", "rat": "lte", "cell_type": "home", "cell": number, "hand": f"S{number}", "asn": None, "country": None,
            "source_ip": "198.51.100.1" if number < away else "192.0.2.1", "is_registered": is_registered, "agreed_networks": None, "from_at": UP, "to_at": UP,
        }
        for number in range(home + away)
    ]  # fmt: skip


def test_the_weight_is_the_rarity_in_the_registered_fleet():
    assert weighed(arrivals(900, 100)) == pytest.approx(rarity(100, 1000, expected=0.005, strength=200))
    weights = [weighed(arrivals(1000 - away, away)) for away in (1, 10, 100, 900)]
    assert weights == sorted(weights, reverse=True)


def test_networks_that_nobody_stated_accuse_nobody_once_many_come_from_there():
    assert PRIOR.value + weighed(arrivals(500, 500)) < log_odds_of(GRADES["review"])


def test_alone_it_is_not_worth_a_line():
    assert weighed(arrivals(1_000_0, 1)) == DETECTOR.threshold("max_weight")
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"])


def test_a_registry_that_is_missing_makes_nobody_rarer():
    assert weighed(arrivals(900, 100, is_registered=0)) <= weighed(arrivals(900, 100))


def test_registered_serials_alone_tell_the_habit(room):
    """A rogue that joins a hundred times under unknown serials does not make itself common."""
    rogue = [link(HOME, UP, serial=f"X{number}", **ABROAD) for number in range(100)]
    found = room.findings(DETECTOR, equipment=[version(HOME), version(OTHER_HOME)], links=[*rogue, link(OTHER_HOME, UP)])
    assert {finding.weight for finding in found} == {DETECTOR.threshold("max_weight")}


def test_no_records_and_tunnels_that_name_no_cell_make_no_findings(room):
    assert room.findings(DETECTOR) == []
    assert room.findings(DETECTOR, links=[link(None, UP, **ABROAD)]) == []
