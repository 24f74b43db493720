import pytest
from made_up_habits import days_of_strangers, household
from made_up_records import HOME, card, version

EXPLANATION = card("always_open_venue")
AROUND_THE_CLOCK = range(24)
HOSPITAL = days_of_strangers(range(5), AROUND_THE_CLOCK)
REGISTERED = [version(HOME)]


@pytest.mark.parametrize(
    ("access", "count"),
    [
        pytest.param(HOSPITAL, 1, id="explains:a-hospital"),
        pytest.param(days_of_strangers(range(3), AROUND_THE_CLOCK), 0, id="just-below:three-nights-touch-four-days"),
        pytest.param(days_of_strangers(range(5), range(18)), 1, id="explains:eighteen-hours-of-the-day"),
        pytest.param(days_of_strangers(range(5), range(17)), 0, id="just-below:seventeen-hours-of-the-day"),
        pytest.param([*days_of_strangers(range(5), (0, *range(5, 24))), *days_of_strangers(range(3), range(1, 5))], 1, id="explains:open-on-three-nights"),
        pytest.param([*days_of_strangers(range(5), (0, *range(5, 24))), *days_of_strangers(range(2), range(1, 5), each=2)], 0, id="just-below:open-on-two-nights"),
        pytest.param(days_of_strangers(range(5), range(1, 6), each=5), 0, id="rogue:a-van-at-dawn"),
        pytest.param(days_of_strangers(range(5), AROUND_THE_CLOCK, identity="imsi"), 0, id="rogue:identities-and-no-other-cell-to-compare-with"),
        pytest.param(days_of_strangers(range(5), range(8, 22), each=2), 0, id="just-below:closed-at-night"),
        pytest.param(household(range(6), hours=range(24)), 0, id="rogue:a-household-has-no-strangers"),
    ],
)  # fmt: skip
def test_excuses_strangers_around_the_clock_day_after_day(room, access, count):
    found = room.excuses(EXPLANATION, access=access, equipment=REGISTERED)
    assert [(excuse.key.cell, excuse.detectors) for excuse in found] == [(HOME, ("stranger_surge", "night_activity"))] * count


def test_a_catcher_among_hospital_guests_is_not_excused(room):
    others = [
        row
        for cell in range(1, 4)
        for row in days_of_strangers(range(5), AROUND_THE_CLOCK, cell=HOME + cell, first=100_000 * cell)
    ]
    asks = days_of_strangers(range(5), (2, 3, 4), identity="imsi", first=900_000)
    registered = [version(HOME + cell) for cell in range(4)]
    found = room.excuses(EXPLANATION, access=[*HOSPITAL, *others, *asks], equipment=registered)
    assert [excuse.key.cell for excuse in found] == [HOME + cell for cell in range(1, 4)]


def test_a_parked_rogue_under_a_deleted_id_is_not_excused(room):
    assert room.excuses(EXPLANATION, access=HOSPITAL, equipment=[version(HOME, status="deleted")]) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
