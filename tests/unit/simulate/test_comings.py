import numpy as np
import pytest

from cellwarden.simulate.comings import Comings, crowd_calls, venue_calls, visits
from cellwarden.simulate.randomness import DAY_S


@pytest.fixture
def every_day(town):
    """Access keeps every day."""
    return np.ones(town[2].days, dtype=np.bool_)


def test_visits_of_one_person_do_not_overlap(town, every_day):
    found = visits(town[1], venue_calls(town[1]), every_day)
    same = found.who[1:] == found.who[:-1]
    assert (found.from_at[1:][same] > found.to_at[:-1][same]).all()


def test_a_hospital_has_visitors_at_night_and_a_cafe_has_none(town, every_day):
    _, world, _ = town
    found = visits(world, venue_calls(world), every_day)
    hour = found.from_at % DAY_S / 3600
    use = np.array([cell.use for cell in world.fleet])[np.clip(found.station - world.first_small, 0, None)]
    assert (hour[use == "hospital"] < 6).mean() > 0.1
    assert not (hour[use == "cafe"] < 7.9).any()


def test_a_crowd_comes_within_its_hours(town, every_day):
    rng = np.random.default_rng(1)
    found = visits(town[1], [crowd_calls(rng, 200, (2000.0, 2000.0), (5e5, 5.2e5), 8)], every_day)
    assert 50 < len(found.who) <= 200
    assert found.from_at.min() >= 5e5
    assert set(found.station) == {8}


def test_nobody_is_sought_for_a_visit_on_a_day_that_no_record_keeps(town, every_day):
    kept = every_day.copy()
    kept[[2, 5]] = False
    found = visits(town[1], venue_calls(town[1]), kept)
    assert set(found.from_at // DAY_S) == set(np.flatnonzero(kept))


def test_the_spells_of_a_day_are_those_that_touch_it(town):
    people = town[2].count
    none = np.zeros(3, dtype=np.int64)
    who, first, last = np.array([1, 1, 4]), np.array([100.0, DAY_S - 5, 2 * DAY_S]), np.array([200.0, DAY_S + 5, 2 * DAY_S + 1])
    comings = Comings(who, first, last, none, none, none, none, none)
    assert [len(comings.of_day(day, people).from_at) for day in range(4)] == [2, 1, 1, 0]
    spells = comings.of_day(0, people)
    assert (spells.first[1], spells.first[2], spells.first[5]) == (0, 2, 2)
