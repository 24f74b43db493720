from zoneinfo import ZoneInfo

from made_up_habits import days_of_strangers
from made_up_records import HOME, at, card, version

from cellwarden.detect.explanations.habit import habits

EXPLANATION = card("public_venue")


def rows_of(room, access, **more):
    room.fill(access=access, equipment=[version(HOME, **more)])
    room.base()
    room.prepare(EXPLANATION)
    return room.engine.run(EXPLANATION.script, **EXPLANATION.values()).to_pylist()


def test_hours_are_those_of_the_operators_zone(room):
    rows = rows_of(room, days_of_strangers(range(6), (9, 10, 23), each=2))
    (seoul,) = habits(rows, ZoneInfo("Asia/Seoul"))
    assert dict(seoul.visits) == {9: 12, 10: 12, 23: 12}
    (utc,) = habits(rows, ZoneInfo("UTC"))
    assert set(utc.visits) == {0, 1, 14}


def test_whoever_comes_on_more_than_a_third_of_the_days_is_no_stranger(room):
    regular = [{**row, "imsi": 7} for row in days_of_strangers((0, 1, 2), (12,))]
    (habit,) = habits(rows_of(room, [*days_of_strangers(range(6), (9, 10)), *regular]), ZoneInfo("Asia/Seoul"))
    assert set(habit.visits) == {9, 10}
    (habit,) = habits(rows_of(room, [*days_of_strangers(range(6), (9, 10)), *regular[:2]]), ZoneInfo("Asia/Seoul"))
    assert set(habit.visits) == {9, 10, 12}


def test_only_hands_that_the_registry_knows_have_a_habit(room):
    visits = days_of_strangers(range(6), (9, 10))
    assert rows_of(room, visits) != []
    for wrong in ({"status": "deleted"}, {"kind": "mobile"}, {"recorded_at": at("25 00:00")}):
        assert rows_of(room, visits, **wrong) == []


def test_the_night_is_from_one_to_five(room):
    (habit,) = habits(rows_of(room, days_of_strangers(range(6), (0, 1, 4, 5))), ZoneInfo("Asia/Seoul"))
    assert habit.night_share == 0.5
