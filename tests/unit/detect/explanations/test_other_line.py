import pytest
from made_up_habits import day_of_strangers, days_of_strangers, household
from made_up_records import HOME, at, card, link, version

EXPLANATION = card("other_line")
DAYS = range(6)
LINKS = [link(HOME, at("2025-07-25"), source_ip="192.0.2.9")]
REGISTERED = [version(HOME)]


def excuses(room, access, *, links=LINKS, equipment=REGISTERED):
    return room.excuses(EXPLANATION, access=access, equipment=equipment, links=links)


@pytest.mark.parametrize(
    ("access", "count"),
    [
        pytest.param(household(DAYS), 1, id="explains:a-household-and-nobody-else"),
        pytest.param([*household(DAYS), *day_of_strangers(2, (18, 19))], 1, id="explains:two-guests-of-two"),
        pytest.param([*household(DAYS, people=(1,)), *day_of_strangers(2, (18, 19))], 1, id="explains:two-guests-of-one"),
        pytest.param([*household(DAYS), *day_of_strangers(2, (18, 19, 20))], 0, id="just-below:three-guests-of-two"),
        pytest.param([*household(DAYS), *day_of_strangers(5, range(24))], 0, id="rogue:one-day-of-strangers"),
        pytest.param(days_of_strangers(DAYS, (3,)), 0, id="rogue:nobody-lives-there"),
        pytest.param(household(range(4)), 0, id="just-below:four-days"),
        pytest.param([], 0, id="no-records"),
    ],
)
def test_excuses_the_address_of_a_device_that_serves_its_household(room, access, count):
    found = excuses(room, access)
    assert [(each.key.cell, each.hand, each.detectors, each.share) for each in found] == [
        (HOME, f"S{HOME}", ("foreign_source",), 0.8)
    ] * count


def test_whoever_is_seen_on_two_fifths_of_the_days_lives_there(room):
    seen_often = household((0, 1, 2, 3), people=(3, 4, 5))
    seen_rarely = household((0, 1), people=(3, 4, 5))
    (excuse,) = excuses(room, [*household(range(10)), *seen_often])
    assert "5 people who live with it" in excuse.evidence["en"]
    assert excuses(room, [*household(range(10)), *seen_rarely]) == []


def test_an_insiders_row_without_an_order_does_not_take_the_household_away(room):
    assert len(excuses(room, household(DAYS), equipment=[version(HOME, work_order=None)])) == 1


@pytest.mark.parametrize(
    ("links", "equipment"),
    [
        pytest.param([link(HOME, at("2025-07-25"), serial="X1")], REGISTERED, id="another device"),
        pytest.param(LINKS, [], id="an id that the registry does not know"),
        pytest.param(LINKS, [version(HOME, status="retired")], id="a retired id"),
        pytest.param(LINKS, [version(HOME, kind="mobile")], id="what is registered as mobile has no home"),
    ],
)
def test_only_the_registered_device_of_an_active_id_has_a_household(room, links, equipment):
    assert excuses(room, household(DAYS), links=links, equipment=equipment) == []


def test_a_clone_that_shows_the_owners_serial_at_the_same_time_is_not_excused(room):
    links = [*LINKS, link(HOME, at("2025-07-26"), inner_ip="10.0.0.9", source_ip="192.0.2.99")]
    clone = days_of_strangers(DAYS, (11, 21), tac=2, source="10.0.0.9")
    assert excuses(room, [*household(DAYS), *clone], links=links) == []


def test_after_a_move_the_move_explains_it(room):
    (excuse,) = excuses(room, [*household(DAYS), *household(range(6, 12), tac=2)])
    assert excuse.to_at < at("07 12:00")
