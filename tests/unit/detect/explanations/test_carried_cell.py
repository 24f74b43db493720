import pytest
from made_up_habits import days_of_strangers, household
from made_up_records import HOME, at, card, link, version

EXPLANATION = card("carried_cell")
BEFORE = household(range(4))
BACK = household(range(6, 9))
REGISTERED = [version(HOME)]


@pytest.mark.parametrize(
    ("away", "back", "count"),
    [
        pytest.param(household((4, 5), tac=2), BACK, 2, id="explains:a-holiday"),
        pytest.param(household((4, 5), tac=2), [], 0, id="just-below:not-back-yet"),
        pytest.param(household((4, 5), tac=2, people=(1, 8, 9)), BACK, 1, id="just-below:one-of-three-only"),
        pytest.param(
            days_of_strangers((4, 5), (9, 10, 11), tac=2), BACK, 1, id="rogue:a-clone-with-strangers-gets-none-for-its-own-stay"
        ),
    ],
)
def test_excuses_a_stay_elsewhere_with_the_household_and_the_return(room, away, back, count):
    found = room.excuses(EXPLANATION, access=[*BEFORE, *away, *back], equipment=REGISTERED)
    assert len(found) == count
    assert all("foreign_source" in excuse.detectors for excuse in found)
    if count == 1:
        (excuse,) = found
        assert excuse.from_at >= at("05 00:00"), "only the return, with the household, is excused"


def test_another_device_than_the_registered_one_was_not_carried(room):
    links = [link(HOME, at("2025-07-25"), serial="X1")]
    access = [*BEFORE, *household((4, 5), tac=2), *BACK]
    assert room.excuses(EXPLANATION, access=access, equipment=REGISTERED, links=links) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
