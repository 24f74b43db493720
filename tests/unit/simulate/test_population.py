import numpy as np

from cellwarden.simulate.randomness import DAY_S


def test_everybody_sleeps_at_home(world):
    everyone = np.arange(world.people.count)
    at = np.full(world.people.count, 3 * DAY_S + 4 * 3600.0)
    x, y, stage = world.people.whereabouts(everyone, at)
    home_x, home_y = world.people.home_of(everyone, at)
    assert set(stage) <= {0, 6}
    assert (np.hypot(x - home_x, y - home_y) < 1).all()


def test_ways_join_the_places(world):
    goes = np.flatnonzero(world.people.turns[0][:, 1] < DAY_S)
    at = DAY_S + world.people.turns[0][goes, 1]
    x, y, _ = world.people.whereabouts(goes, at + 0.001)
    home_x, home_y = world.people.home_of(goes, at)
    assert (np.hypot(x - home_x, y - home_y) < 2).all()


def test_turns_of_the_day_ascend_and_end_before_midnight(world):
    for earlier, later in zip(world.people.turns, world.people.turns[1:], strict=False):
        assert (earlier <= later + 1e-6).all()
    last = world.people.turns[-1]
    assert last[last < DAY_S * 2].max() < DAY_S


def test_more_people_work_on_weekdays(world):
    share = world.people.works_today.mean(axis=0)
    assert share[:5].min() > 2 * share[5:7].max()


def test_who_moves_lives_elsewhere_afterwards(world):
    movers = np.flatnonzero(world.people.moves_at < DAY_S * world.people.days)
    assert len(movers) > 0
    before, after = (world.people.home_of(movers, np.full(len(movers), at)) for at in (0.0, 8 * DAY_S))
    assert (np.hypot(before[0] - after[0], before[1] - after[1]) > 1_000).all()
