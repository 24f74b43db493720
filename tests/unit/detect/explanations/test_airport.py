import pytest
from made_up_records import HOME, MACRO, OTHER_MACRO, at, card, mast, touch, version

EXPLANATION = card("airport")
LISTED = [mast(MACRO, 37.5, 127.0), mast(OTHER_MACRO, 37.5, 127.0), version(HOME)]
CUSTOMERS = [{"imsi": number} for number in range(1, 60)]


def attach(cell, imsi, day, **more):
    return touch(
        cell,
        imsi,
        at(f"{day:02d} 03:00"),
        **{"procedure": "attach", "identity": "imsi", "cell_type": "macro", "source": "10.20.0.1", **more},
    )


def ordinary(days=range(1, 11)):
    return [
        touch(OTHER_MACRO, number, at(f"{day:02d} 03:00"), cell_type="macro", source="10.20.0.2")
        for day in days
        for number in range(1, 41)
    ]


def arrivals(days=range(1, 11), each=1, cell=MACRO, **more):
    return [attach(cell, 1000 + 10 * day + number, day, **more) for day in days for number in range(each)]


@pytest.mark.parametrize(
    ("access", "customers", "share"),
    [
        pytest.param(arrivals(), CUSTOMERS, 1.0, id="explains:roamers-day-after-day"),
        pytest.param([*arrivals(), *(attach(MACRO, number, 5) for number in range(1, 11))], CUSTOMERS, 0.5, id="explains:the-roamers-part-only"),
        pytest.param([*arrivals(range(1, 4), each=2), *(touch(MACRO, 1, at(f"{day:02d} 05:00"), cell_type="macro", source="10.20.0.1") for day in range(1, 11))], CUSTOMERS, 1.0, id="explains:three-of-ten-days"),
        pytest.param([*arrivals(range(1, 4), each=2), *(touch(MACRO, 1, at(f"{day:02d} 05:00"), cell_type="macro", source="10.20.0.1") for day in range(1, 12))], CUSTOMERS, None, id="just-below:three-of-eleven-days"),
        pytest.param(arrivals((1, 2), each=5), CUSTOMERS, None, id="just-below:two-days"),
        pytest.param(arrivals(range(1, 5)), CUSTOMERS, None, id="just-below:four-visitors"),
        pytest.param(arrivals(), CUSTOMERS[:20], None, id="just-below:a-customer-base-with-holes"),
        pytest.param([attach(MACRO, number, day) for day in range(1, 11) for number in range(1, 5)], CUSTOMERS, None, id="rogue:customers-gave-theirs"),
        pytest.param([attach(MACRO, 1000 + number, day) for day in range(1, 5) for number in range(6)], CUSTOMERS, 1.0, id="explains:two-journeys-each"),
        pytest.param([attach(MACRO, 1000 + number, day) for day in range(1, 6) for number in range(6)], CUSTOMERS, None, id="just-below:the-same-six-on-five-days"),
        pytest.param([attach(MACRO, 1000 + number, day, source=f"10.20.0.{day}") for day in range(1, 10) for number in range(3)], CUSTOMERS, None, id="just-below:three-phones-behind-an-address-that-changes"),
        pytest.param(arrivals(cell=HOME + 1, cell_type="home"), CUSTOMERS, None, id="rogue:an-unregistered-cell-among-arrivals"),
    ],
)  # fmt: skip
def test_excuses_the_part_of_people_who_are_no_customers(room, access, customers, share):
    found = room.excuses(EXPLANATION, access=[*ordinary(), *access], equipment=LISTED, subscribers=customers)
    assert [excuse.share for excuse in found] == ([] if share is None else [share])
    assert all(excuse.key.cell == MACRO and "identity_exposure_excess" in excuse.detectors for excuse in found)


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
