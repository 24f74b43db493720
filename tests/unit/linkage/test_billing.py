from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from exposed_rows import exposure, hand_in
from made_up_records import at, minutes, payment

from cellwarden.linkage.billing import LEAST_FOR_LARGE, Signs, billing, signs_of

SEOUL = ZoneInfo("Asia/Seoul")
TOUCH = at("20 10:00")


def row(name, when, imsi=1, **more):
    return {
        "payment_id": name, "imsi": imsi, "paid_at": when, "channel": "ars", "kind": None, "merchant": "shop.example", "category": "shopping",
        "amount": 1000, "currency": "KRW", "status": "approved", "disputed_at": None, **more,
    }  # fmt: skip


def signs(*rows, zone=SEOUL):
    return signs_of(list(rows), {1: TOUCH}, zone)


def test_reads_the_whole_history_of_the_exposed_and_of_nobody_else(room):
    room.fill(payments=[payment("B", 1, at("21 10:00")), payment("A", 1, at("02 10:00")), payment("C", 2, at("02 10:00"))])
    hand_in(room, [exposure(1)])
    assert [each["payment_id"] for each in billing(room.engine)] == ["A", "B"]


def test_a_merchant_is_new_once(room):
    found = signs(row("A", at("01 10:00")), row("B", at("02 10:00")), row("C", at("03 10:00"), merchant="other.example"))
    assert [found[name].first_merchant for name in "ABC"] == [True, False, True]
    assert signs(row("A", at("01 10:00"), merchant=None))["A"].first_merchant is None


@pytest.mark.parametrize(("category", "resale"), [("gift_card", True), ("교통카드", True), ("shopping", False), (None, None)])
def test_gift_cards_and_top_ups_are_as_good_as_cash(category, resale):
    assert signs(row("A", at("01 10:00"), category=category))["A"].resale is resale


@pytest.mark.parametrize(("apart", "burst"), [(10, True), (10.1, False)])
def test_two_payments_within_ten_minutes_are_a_burst(apart, burst):
    found = signs(row("A", at("01 10:00")), row("B", at("01 10:00") + minutes(apart)))
    assert (found["A"].burst, found["B"].burst) == (burst, burst)


def test_velocity_counts_the_last_day_and_attempts():
    found = signs(row("A", at("01 10:00")), row("B", at("02 09:00"), status="declined"), row("C", at("02 10:00")))
    assert [found[name].payments_day for name in "ABC"] == [1, 2, 2]


def test_large_is_said_only_against_enough_payments_made_before_any_exposure():
    before = [
        row(f"P{number:02}", at("01 10:00") + timedelta(hours=number), amount=1000 + number)
        for number in range(LEAST_FOR_LARGE)
    ]
    after = [row("A", TOUCH + minutes(1), amount=1018), row("B", TOUCH + minutes(30), amount=1001), row("C", TOUCH + minutes(60), amount=10**9, currency="USD")]  # fmt: skip
    found = signs(*before, *after)
    assert [found[name].large for name in "ABC"] == [True, False, None]
    assert signs(*before[1:], *after)["A"].large is None


def test_the_cap_is_of_a_local_month_and_of_approved_money():
    found = signs(
        row("A", datetime(2025, 7, 31, 14, 59), amount=900_000),
        row("B", datetime(2025, 7, 31, 15, 1), amount=100_000),
        row("C", at("05 10:00"), amount=500_000, status="declined"),
        row("D", at("06 10:00"), amount=800_000),
        row("E", at("06 11:00"), amount=10**6, currency="USD"),
    )
    assert [found[name].month_amount for name in "ABCDE"] == [900_000, 100_000, 100_000, 900_000, 10**6]
    assert [found[name].near_cap for name in "ABCDE"] == [True, False, False, True, None]


def test_hours_are_local():
    assert (signs(row("A", at("01 17:00")))["A"].local_hour, signs(row("A", at("01 17:00")))["A"].night) == (2, True)
    assert signs(row("A", at("01 17:00")), zone=ZoneInfo("UTC"))["A"].night is False


@pytest.mark.parametrize(
    ("more", "is_ordinary"),
    [({}, True), ({"resale": True}, False), ({"resale": None}, False), ({"large": None}, False), ({"burst": True}, False)],
)
def test_a_purchase_is_ordinary_only_where_the_records_tell_that_it_gives_nothing_to_keep(more, is_ordinary):
    known = {"first_merchant": True, "resale": False, "verified": True, "large": False, "burst": False, "payments_day": 1}
    found = Signs(**known | {"night": True, "local_hour": 3, "near_cap": None, "month_amount": 0} | more)
    assert found.is_ordinary is is_ordinary


def test_five_signs_are_counted_and_night_is_not_one_of_them():
    (found,) = signs(row("A", at("01 17:00"), category="gift_card")).values()
    assert found.count == 3  # first merchant, resale, verified; large is not known
