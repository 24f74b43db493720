from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from exposed_rows import exposure, hand_in, stolen
from made_up_records import at, complaint, payment

from cellwarden.linkage.leads import COMPLAINT, TIP_LESS, TIP_MORE, TIP_UNKNOWN, UNTOLD, leads
from cellwarden.linkage.themes import complaint_rows

SEOUL = ZoneInfo("Asia/Seoul")
PAID = at("15 10:00")


def tip(name="T", **more):
    return {"tip_id": name, "at": at("17 09:00"), "from_at": at("15 00:00"), "to_at": at("16 00:00"), "district": "A-gu", "victims": 2, "amount": 2000, **more}  # fmt: skip


def found(room, tips=(), victims=2, complaints=(), *, district="A-gu", paid=PAID):
    people = range(1, victims + 1)
    room.fill(
        tips=list(tips),
        complaints=list(complaints),
        payments=[payment(f"P{imsi}", imsi, paid) for imsi in people],
        subscribers=[{"imsi": imsi, "district": district} for imsi in people],
    )
    hand_in(room, [exposure(imsi) for imsi in people], [stolen(f"P{imsi}", imsi) for imsi in people])
    return leads(room.engine, complaint_rows(room.engine), set(people), SEOUL)


def test_lists_that_agree_are_no_lead(room):
    assert found(room, [tip()]) == []


@pytest.mark.parametrize(
    ("told", "victims", "kind", "counts"),
    [
        pytest.param(tip(victims=19), 2, TIP_MORE, (19, 2), id="they name more"),
        pytest.param(tip(victims=1), 2, TIP_LESS, (1, 2), id="we link more"),
        pytest.param(tip(), 0, TIP_UNKNOWN, (2, 0), id="we link nobody there"),
        pytest.param(tip(from_at=None, to_at=None), 0, TIP_UNKNOWN, (2, 0), id="no time told"),
    ],
)
def test_what_they_have_that_we_lack_is_a_lead_and_the_other_way_round(room, told, victims, kind, counts):
    (lead,) = found(room, [told], victims)
    assert (lead.kind, lead.subject, (lead.theirs, lead.ours)) == (kind, "T", counts)


def test_a_report_without_victims_cannot_contradict(room):
    assert found(room, [tip(victims=None)]) == []


def test_another_district_is_another_place(room):
    kinds = {lead.kind for lead in found(room, [tip(district="B-gu")])}
    assert kinds == {TIP_UNKNOWN, UNTOLD}
    assert found(room, [tip(district=None)]) == []


def test_our_victims_that_nobody_reported_are_told_by_district_and_local_day(room):
    (lead,) = found(room, paid=datetime(2025, 8, 15, 16, 0))
    assert (lead.kind, lead.subject, lead.ours, lead.our_amount) == (UNTOLD, "2025-08-16 A-gu", 2, 2000)
    assert (lead.from_at, lead.to_at) == (datetime(2025, 8, 15, 15), datetime(2025, 8, 16, 15))


def test_a_complaint_of_theft_by_somebody_never_exposed_is_a_lead_to_another_cell(room):
    complaints = [
        complaint("K1", at("17 09:00"), imsi=9, text="I did not pay this", district="C-gu"),
        complaint("K2", at("17 09:00"), imsi=9, text="Mobile data is very slow"),
        complaint("K3", at("17 09:00"), imsi=1, text="I did not pay this"),
        complaint("K4", at("17 09:00"), imsi=None, text="I did not pay this"),
    ]
    (lead,) = found(room, [tip()], complaints=complaints)
    assert (lead.kind, lead.subject, lead.district) == (COMPLAINT, "K1", "C-gu")
