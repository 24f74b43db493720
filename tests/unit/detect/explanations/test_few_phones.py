import pytest
from made_up_habits import attaching, days_of_strangers
from made_up_records import HOME, card, version

LABORATORY, PLANTED = card("test_laboratory"), card("planted_attaches")


def excuses(room, explanation, access):
    return room.excuses(explanation, access=access, equipment=[version(HOME)])


@pytest.mark.parametrize(
    ("others", "explained"),
    [pytest.param(29, LABORATORY, id="a laboratory and its guests"), pytest.param(30, PLANTED, id="a place of the public")],
)
def test_one_of_the_two_names_it_by_who_else_is_there(room, others, explained):
    access = [*attaching(), *days_of_strangers(range(others - 20), (10,)), *days_of_strangers(range(20), (14,))]
    assert [len(excuses(room, each, access)) for each in (LABORATORY, PLANTED)] == [
        explained is LABORATORY,
        explained is PLANTED,
    ]
