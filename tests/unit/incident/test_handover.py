import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "notices"))

from told_people import START, exposure, payment, told

from cellwarden.incident.handover import MVNO_COLUMNS, SERVICE_COLUMNS, mvno_packs, service_packs

A, B, C = ("a" * 16, "b" * 16, "c" * 16)


def test_a_pack_holds_its_receivers_people_and_nobody_elses():
    persons = told(
        exposure(A), exposure(B), exposure(C), payments=[payment(B), payment(B, payment_id="P2", status="declined")]
    ).values()
    packs = mvno_packs(persons, {A: "own", B: "Example MVNO", C: None})
    assert list(packs) == ["Example MVNO"]
    (row,) = packs["Example MVNO"]
    assert (row["subject"], row["kind"], row["payments"], row["amount"]) == (B, "confirmed", 1, 300_000)
    assert tuple(row) == MVNO_COLUMNS


def test_money_of_two_currencies_is_not_added():
    persons = told(exposure(B), payments=[payment(B), payment(B, payment_id="P2", currency="USD")]).values()
    (row,) = mvno_packs(persons, {B: "x"})["x"]
    assert (row["payments"], row["amount"], row["currency"]) == (2, "", "")


def test_a_service_learns_of_its_own_events_that_probably_belong_to_an_exposure():
    rows = [
        {
            "at": START + timedelta(hours=hour),
            "service": service,
            "event": "logged_out",
            "imsi": A,
            "cell": 7,
            "unit": "u",
            "probability": p,
        }
        for hour, service, p in ((2, "messenger.example", 0.9), (1, "messenger.example", 0.9), (1, "market.example", 0.2))
    ]
    packs = service_packs(rows)
    assert list(packs) == ["messenger.example"]
    assert [row["at"] for row in packs["messenger.example"]] == sorted(row["at"] for row in packs["messenger.example"])
    assert tuple(packs["messenger.example"][0]) == SERVICE_COLUMNS
