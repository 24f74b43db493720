import pytest
from made_up_records import HOME, at, card, link, touches, version

EXPLANATION = card("reissued_id")
GONE = version(HOME, status="deleted", serial="OLD", valid_from=at("2025-03-01"), recorded_at=at("2025-03-01"))
ANEW = version(HOME, serial="NEW", valid_from=at("04 09:00"), recorded_at=at("04 09:30"), work_order="WO-9")
ON_AIR = touches(HOME, 3, at("05 10:00"))
JOINED = [link(HOME, at("05 09:00"), serial="NEW")]


@pytest.mark.parametrize(
    ("anew", "links", "share"),
    [
        pytest.param({}, JOINED, 1.0, id="explains:the-ordered-device-joined"),
        pytest.param({}, [], 0.5, id="explains:half-without-links"),
        pytest.param({"work_order": None}, JOINED, None, id="rogue:no-order"),
        pytest.param({"serial": "OLD"}, [link(HOME, at("05 09:00"), serial="OLD")], None, id="rogue:the-retired-device-itself"),
        pytest.param({}, [link(HOME, at("05 09:00"), serial="OTHER")], None, id="rogue:a-third-device"),
        pytest.param(
            {},
            [*JOINED, link(HOME, at("05 12:00"), serial="OLD", inner_ip="10.0.0.9")],
            None,
            id="rogue:the-old-device-is-back-as-well",
        ),
        pytest.param({"recorded_at": at("05 11:00")}, JOINED, None, id="just-below:recorded-after-it-served"),
        pytest.param({"status": "planned"}, JOINED, None, id="rogue:only-planned"),
    ],
)
def test_excuses_an_id_that_was_rightly_issued_again(room, anew, links, share):
    found = room.excuses(EXPLANATION, access=ON_AIR, equipment=[GONE, {**ANEW, **anew}], links=links)
    assert [excuse.share for excuse in found] == ([] if share is None else [share])
    assert all("WO-9" in excuse.evidence["en"] and "revived_cell" in excuse.detectors for excuse in found)


def test_an_id_that_was_never_retired_was_not_issued_again(room):
    assert room.excuses(EXPLANATION, access=ON_AIR, equipment=[ANEW], links=JOINED) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
