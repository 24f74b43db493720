import pytest
from made_up_habits import day_of_strangers, days_of_strangers, household
from made_up_records import ABROAD, HOME, OTHER_HOME, at, card, link, version

EXPLANATION = card("public_venue")
OPEN = (9, 11, 13, 15, 17)
CAFE = [*days_of_strangers(range(6), OPEN), *household(range(6))]
OTHERS = [row for cell in range(3) for row in household(range(6), cell=OTHER_HOME + cell, people=(10 + cell, 20 + cell))]
REGISTERED = [version(HOME, work_order="WO-1"), *(version(OTHER_HOME + cell, work_order="WO-2") for cell in range(3))]


@pytest.mark.parametrize(
    ("access", "count"),
    [
        pytest.param(CAFE, 1, id="explains:a-cafe"),
        pytest.param(
            [*days_of_strangers(range(5), OPEN), *household(range(8))], 1, id="explains:closed-on-three-of-eight-days"
        ),
        pytest.param([*days_of_strangers(range(5), OPEN), *household(range(9))], 0, id="just-below:closed-too-often"),
        pytest.param([*days_of_strangers(range(4), OPEN), *household(range(4))], 0, id="just-below:four-days"),
        pytest.param(days_of_strangers(range(6), OPEN[:4]), 0, id="just-below:four-hours"),
        pytest.param([*days_of_strangers(range(6), (9, 11)), *household(range(6))], 0, id="just-below:two-strangers-a-day"),
        pytest.param([*CAFE, *day_of_strangers(1, (2, 3), first=50_000)], 1, id="explains:two-at-night"),
        pytest.param([*CAFE, *days_of_strangers((1, 2), (2, 3), first=50_000)], 0, id="rogue:strangers-at-night"),
        pytest.param(
            [*CAFE, *days_of_strangers((5,), OPEN[:3], identity="imsi", first=50_000)], 1, id="explains:three-new-phones"
        ),
        pytest.param(
            [*CAFE, *days_of_strangers((5,), OPEN[:4], identity="imsi", first=50_000)], 0, id="rogue:asks-who-they-are"
        ),
        pytest.param(household(range(6)), 0, id="rogue:a-household-has-no-strangers"),
    ],
)
def test_excuses_strangers_in_opening_hours_day_after_day(room, access, count):
    found = room.excuses(EXPLANATION, access=[*access, *OTHERS], equipment=REGISTERED)
    assert [(excuse.key.cell, excuse.detectors, excuse.share) for excuse in found] == [(HOME, ("stranger_surge",), 1.0)] * count


@pytest.mark.parametrize(
    "registered",
    [
        pytest.param({"status": "deleted"}, id="rogue:a-deleted-id"),
        pytest.param({"work_order": None}, id="rogue:an-insiders-row-without-an-order"),
        pytest.param({"kind": "mobile"}, id="rogue:it-may-move"),
        pytest.param({"recorded_at": at("20 00:00")}, id="rogue:recorded-afterwards"),
    ],
)
def test_a_cell_that_the_registry_does_not_vouch_for_has_no_guests(room, registered):
    assert (
        room.excuses(EXPLANATION, access=[*CAFE, *OTHERS], equipment=[{**REGISTERED[0], **registered}, *REGISTERED[1:]]) == []
    )


def test_where_no_cell_has_an_order_none_is_missed(room):
    registered = [{**row, "work_order": None} for row in REGISTERED]
    assert len(room.excuses(EXPLANATION, access=[*CAFE, *OTHERS], equipment=registered)) == 1


def test_a_clone_with_a_serial_of_its_own_does_not_inherit_the_cafes_habit(room):
    clone = days_of_strangers(range(6), OPEN, first=90_000, source="10.0.0.9")
    joined = [link(HOME, at("2025-07-30")), link(HOME, at("2025-07-31"), serial="X1", inner_ip="10.0.0.9", **ABROAD)]
    found = room.excuses(EXPLANATION, access=[*CAFE, *clone, *OTHERS], equipment=REGISTERED, links=joined)
    assert [excuse.hand for excuse in found] == [f"S{HOME}"]


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
