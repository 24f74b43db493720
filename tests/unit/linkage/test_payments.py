import random  # noqa: TID251 (seeded: made-up months of payments)
from datetime import timedelta

import pytest
from exposed_rows import END, START, exposure, hand_in
from hypothesis import given
from hypothesis import strategies as st
from made_up_records import FOREVER, HOME, OTHER_HOME, at, call, minutes, payment

from cellwarden.linkage.billing import Signs
from cellwarden.linkage.late import Late, stratum
from cellwarden.linkage.link import LEAST, LINKED
from cellwarden.linkage.payments import _probability, link_payments, with_late
from cellwarden.linkage.shifts import SHIFTS

SPAN = (at("01 00:00"), at("31 00:00"))


def leg(when, cell=HOME, imsi=1, **more):
    return call(imsi, when, cell, peer="ars:payment", **more)


def linked(room, payments, usage=(), exposures=None, *, signs=None, has_usage=True, span=SPAN, until=FOREVER):
    room.fill(payments=list(payments), usage=list(usage))
    exposed = [exposure()] if exposures is None else exposures
    hand_in(room, exposed)
    return link_payments(room.engine, exposures=len(exposed), signs=signs or {}, has_usage=has_usage, span=span, until=until)


def signs(**more):
    plain = {"first_merchant": True, "resale": False, "verified": True, "large": False, "burst": False, "near_cap": False}
    return Signs(**plain | {"payments_day": 1, "night": True, "local_hour": 3, "month_amount": 0} | more)


PAID = START + minutes(20)


@pytest.mark.parametrize(
    ("paid", "usage", "has_usage", "kind"),
    [
        pytest.param(payment("P", 1, PAID), [leg(PAID - minutes(2))], True, "through", id="through: the call was served by it"),
        pytest.param(payment("P", 1, PAID, channel="sms"), [leg(PAID - minutes(10)) | {"service": "sms_mt", "peer": "otp:payment"}], True, "through", id="through: the code SMS was"),
        pytest.param(payment("P", 1, PAID), [leg(PAID - minutes(2), cell_type=None, plmn=None)], True, "through", id="through: usage does not tell the kind"),
        pytest.param(payment("P", 1, END + minutes(90)), [], True, None, id="elsewhere: too late"),
        pytest.param(payment("P", 1, PAID), [leg(PAID - minutes(2), OTHER_HOME)], True, None, id="elsewhere: another cell served it"),
        pytest.param(payment("P", 1, PAID), [leg(PAID - minutes(11))], True, None, id="elsewhere: the call was too early"),
        pytest.param(payment("P", 1, PAID), [leg(PAID + minutes(1))], True, None, id="elsewhere: the call came after"),
        pytest.param(payment("P", 1, PAID), [leg(PAID - minutes(2)) | {"peer": None}], True, None, id="elsewhere: an ordinary call"),
        pytest.param(payment("P", 1, PAID), [leg(PAID - minutes(2), imsi=2)], True, None, id="elsewhere: somebody else's call"),
        pytest.param(payment("P", 1, PAID), [leg(PAID - minutes(2), rat="nr")], True, None, id="elsewhere: another technology"),
        pytest.param(payment("P", 1, PAID), [], False, "unseen", id="unseen: usage not recorded"),
        pytest.param(payment("P", 1, END + minutes(60), channel="app"), [], True, "near", id="near: to the hour"),
        pytest.param(payment("P", 1, END + minutes(61), channel="app"), [], True, None, id="elsewhere: past the hour"),
        pytest.param(payment("P", 1, PAID, channel="app"), [leg(PAID - minutes(2), OTHER_HOME)], True, None, id="elsewhere: the app asked for a call too"),
        pytest.param(payment("P", 1, START - minutes(1)), [leg(START - minutes(2))], True, None, id="never: before the exposure"),
        pytest.param(payment("P", 2, PAID), [leg(PAID - minutes(2), imsi=2)], True, None, id="never: of somebody who was not exposed"),
    ],
)  # fmt: skip
def test_tells_the_kind_of_meeting(room, paid, usage, has_usage, kind):
    links = linked(room, [paid], usage, has_usage=has_usage).links
    assert [link.kind for link in links] == ([kind] if kind else [])
    for link in links:
        assert (link.cell, link.unit, link.imsi) == (HOME, "unit-1", 1)
        assert (link.probability >= LINKED) is (kind in ("through", "unseen"))
        assert link.reason.keys() == {"en", "ko"}


def test_a_declined_attempt_is_linked_and_says_that_no_money_went(room):
    (link,) = linked(room, [payment("P", 1, PAID, status="declined")], [leg(PAID - minutes(2))]).links
    assert link.probability >= LINKED
    assert link.row["status"] == "declined"


@pytest.mark.parametrize(
    ("sign", "disputed_at", "kind"),
    [
        pytest.param({}, None, "ordinary", id="a purchase as the person makes them, in a shop or at a time however new"),
        pytest.param({"resale": True}, None, "through", id="as good as cash"),
        pytest.param({"large": True}, None, "through", id="large"),
        pytest.param({"burst": True}, None, "through", id="one of several in one go"),
        pytest.param({}, PAID + minutes(600), "through", id="disputed"),
        pytest.param({"resale": None}, None, "through", id="the records do not tell what was bought"),
        pytest.param({"large": None}, None, "through", id="nor what is large"),
    ],
)
def test_an_ordinary_purchase_whose_code_passed_the_cell_is_shown_and_not_linked(room, sign, disputed_at, kind):
    paid = payment("P", 1, PAID) | {"disputed_at": disputed_at}
    (link,) = linked(room, [paid], [leg(PAID - minutes(2))], signs={"P": signs(**sign)}).links
    assert link.kind == kind
    assert (link.probability >= LINKED) is (kind == "through")
    assert link.reason["en"].startswith("verification leg 2 min before")


def test_ordinary_purchases_are_linked_once_there_are_many_more_than_chance_gives(room):
    """Whoever steals goods of every day is not hidden by it."""
    payments = [payment(f"P{number}", 1, PAID + minutes(number)) for number in range(15)]
    usage = [leg(PAID + minutes(number)) for number in range(15)]
    links = linked(room, payments, usage, signs={each["payment_id"]: signs() for each in payments}).links
    assert {link.kind for link in links} == {"ordinary"}
    assert all(link.probability >= LINKED for link in links)


def test_the_reason_speaks_of_the_leg_that_went_through_the_cell(room):
    usage = [leg(PAID - minutes(8)), leg(PAID - minutes(1), OTHER_HOME)]
    (link,) = linked(room, [payment("P", 1, PAID)], usage).links
    assert link.reason["en"].startswith("verification leg 8 min before")
    assert link.reason["ko"].startswith("결제 8분 전")


def test_what_happened_after_until_is_not_known(room):
    assert linked(room, [payment("P", 1, PAID)], [leg(PAID - minutes(2))], until=PAID - minutes(3)).links == []


def test_one_payment_is_linked_once_to_what_explains_it_best(room):
    exposures = [exposure(), exposure(cell=OTHER_HOME, unit="unit-2")]
    (link,) = linked(room, [payment("P", 1, PAID)], [leg(PAID - minutes(2), OTHER_HOME)], exposures).links
    assert (link.cell, link.unit, link.kind) == (OTHER_HOME, "unit-2", "through")
    (tied,) = linked(room, [payment("P", 1, PAID)], [], exposures, has_usage=False).links
    assert tied.cell == min(HOME, OTHER_HOME)


def test_links_come_in_order_and_never_below_the_least(room):
    payments = [payment(name, 1, PAID) for name in ("P3", "P1", "P2")]
    links = linked(room, payments, [leg(PAID - minutes(2))]).links
    assert [link.payment_id for link in links] == ["P1", "P2", "P3"]
    assert all(link.probability >= LEAST for link in links)


@given(
    kind=st.sampled_from(["through", "ordinary", "unseen", "near", "elsewhere"]),
    found=st.integers(1, 500),
    expected=st.floats(0, 500),
    more=st.floats(0, 50),
)
def test_the_probability_is_one_and_falls_as_chance_explains_more(kind, found, expected, more):
    probability = _probability(kind, found, expected)
    assert 0 < probability <= 1
    assert _probability(kind, found, expected + more) <= probability
    if found > expected:
        assert _probability(kind, 2 * found, 2 * expected) >= min(probability, 1 - expected / found) - 1e-9


def by_chance_plainly(payments, exposures):
    """Move every exposure by whole days, by hand, and count the verified payments that it would meet."""
    met, moved = 0, 0
    for days in SHIFTS:
        paid = set()
        for each in exposures:
            first, last = each["from_at"] + timedelta(days=days), each["to_at"] + timedelta(days=days)
            if SPAN[0] <= first and last <= SPAN[1]:
                moved += 1
                paid |= {
                    one["payment_id"]
                    for one in payments
                    if one["imsi"] == each["imsi"]
                    and one["channel"] in ("ars", "sms")
                    and first <= one["at"] <= last + minutes(60)
                }
        met += len(paid)
    return met * len(exposures) / moved


def month_of_payments(seed):
    drawn = random.Random(seed)  # noqa: S311 (made-up data)
    payments = [
        payment(
            f"P{number}",
            drawn.randrange(20),
            SPAN[0] + timedelta(minutes=drawn.randrange(30 * 24 * 60)),
            channel=drawn.choice(["ars", "sms", "app"]),
        )
        for number in range(900)
    ]
    exposures = [
        exposure(number, from_at=at(f"{day:02} 12:00"), to_at=at(f"{day:02} 18:00"))
        for number in range(20)
        for day in (2, 15, 29)
    ]
    return payments, exposures


@pytest.mark.parametrize("seed", [1, 2])
def test_chance_is_what_the_same_exposures_meet_on_other_days(room, seed):
    payments, exposures = month_of_payments(seed)
    found = linked(room, payments, [], exposures)
    assert found.by_chance == pytest.approx(by_chance_plainly(payments, exposures))
    assert found.by_chance > 0


def test_an_exposure_at_the_end_of_the_records_does_not_make_chance_smaller(room):
    """A person who pays every noon meets any exposure of noon once, whenever it was."""
    payments = [payment(f"P{day}", 1, at(f"{day:02} 12:10")) for day in range(1, 31)]
    for day in (15, 29):
        noon = [exposure(from_at=at(f"{day} 12:00"), to_at=at(f"{day} 12:05"))]
        assert linked(room, payments, [], noon).by_chance == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("exposures", "span", "expected"),
    [
        pytest.param(None, None, None, id="no payments at all"),
        pytest.param(None, (START, END), None, id="too short a time to move anything"),
        pytest.param([], SPAN, 0.0, id="nobody exposed"),
        pytest.param(None, SPAN, 0.0, id="nobody pays"),
    ],
)
def test_says_where_chance_cannot_be_told(room, exposures, span, expected):
    found = linked(room, [], [], exposures, span=span)
    assert (found.links, found.by_chance) == ([], expected)


def test_late_payments_join_those_of_the_hour_and_never_replace_a_better_link(room):
    known = linked(room, [payment("P", 1, PAID)], [leg(PAID - minutes(2))])
    (held,) = known.links
    judged = stratum(5, 18, 0, 0.9)
    rows = [({**held.row, "payment_id": name, "imsi": 1}, exposure(unit="unit-9"), 5) for name in ("P", "A")]
    joined = with_late(known, Late(strata=[judged], payments=rows))
    assert [(link.payment_id, link.kind) for link in joined.links] == [("A", "late"), ("P", "through")]
    assert joined.links[0].probability == judged.probability < held.probability
    assert joined.links[0].unit == "unit-9"
    assert joined.links[0].reason.keys() == {"en", "ko"}


def test_late_payments_below_the_least_are_left_out(room):
    known = linked(room, [], [])
    row = {"payment_id": "A", "imsi": 1, "paid_at": END + timedelta(hours=5)}
    assert with_late(known, Late(strata=[stratum(1, 3, 9, 1.0)], payments=[(row, exposure(), 1)])).links == []
