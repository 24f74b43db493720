import pytest
from made_up_habits import days_of_strangers, household
from made_up_records import HOME, OTHER_HOME, card, version

EXPLANATION = card("phone_shop")
OPEN = (11, 13, 15, 17)
OTHERS = [row for cell in range(20) for row in household(range(6), cell=OTHER_HOME + cell, people=(10 + cell, 40 + cell))]
REGISTERED = [version(HOME), *(version(OTHER_HOME + cell) for cell in range(20))]


@pytest.mark.parametrize(
    ("access", "count"),
    [
        pytest.param(days_of_strangers(range(6), OPEN, identity="imsi"), 1, id="explains:new-sims-every-day"),
        pytest.param([*days_of_strangers(range(5), OPEN, identity="imsi"), *household(range(8))], 1, id="explains:closed-on-three-of-eight-days"),
        pytest.param([*days_of_strangers(range(5), OPEN, identity="imsi"), *household(range(9))], 0, id="just-below:closed-too-often"),
        pytest.param(days_of_strangers(range(4), OPEN, identity="imsi"), 0, id="rogue:four-days-of-a-day-market"),
        pytest.param([*days_of_strangers(range(6), OPEN), *days_of_strangers((5,), OPEN, identity="imsi", first=70_000)], 0, id="rogue:a-single-day-of-identities"),
        pytest.param([*days_of_strangers(range(6), OPEN, identity="imsi"), *days_of_strangers((5,), (2,), first=70_000)], 0, id="rogue:guests-at-night"),
        pytest.param(days_of_strangers(range(6), OPEN), 0, id="just-below:nobody-gives-an-identity"),
    ],
)  # fmt: skip
def test_excuses_identities_that_come_every_day_in_opening_hours(room, access, count):
    found = room.excuses(EXPLANATION, access=[*access, *OTHERS], equipment=REGISTERED)
    assert [(excuse.key.cell, excuse.detectors) for excuse in found] == [
        (HOME, ("identity_exposure_excess", "stranger_surge"))
    ] * count


def test_identities_of_the_cells_own_people_make_no_shop(room):
    own = household(range(6), identity="imsi")
    assert room.excuses(EXPLANATION, access=[*own, *OTHERS], equipment=REGISTERED) == []


def test_an_unregistered_cell_sells_nothing(room):
    visits = days_of_strangers(range(6), OPEN, identity="imsi")
    assert room.excuses(EXPLANATION, access=[*visits, *OTHERS], equipment=REGISTERED[1:]) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
