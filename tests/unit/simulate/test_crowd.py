import numpy as np
import pytest

from cellwarden.simulate.population import NOWHERE


def test_at_three_at_night_everybody_is_at_home(town):
    people = town[2]
    who = np.arange(people.count)
    x, y, stage = people.whereabouts(who, np.full(people.count, 2 * 86_400 + 3 * 3600.0))
    home_x, home_y = people.home_of(who, np.full(people.count, 2 * 86_400 + 3 * 3600.0))
    assert (stage == 0).all()
    assert x == pytest.approx(home_x)
    assert y == pytest.approx(home_y)


def test_at_noon_on_a_weekday_most_of_those_with_work_are_there(town):
    people = town[2]
    who = np.flatnonzero(people.has_work & ~people.rooted)
    x, _, stage = people.whereabouts(who, np.full(len(who), 86_400 + 13 * 3600.0))
    assert (stage == 2).mean() > 0.75
    assert x[stage == 2] == pytest.approx(people.work_x[who[stage == 2]])


def test_who_carried_the_cell_along_is_back_at_home_later(town):
    people = town[2]
    who = np.flatnonzero(people.returns_at < 1e11)
    assert len(who)
    for at, moved in ((people.moves_at[who] + 9e3, True), (people.returns_at[who] + 9e3, False)):
        assert (people.home_of(who, at)[0] == (people.next_home_x if moved else people.home_x)[who]).all()


def test_own_small_cells_serve_at_home_and_at_work_alone(town):
    people = town[2]
    who = np.flatnonzero(people.home_cell >= 0)[:5]
    at = np.zeros(5)
    assert (people.small_cell_at(who, at, np.zeros(5)) == people.home_cell[who]).all()
    assert (people.small_cell_at(who, at, np.full(5, 4)) == NOWHERE).all()


def test_things_stay_and_do_little(town):
    people = town[2]
    things = people.device == 3
    assert people.rooted[things].all()
    assert people.rate[things].mean() < 0.3 * people.rate[~things].mean()
