import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, link

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("certificate_policy")
UP = at("05 10:00")
FROM, TO = at("2025-01-01"), at("2027-01-01")
USUAL = {"certificate_issuer": "CN=Fleet", "certificate_not_before": FROM, "certificate_not_after": TO}
FLEET = [link(OTHER_HOME + number, UP, **USUAL) for number in range(40)]


def found(room, *, fleet=FLEET, **more):
    return room.findings(DETECTOR, links=[*fleet, link(HOME, UP, **{**USUAL, "serial": "X1", **more})])


@pytest.mark.parametrize(
    ("more", "told", "korean"),
    [
        pytest.param({"certificate_issuer": "CN=Else"}, "issued by CN=Else, as for 1 of 41", "발급자 CN=Else", id="rogue:another-issuer"),
        pytest.param({"certificate_not_after": at("2035-01-01")}, "valid for 120 months; 1 of 41", "120개월", id="rogue:ten-years-among-two"),
        pytest.param({"certificate_not_before": at("2023-01-01"), "certificate_not_after": at("2025-01-01")}, "out of date", "유효기간 밖", id="rogue:expired"),
        pytest.param({"certificate_not_before": at("2026-01-01"), "certificate_not_after": at("2028-01-01")}, "out of date", "유효기간 밖", id="rogue:not-yet-valid"),
    ],
)  # fmt: skip
def test_accuses_whoever_came_with_a_certificate_unlike_the_fleets(room, more, told, korean):
    (finding,) = found(room, **more)
    assert (finding.key.cell, finding.hand, finding.known_at) == (HOME, "X1", UP)
    assert told in finding.evidence["en"]
    assert korean in finding.evidence["ko"]
    assert PRIOR.value + finding.weight < log_odds_of(GRADES["review"])


def test_what_is_odd_counts_once(room):
    """One odd maker explains issuer, validity and dates."""
    (one,) = found(room, certificate_issuer="CN=Else")
    (all_of_it,) = found(room, certificate_issuer="CN=Else", certificate_not_before=at("2010-01-01"), certificate_not_after=at("2025-01-01"))  # fmt: skip
    assert all_of_it.weight == one.weight


@pytest.mark.parametrize(
    ("until", "expected"),
    [pytest.param(at("2028-02-01"), [HOME], id="rogue:a-month-over-one-and-a-half-times"), pytest.param(at("2028-01-01"), [], id="rogue:exactly-one-and-a-half-times")],
)  # fmt: skip
def test_a_validity_must_be_much_longer_than_the_others(room, until, expected):
    assert accused(found(room, certificate_not_after=until)) == expected


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="innocent:as-the-others"),
        pytest.param({"certificate_issuer": None}, id="innocent:no-issuer-told"),
        pytest.param({"certificate_not_after": None}, id="innocent:no-end-told"),
        pytest.param({"certificate_not_after": at("2025-09-01")}, id="innocent:short-lived"),
        pytest.param({"certificate_issuer": "CN=Else", "event": "ike_refused"}, id="innocent:refused"),
        pytest.param({"certificate_issuer": "CN=Else", "result": "refused"}, id="innocent:refused-by-result"),
    ],
)
def test_says_nothing(room, more):
    assert found(room, **more) == []


def test_a_new_batch_makes_itself_usual(room):
    """innocent: a new maker's first unit weighs something, its twentieth next to nothing."""
    batch = [link(OTHER_HOME + 100 + number, UP, **{**USUAL, "certificate_issuer": "CN=Else"}) for number in range(19)]
    (alone,) = found(room, certificate_issuer="CN=Else")
    later = found(room, fleet=[*FLEET, *batch], certificate_issuer="CN=Else")
    assert max(each.weight for each in later) < alone.weight - 1.5
    half = [{**row, "certificate_issuer": "CN=Else"} for row in FLEET[:20]]
    assert max(each.weight for each in found(room, fleet=[*half, *FLEET[20:]], certificate_issuer="CN=Else")) < 1


def test_a_fleet_that_shares_one_certificate_of_many_years_accuses_nobody(room):
    """innocent: the public case, where every unit showed the same one."""
    fleet = [{**row, "certificate_not_after": at("2035-01-01")} for row in FLEET]
    assert found(room, fleet=fleet, certificate_not_after=at("2035-01-01")) == []


@pytest.mark.parametrize("cause", ["a unit that lay in a drawer until its certificate had run out", "a test laboratory"])
def test_no_innocent_cause_reaches_review_alone(cause):
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"])


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
