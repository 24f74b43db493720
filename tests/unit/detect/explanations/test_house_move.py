from datetime import timedelta

import pytest
from made_up_habits import day_of_strangers, days_of_strangers, household
from made_up_records import HOME, at, card, link, version

EXPLANATION = card("house_move")
BEFORE = household(range(5))
REGISTERED = [version(HOME)]


@pytest.mark.parametrize(
    ("after", "count"),
    [
        pytest.param(household(range(5, 8), tac=2), 1, id="explains:the-household-came-along"),
        pytest.param([*household(range(5, 8), tac=2), *household(range(5, 8), tac=2, people=(3,))], 1, id="explains:two-of-three-came-along"),
        pytest.param([*household(range(5, 8), tac=2), *household(range(5, 8), tac=2, people=(3, 4))], 0, id="just-below:two-of-four"),
        pytest.param([*household(range(5, 8), tac=2), *(row for day in (5, 6, 7) for row in day_of_strangers(day, (18, 19, 20, 21), tac=2))], 1, id="explains:guests-at-the-new-flat"),
        pytest.param([*household(range(5, 8), tac=2), *(row for day in (5, 6, 7) for row in day_of_strangers(day, (17, 18, 19, 20, 21), tac=2))], 0, id="rogue:more-strangers-than-people"),
        pytest.param(days_of_strangers(range(5, 8), (18, 19, 20), tac=2), 0, id="rogue:nobody-came-along"),
        pytest.param(household(range(5, 8), tac=2, people=(7, 8)), 0, id="rogue:another-household"),
        pytest.param([*household((5, 6), tac=2), *household(range(7, 9))], 0, id="just-below:it-came-back"),
        pytest.param(household(range(5, 8)), 0, id="just-below:it-did-not-move"),
    ],
)  # fmt: skip
def test_excuses_a_new_place_with_the_old_people(room, after, count):
    found = room.excuses(EXPLANATION, access=[*BEFORE, *after], equipment=REGISTERED)
    assert [excuse.key.cell for excuse in found] == [HOME] * count
    for excuse in found:
        assert excuse.from_at == min(row["at"] for row in after) - timedelta(days=1)
        assert {"moving_cell", "setup_conflict", "misplaced_cell"} <= set(excuse.detectors)
        assert "stranger_surge" not in excuse.detectors


def test_another_device_than_the_registered_one_has_not_moved_house(room):
    links = [link(HOME, at("2025-07-25"), serial="X1")]
    access = [*BEFORE, *household(range(5, 8), tac=2)]
    assert room.excuses(EXPLANATION, access=access, equipment=REGISTERED, links=links) == []


def test_a_clone_that_shows_the_owners_serial_at_the_same_time_is_not_excused(room):
    """The serial is then in two places at once: the base tells the two apart, and neither is taken for a move."""
    links = [link(HOME, at("2025-07-25")), link(HOME, at("2025-07-26"), inner_ip="10.0.0.9", source_ip="192.0.2.99")]
    clone = days_of_strangers(range(5, 8), (7, 19, 22), tac=2, source="10.0.0.9")
    access = [*BEFORE, *household(range(5, 8)), *clone]
    assert room.excuses(EXPLANATION, access=access, equipment=REGISTERED, links=links) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
