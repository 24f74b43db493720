import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, call, card, minutes, payment, touches
from scipy.stats import betabinom

from cellwarden.detect.detector import Surroundings
from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of
from cellwarden.detect.share import expected_share
from cellwarden.records.operator import Operator

DETECTOR = card("verification_through_cell")
START = at("05 10:00")
CODE = "otp:payment"
FLEET = [
    row
    for number in range(20)
    for row in touches(OTHER_HOME + number, 20, START, first=5000 + 50 * number, source=f"10.1.0.{number}")
]
CROWD = touches(HOME, 40, START)


def paid(count, *, cell=HOME, first=1, gap=3.0, peer="ars:payment", since=START, **more):
    """So many people whose verification leg a cell served, and who paid after so many minutes."""
    people = range(first, first + count)
    return {
        "usage": [call(n, since + minutes(60), cell, peer=peer, **more) for n in people],
        "payments": [payment(f"P{cell}-{n}-{since}", n, since + minutes(60 + gap)) for n in people],
    }


def together(*parts):
    return {name: [row for part in parts for row in part[name]] for name in ("usage", "payments")}


def found(room, *, access=(), **tables):
    return [each for each in room.findings(DETECTOR, access=[*FLEET, *(access or CROWD)], **tables) if each.key.cell == HOME]


@pytest.mark.parametrize("peer", ["ars:payment", CODE])
def test_accuses_a_cell_through_which_strangers_confirm_payments(room, peer):
    (finding,) = found(room, **paid(8, peer=peer))
    assert finding.known_at == START + minutes(63), "nobody need have disputed anything yet"
    assert "8 of 40 people at cell 19753073" in finding.evidence["en"]
    assert "40명 중 낯선 방문자 8명" in finding.evidence["ko"]
    assert PRIOR.value + finding.weight < log_odds_of(GRADES["review"])


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        pytest.param(paid(3), [HOME], id="rogue:three"),
        pytest.param(paid(2), [], id="innocent:a-couple-on-a-visit"),
        pytest.param(paid(8, gap=10), [HOME], id="rogue:ten-minutes"),
        pytest.param(paid(8, gap=10.1), [], id="rogue:just-too-late"),
        pytest.param(paid(8, gap=-1), [], id="innocent:the-call-came-after-the-payment"),
        pytest.param(paid(8, peer="ars:bank"), [HOME], id="rogue:whatever-the-call-was-for"),
        pytest.param(paid(8, peer=None), [], id="innocent:an-ordinary-call"),
    ],
)
def test_a_leg_is_a_call_or_code_within_ten_minutes_before(room, tables, expected):
    assert accused(found(room, **tables)) == expected


def test_the_share_of_a_busy_cell_decides(room):
    """innocent: a busy cell with a few payers."""
    assert found(room, access=touches(HOME, 2000, START, every=minutes(0.1)), **paid(3)) == []


def test_people_who_belong_there_may_pay_there(room):
    """innocent: a shop or an office whose people pay there."""
    every_day = [row for day in (3, 4, 5) for row in touches(HOME, 40, at(f"0{day} 10:00"))]
    two_days = [row for day in (4, 5) for row in touches(HOME, 40, at(f"0{day} 10:00"))]
    assert found(room, access=every_day, **paid(8)) == []
    assert accused(found(room, access=two_days, **paid(8))) == [HOME]


def test_a_day_of_sales_is_a_day_of_all_cells(room):
    """innocent: then the class's own share is high."""
    everywhere = [paid(6, cell=OTHER_HOME + n, first=5000 + 50 * n) for n in range(20)]
    assert found(room, **together(paid(8), *everywhere)) == []


def test_a_place_where_people_wait_and_pay_is_like_its_own_past(room):
    """innocent: a station, a clinic; new people every day, a few of whom pay."""
    days = [at(f"0{day} 10:00") for day in range(1, 6)]
    access = [row for n, day in enumerate(days) for row in touches(HOME, 40, day, first=1 + 100 * n)]
    first, *rest = found(
        room, access=access, **together(*(paid(3, first=1 + 100 * n, since=day) for n, day in enumerate(days)))
    )
    assert all(each.weight < first.weight for each in rest)
    assert all(each.weight < first.weight / 2 for each in rest[2:])


def test_a_leg_without_an_address_accuses_neither_of_two_hands(room):
    """A clone and the household that it copies: whose leg it was cannot be told, unless usage names the address."""
    access = [*CROWD, *touches(HOME, 40, START, first=500, source="10.0.0.9")]
    assert found(room, access=access, **paid(8)) == []
    (finding,) = found(room, access=access, **paid(8, first=500, source="10.0.0.9"))
    assert finding.hand == "inner 10.0.0.9"


def test_the_weight_is_the_ratio_of_two_beta_binomials():
    row = {
        "plmn": "00101", "rat": "lte", "cell_type": "home", "cell": HOME, "hand": "X1", "from_at": START, "to_at": START, "paid_at": START, "disputed": 0,
        "hits": 4, "tries": 60, "hits_before": 0, "tries_before": 0, "days": 100, "n": 4000.0, "x": 40.0, "nn": 160_000.0, "xx_n": 2.0,
    }  # fmt: skip
    (finding,) = DETECTOR.judge(DETECTOR, [row], Surroundings(operator=Operator()))
    honest = expected_share(row, trust=0.5, default=DETECTOR.threshold("default_share"))
    rogue = betabinom.logpmf(4, 60, DETECTOR.threshold("rogue_alpha"), DETECTOR.threshold("rogue_beta"))
    assert finding.weight == pytest.approx(rogue - betabinom.logpmf(4, 60, honest.alpha, honest.beta))


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
