from collections import Counter, defaultdict
from datetime import timedelta


def thefts(made):
    stolen = {row["payment_id"]: row for row in made.truth("fraud_payments")}
    return [{**row, "rogue": stolen[row["payment_id"]]["cell"]} for row in made.rows("payments") if row["payment_id"] in stolen]


def test_each_theft_was_verified_through_the_rogue_cell_two_minutes_before_at_most(made):
    legs = defaultdict(list)
    for row in made.rows("usage"):
        if row["peer"] in ("ars:payment", "otp:payment"):
            legs[row["imsi"]].append(row)
    for payment in thefts(made):
        service = {"ars": "voice_mt", "sms": "sms_mt"}[payment["channel"]]
        assert any(
            timedelta(0) < payment["at"] - leg["at"] < timedelta(minutes=2)
            and leg["service"] == service
            and leg["cell"] == payment["rogue"]
            for leg in legs[payment["imsi"]]
        )


def test_nobody_loses_more_than_the_cap(made):
    lost = Counter()
    for payment in thefts(made):
        lost[payment["imsi"]] += payment["amount"] * (payment["status"] == "approved")
    assert lost
    assert max(lost.values()) <= 1_000_000


def test_thefts_are_vouchers_and_fares_by_call_or_message(made):
    stolen = thefts(made)
    assert {payment["category"] for payment in stolen} <= {"gift_card", "transit"}
    assert 200_000 < sum(payment["amount"] for payment in stolen) / len(stolen) < 420_000


def test_honest_payments_are_small_and_of_every_channel(made):
    stolen = {row["payment_id"] for row in made.truth("fraud_payments")}
    amounts = sorted(row["amount"] for row in made.rows("payments") if row["payment_id"] not in stolen)
    assert 6_000 < amounts[len(amounts) // 2] < 24_000
    assert {row["channel"] for row in made.rows("payments")} >= {"ars", "sms", "app", "pin"}


def test_a_store_that_bills_directly_calls_nobody(generated):
    rows = generated("S02").rows("payments")
    assert {row["kind"] for row in rows if row["channel"] == "dcb"} == {"dcb"}
    assert {row["channel"] for row in rows if row["kind"] == "dcb"} == {"dcb"}
    assert {row["channel"] for row in rows} >= {"ars", "sms", "app", "pin", "password", "dcb"}


def test_test_phones_and_visitors_from_abroad_are_not_billed(generated):
    made = generated("S14")
    assert {row["imsi"][:5] for row in made.rows("access") if row["imsi"]} == {"45008", "99970", "00101"}
    assert {row["imsi"][:5] for row in made.rows("payments")} == {"45008"}


def test_payment_ids_follow_the_time(made):
    rows = made.rows("payments")
    assert [row["payment_id"] for row in rows] == sorted(row["payment_id"] for row in rows)
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
