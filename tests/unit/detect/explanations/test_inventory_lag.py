import pytest
from made_up_records import HOME, OTHER_HOME, at, card, link, touches, version

EXPLANATION = card("inventory_lag")
ON_AIR = touches(HOME, 2, at("05 10:00"))
LATE = version(HOME, valid_from=at("05 09:00"), recorded_at=at("07 09:00"), work_order="WO-17")
FLEET = [version(OTHER_HOME)]
JOINED = [link(HOME, at("05 09:30"))]


def test_excuses_an_ordered_device_that_was_recorded_late(room):
    (excuse,) = room.excuses(EXPLANATION, access=ON_AIR, equipment=[*FLEET, LATE], links=JOINED)
    assert (excuse.key.cell, excuse.hand, excuse.share) == (HOME, f"S{HOME}", 1.0)
    assert (excuse.from_at, excuse.to_at) == (at("05 10:00"), at("05 10:01"))
    assert "unregistered_cell" in excuse.detectors
    for sentence in excuse.evidence.values():
        assert "WO-17" in sentence
        assert "2025-08-07T09:00:00Z" in sentence


def test_excuses_half_where_no_link_shows_the_device(room):
    for links in ([], [link(HOME, at("05 09:30"), serial=None)]):
        (excuse,) = room.excuses(EXPLANATION, access=ON_AIR, equipment=[*FLEET, LATE], links=links)
        assert excuse.share == EXPLANATION.thresholds["share_without_device"].value


@pytest.mark.parametrize(
    ("late", "links"),
    [
        pytest.param({"work_order": None}, JOINED, id="rogue:an-insiders-row-without-an-order"),
        pytest.param({"serial": "T1"}, JOINED, id="rogue:an-order-for-another-device"),
        pytest.param({"valid_from": at("2025-05-01"), "recorded_at": at("2025-08-07 09:00")}, JOINED, id="rogue:backdated-by-more-than-ninety-days"),
        pytest.param({"valid_from": at("06 00:00")}, JOINED, id="rogue:valid-only-after-it-was-on-air"),
        pytest.param({"valid_to": at("05 09:30")}, JOINED, id="rogue:no-longer-valid"),
        pytest.param({"status": "planned"}, JOINED, id="rogue:only-planned"),
        pytest.param({"recorded_at": at("05 10:01")}, JOINED, id="innocent:recorded-in-time-needs-no-excuse"),
    ],
)  # fmt: skip
def test_excuses_nothing_else(room, late, links):
    assert room.excuses(EXPLANATION, access=ON_AIR, equipment=[*FLEET, {**LATE, **late}], links=links) == []


@pytest.mark.parametrize(("days", "count"), [pytest.param(90, 1, id="just-in"), pytest.param(91, 0, id="just-out")])
def test_ninety_days_are_the_bound(room, days, count):
    recorded = at("07 09:00")
    late = {**LATE, "recorded_at": recorded, "valid_from": recorded - (at("02 00:00") - at("01 00:00")) * days}
    assert len(room.excuses(EXPLANATION, access=ON_AIR, equipment=[late], links=JOINED)) == count


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
