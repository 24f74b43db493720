import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, link, minutes, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("address_hopping")
START = at("05 10:00")
FLEET = [link(OTHER_HOME + number, START, source_ip=f"192.0.2.{number}") for number in range(40)]


def hops(count, *, cell=HOME, every=60, **more):
    """One tunnel after another, each from an address of its own."""
    return [link(cell, START + minutes(every * number), source_ip=f"203.0.113.{number}", asn=64500 + number % 2, **{"serial": "X1", **more}) for number in range(count)]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "expected"),
    [pytest.param(4, [HOME], id="rogue"), pytest.param(3, [HOME], id="rogue:three"), pytest.param(2, [], id="innocent:carried-along-or-reconnected-once")],
)  # fmt: skip
def test_accuses_equipment_that_comes_from_one_address_after_another(room, count, expected):
    found = room.findings(DETECTOR, links=[*FLEET, *hops(count)])
    assert accused(found) == expected
    for finding in found:
        assert (finding.hand, finding.from_at, finding.known_at) == ("X1", START, START + minutes(120))
        assert f"from {count} addresses in 2 networks within 24 hours; 1 of 41" in finding.evidence["en"]
        assert f"2개 망의 주소 {count}개" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        pytest.param(12 * 60 - 1, [HOME], id="rogue:within-a-day"),
        pytest.param(12 * 60, [], id="innocent:the-first-is-a-day-old"),
    ],
)
def test_a_day_is_24_hours(room, every, expected):
    assert accused(room.findings(DETECTOR, links=[*FLEET, *hops(3, every=every)])) == expected


def test_each_cell_that_the_hardware_claimed_meanwhile_is_named(room):
    links = [{**row, "cell": HOME + number} for number, row in enumerate(hops(3))]
    assert accused(room.findings(DETECTOR, links=[*FLEET, *links])) == [HOME, HOME + 1, HOME + 2]


@pytest.mark.parametrize(
    ("links", "equipment"),
    [
        pytest.param([row for number in range(9) for row in hops(1, every=number)], [], id="innocent:up-again-and-again-from-one-address"),
        pytest.param(hops(5), [version(HOME, kind="mobile")], id="innocent:registered-as-mobile"),
        pytest.param(hops(5, serial=None), [], id="innocent:no-serial-tells-that-it-is-one"),
        pytest.param(hops(5, result="refused"), [], id="innocent:refused"),
    ],
)  # fmt: skip
def test_says_nothing(room, links, equipment):
    assert room.findings(DETECTOR, links=[*FLEET, *links], equipment=equipment) == []


def test_a_gateway_restart_changes_no_address(room):
    """innocent: everybody comes up again at once, from where they were."""
    again = [{**row, "at": row["at"] + minutes(60 * times)} for row in FLEET for times in range(4)]
    assert room.findings(DETECTOR, links=again) == []


def test_lines_that_change_address_with_every_reconnection_are_no_news(room):
    """innocent: then the fleet does so."""
    flapping = [row for number in range(40) for row in hops(3, cell=OTHER_HOME + number, serial=f"F{number}")]
    alone = room.findings(DETECTOR, links=[*FLEET, *hops(3)])[0].weight
    among_others = [each.weight for each in room.findings(DETECTOR, links=[*flapping, *hops(3)])]
    assert alone > 2.5
    assert max(among_others, default=0) < 1.1


def test_one_flapping_line_is_not_worth_a_line(room):
    (finding,) = room.findings(DETECTOR, links=[*FLEET, *hops(24, every=30)])
    assert finding.weight <= DETECTOR.threshold("max_weight")
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"]) - 1


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
