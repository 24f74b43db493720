import pytest
from made_up_truth import (
    CAFE,
    FIRST,
    NAMED,
    SECOND,
    THIRD,
    TOUCHED,
    TUNNELS,
    at,
    exposure,
    found,
    key,
    suspect,
    theft,
    truth,
    tunnel,
)

from cellwarden.evaluate.drill import Block, days_of_drill, drill, grade, obedient, omniscient, saved
from cellwarden.evaluate.judging import key_of
from cellwarden.foundation.errors import UsageError

ONE, TWO, THREE = (row["imsi"] for row in TOUCHED)
THEFTS = [
    theft("P1", ONE, FIRST, "05 16:35", amount=300),
    theft("P2", TWO, SECOND, "05 18:50", amount=500),
    theft("P3", THREE, THIRD, "06 16:50", amount=700, unit="box"),
]
SAID = truth(thefts=THEFTS)


def known(until, suspects, **more):
    return found(
        name=until, suspects=suspects, manifest={"until": f"2025-08-{until}Z"}, **{"exposures": [], "payment_links": [], **more}
    )


def block(cell, when):
    return Block(at(when), key_of(key(cell)))


EARLY = known("05T18:05:00", NAMED[:1])
LATE = known("06T12:00:00", NAMED[:2])
LAST = known("07T12:00:00", NAMED)


def test_days_come_in_their_order():
    assert [day.until for day in days_of_drill(SAID, [LAST, EARLY, LATE])] == [at("05 18:05"), at("06 12:00"), at("07 12:00")]


@pytest.mark.parametrize(
    "results",
    [
        pytest.param([], id="none"),
        pytest.param([EARLY, EARLY], id="the same twice"),
        pytest.param([found()], id="one that knows everything"),
    ],
)
def test_a_drill_needs_days(results):
    with pytest.raises(UsageError):
        days_of_drill(SAID, results)


def test_a_day_tells_what_was_known_beside_what_was_real():
    first, second, third = drill(SAID, days_of_drill(SAID, [EARLY, LATE, LAST]))["days"]
    assert (first["known"]["cells"], first["real"]["cells"]) == (1, 1)
    assert (second["known"]["units"], second["real"]["units"]) == (["van"], ["van"])
    assert (third["real"]["people"], third["real"]["payments"]) == (3, 3)


@pytest.mark.parametrize(
    ("blocks", "people", "money"),
    [
        pytest.param([], 0, 0, id="nobody acts"),
        pytest.param([block(SECOND, "05 18:05")], 1, 500, id="the second id, before it came"),
        pytest.param([block(SECOND, "05 18:30")], 1, 500, id="at the very instant"),
        pytest.param([block(SECOND, "05 18:31")], 0, 0, id="a minute late"),
        pytest.param([block(CAFE, "01 00:00")], 0, 0, id="the wrong cell"),
        pytest.param([block(SECOND, "05 18:31"), block(SECOND, "05 18:00")], 1, 500, id="the earlier of two blocks counts"),
        pytest.param([block(cell, "05 00:00") for cell in (FIRST, SECOND, THIRD)], 3, 1500, id="all, at once"),
    ],
)
def test_a_block_saves_those_who_had_not_come_yet(blocks, people, money):
    assert saved(SAID, blocks) == {"people": people, "money": money}


def test_somebody_caught_before_is_not_saved_by_a_later_block():
    twice = truth(exposures=[*TOUCHED, exposure(TWO, FIRST, "05 16:30", "05 16:40")], thefts=THEFTS)
    assert saved(twice, [block(SECOND, "05 18:05")]) == {"people": 0, "money": 0}


def test_a_theft_before_the_remaining_exposure_is_saved():
    later = truth(exposures=[*TOUCHED, exposure(TWO, FIRST, "05 19:30", "05 19:40")], thefts=THEFTS)
    assert saved(later, [block(SECOND, "05 18:05")])["money"] == 500


def test_declined_payments_are_no_money():
    declined = truth(thefts=[theft("P2", TWO, SECOND, "05 18:50", status="declined")])
    assert saved(declined, [block(SECOND, "05 18:05")])["money"] == 0


def test_without_amounts_there_is_no_money():
    unpriced = truth(thefts=[theft("P2", TWO, SECOND, "05 18:50", amount=None)])
    days = days_of_drill(unpriced, [EARLY, LATE])
    told = drill(unpriced, days)
    assert told["outcome"]["money_saved"] is None
    assert told["days"][0]["cost_of_a_day"]["money"] is None


def test_the_obedient_block_each_accused_cell_on_its_first_day():
    days = days_of_drill(SAID, [EARLY, LATE, LAST])
    assert obedient(days) == [block(FIRST, "05 18:05"), block(SECOND, "06 12:00"), block(THIRD, "07 12:00")]


def test_a_day_of_delay_costs_who_came_in_it():
    early = known("05T18:05:00", [NAMED[0], suspect(SECOND, "05 18:00", "05 18:05", grade="suspect")])
    first, last = drill(SAID, days_of_drill(SAID, [early, LATE]))["days"]
    assert first["saved_if_acted"] == {"people": 1, "money": 500}
    assert first["cost_of_a_day"] == {"people": 1, "money": 500}
    assert last["cost_of_a_day"] == {"people": None, "money": None}


def test_a_delay_never_gains_by_what_the_next_day_names():
    first, second = drill(SAID, days_of_drill(SAID, [known("05T16:00:00", []), EARLY]))["days"]
    assert (first["saved_if_acted"], first["cost_of_a_day"]) == ({"people": 0, "money": 0}, {"people": 0, "money": 0})
    assert second["cost_of_a_day"]["people"] is None


def test_a_cell_is_put_before_the_commander_on_the_first_day_that_accuses_it():
    days = drill(SAID, days_of_drill(SAID, [EARLY, LATE, LAST]), [block(SECOND, "06 12:00")])["days"]
    assert [[one["cell"][3] for one in day["accused"]] for day in days] == [[FIRST], [SECOND], [THIRD]]
    assert [one["blocked_at"] for day in days for one in day["accused"]] == [None, at("06 12:00"), None]
    assert all(one["is_rogue"] for day in days for one in day["accused"])


AGAIN = truth(
    cells=[*TUNNELS, tunnel(FIRST, "06 20:00", "06 21:00")],
    exposures=[*TOUCHED, *(exposure(f"00101000000000{n}", FIRST, f"06 20:{n}0", "06 20:59") for n in (4, 5))],
)
"""The first id comes back on the second night: a block after the first one keeps two people from it."""


def test_the_best_that_one_can_do_is_to_block_a_cell_on_the_first_day_after_it_began():
    days = days_of_drill(AGAIN, [EARLY, LATE, LAST])
    assert omniscient(AGAIN, days) == [block(FIRST, "05 18:05"), block(SECOND, "06 12:00"), block(THIRD, "07 12:00")]


@pytest.mark.parametrize(
    ("blocks", "share", "expected"),
    [
        pytest.param([block(FIRST, "05 18:05")], 1.0, "A", id="on the first day"),
        pytest.param([block(FIRST, "06 20:45")], 0.5, "D", id="in the middle of the second night"),
        pytest.param([block(FIRST, "07 12:00")], 0.0, "E", id="when all was over"),
        pytest.param([block(cell, "05 00:00") for cell in (FIRST, SECOND, THIRD)], 1.0, "A", id="better than anybody could"),
        pytest.param([block(FIRST, "05 18:05"), block(CAFE, "05 18:05")], 1.0, "B", id="with an honest cell cut off"),
    ],
)
def test_the_outcome_is_held_against_the_best(blocks, share, expected):
    told = drill(AGAIN, days_of_drill(AGAIN, [EARLY, LATE, LAST]), blocks)
    assert told["outcome"]["people_preventable"] == 2
    assert (told["outcome"]["prevented_share"], told["grade"]) == (share, expected)
    assert told["outcome"]["honest_cells_blocked"] == sum(each.cell == key_of(key(CAFE)) for each in blocks)


def test_where_nothing_could_be_prevented_honest_people_were_left_alone():
    told = drill(SAID, days_of_drill(SAID, [EARLY, LATE, LAST]))
    assert (told["outcome"]["prevented_share"], told["grade"]) == (None, "A")


@pytest.mark.parametrize(
    ("prevented", "honest", "expected"),
    [
        (1.0, 0, "A"),
        (0.95, 0, "A"),
        (0.94, 0, "B"),
        (0.6, 0, "C"),
        (0.3, 0, "D"),
        (0.0, 0, "E"),
        (0.0, 9, "E"),
        (None, 0, "A"),
        (None, 2, "C"),
    ],
)
def test_grades(prevented, honest, expected):
    assert grade(prevented, honest) == expected
