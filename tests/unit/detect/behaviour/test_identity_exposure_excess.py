import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_records import HOME, OTHER_HOME, accused, at, card, touches
from scipy.stats import betabinom

from cellwarden.detect.detector import Surroundings
from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of
from cellwarden.detect.share import expected_share
from cellwarden.records.operator import Operator

DETECTOR = card("identity_exposure_excess")
TRUST = DETECTOR.threshold("own_history_trust")
START = at("05 10:00")


def cell_day(identified, openings, *, before=(0, 0), day=1, days=200, each=50, share=0.02):
    """A cell-day among a class of so many days, of so many openings each, all at one share."""
    n, x = days * each, days * each * share
    return {
        "plmn": "00101", "rat": "lte", "cell_type": "home", "cell": HOME, "hand": "X1", "from_at": START, "to_at": at("05 11:00"),
        "tries": openings, "hits": identified, "hits_before": before[0], "tries_before": before[1], "forced": 0, "day_number": day,
        "days": days, "n": float(n), "x": x, "nn": float(days * each**2), "xx_n": days * (each * share) ** 2 / each,
    }  # fmt: skip


def weighed(*rows):
    return [finding.weight for finding in DETECTOR.judge(DETECTOR, list(rows), Surroundings(operator=Operator()))]


@given(openings=st.integers(10, 300), hits=st.integers(3, 300), before=st.integers(0, 100), share=st.floats(0.001, 0.2))
def test_the_weight_is_the_ratio_of_two_beta_binomials(openings, hits, before, share):
    hits = min(hits, openings)
    row = cell_day(hits, openings, before=(before, 2 * before), share=share)
    honest = expected_share(row, trust=TRUST)
    rogue = betabinom.logpmf(hits, openings, DETECTOR.threshold("rogue_alpha"), DETECTOR.threshold("rogue_beta"))
    ratio = min(DETECTOR.threshold("max_weight"), rogue - betabinom.logpmf(hits, openings, honest.alpha, honest.beta))
    assert sum(weighed(row)) == pytest.approx(max(0.0, ratio), abs=1e-6)


def test_the_weight_grows_with_the_share_and_falls_with_the_cells_own_past():
    weights = [sum(weighed(cell_day(hits, 40))) for hits in (3, 4, 5, 6)]
    assert weights == sorted(weights)
    pasts = [sum(weighed(cell_day(12, 40, before=(number, 3 * number)))) for number in (0, 10, 30, 100)]
    assert pasts == sorted(pasts, reverse=True)
    assert pasts[-1] < pasts[0] / 2
    assert sum(weighed(cell_day(5, 40, day=2))) == pytest.approx(sum(weighed(cell_day(5, 40))) - math.log(2))


@pytest.mark.parametrize(
    "cause",
    [
        "a core restart that lost every GUTI",
        "a telephone shop with new SIMs",
        "arrivals of roamers",
        "power loss of IoT devices",
    ],
)
def test_no_innocent_cause_on_its_card_reaches_review_alone(cause):
    """It cannot tell them apart on one cell-day; the bound keeps each below a line in the report."""
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    (weight,) = weighed(cell_day(300, 300))
    assert weight == DETECTOR.threshold("max_weight")
    assert PRIOR.value + weight < log_odds_of(GRADES["review"])


def test_a_class_of_few_or_equal_days_does_not_look_certain():
    for row in (cell_day(5, 20, days=1), cell_day(5, 20, days=2), cell_day(5, 20, days=2, each=1), cell_day(5, 20, share=0.0)):
        honest = expected_share(row, trust=TRUST)
        assert 0 < honest.alpha < honest.beta
        assert honest.alpha + honest.beta <= (1 - 0.005) / 0.005 + 1e-9


def crowd(cell, identified, openings, since=START, **more):
    """So many procedures at a cell, the first of them with the permanent identity."""
    return [
        *touches(cell, identified, since, procedure="attach", identity="imsi", **more),
        *touches(cell, openings - identified, since, first=500, **more),
    ]


FLEET = [row for number in range(1, 6) for row in crowd(OTHER_HOME + number, 0, 12)]


@pytest.mark.parametrize(
    ("identified", "openings", "expected"),
    [
        pytest.param(6, 10, [HOME], id="rogue"),
        pytest.param(6, 9, [], id="rogue:one-procedure-too-few"),
        pytest.param(3, 10, [HOME], id="rogue:three-phones"),
        pytest.param(2, 10, [], id="rogue:one-phone-too-few"),
        pytest.param(0, 40, [], id="innocent:busy-and-known-to-all"),
    ],
)
def test_reports_cell_days_on_which_many_gave_their_identity(room, identified, openings, expected):
    found = room.findings(DETECTOR, access=[*FLEET, *crowd(HOME, identified, openings)])
    assert accused(found) == expected
    for finding in found:
        assert f"{identified} of {openings}" in finding.evidence["en"]
        assert f"{openings}건 중 {identified}건" in finding.evidence["ko"]
        assert finding.known_at == finding.to_at


@pytest.mark.parametrize(
    ("cause", "procedure", "expected"),
    [
        pytest.param(9, "service_request", [HOME], id="rogue:identity-unknown-to-a-request"),
        pytest.param(15, "attach", [HOME], id="rogue:no-suitable-cells"),
        pytest.param(15, "tau", [], id="innocent:an-update-keeps-the-temporary-identity"),
        pytest.param(10, "tau", [], id="innocent:implicitly-detached"),
        pytest.param(None, "tau", [], id="innocent:no-cause-told"),
    ],
)
def test_a_reject_after_which_a_phone_must_say_who_it_is_counts_too(room, cause, procedure, expected):
    forced = touches(HOME, 6, START, procedure=procedure, result="reject", cause=cause)
    found = room.findings(DETECTOR, access=[*FLEET, *forced, *touches(HOME, 6, START, first=500)])
    assert accused(found) == expected
    assert all("or were rejected so that they must (6)" in finding.evidence["en"] for finding in found)


def test_a_class_that_always_gives_it_is_no_news(room):
    """Roamers' arrivals: every cell of the class looks so."""
    access = [row for number in range(6) for row in crowd(OTHER_HOME + number, 6, 12)]
    assert room.findings(DETECTOR, access=access) == []


def test_a_suci_hides_the_identity_and_a_null_scheme_does_not(room):
    for identity, expected in (("suci", []), ("unknown", []), ("suci_null", [HOME])):
        access = [*FLEET, *touches(HOME, 6, START, identity=identity), *touches(HOME, 6, START, first=500)]
        assert accused(room.findings(DETECTOR, access=access)) == expected


def test_identities_outside_the_openings_do_not_count(room):
    """A detach may carry the IMSI too, without anybody having asked for it."""
    number = 30
    fleet = [row for cell in range(1, 40) for row in crowd(OTHER_HOME + cell, 0, 40)]
    access = [*fleet, *crowd(HOME, 6, number), *touches(HOME, 60, START, procedure="detach", identity="imsi", first=900)]
    (finding,) = room.findings(DETECTOR, access=access)
    assert f"6 of {number}" in finding.evidence["en"]


def test_the_clone_is_judged_apart_from_the_household(room):
    access = [*FLEET, *crowd(HOME, 8, 12, source="10.0.0.9"), *crowd(HOME, 0, 60)]
    (finding,) = room.findings(DETECTOR, access=access)
    assert finding.hand == "inner 10.0.0.9"


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
    assert room.findings(DETECTOR, access=touches(HOME, 20, START, procedure="release", identity="none")) == []
