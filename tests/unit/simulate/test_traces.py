from dataclasses import replace

import numpy as np

from cellwarden.simulate.attacks import plan_attacks
from cellwarden.simulate.comings import Comings
from cellwarden.simulate.generator import level_of
from cellwarden.simulate.happening import Happenings
from cellwarden.simulate.packed import TAU
from cellwarden.simulate.rows import Rows
from cellwarden.simulate.scenario import Attack
from cellwarden.simulate.traces import by_day, jammed, poison, served


def attacked(town, **more):
    wanted = replace(town[0], attacks=(Attack(nights=2, **more),))
    return plan_attacks(town[1], wanted, 0.0)


def test_a_jammed_neighbourhood_updates_at_each_stop_and_an_unjammed_one_does_not(town):
    assert jammed(town[1], attacked(town)) == []
    found = jammed(town[1], attacked(town, jams=True))
    stops = attacked(town, jams=True).plan.stops
    assert len(found) == len(stops)
    for rows, stop in zip(found, stops, strict=True):
        assert set(rows.procedure) <= {TAU}
        assert (rows.at >= stop.from_at).all()


def test_helpers_attach_at_the_hospital_in_the_nights_of_the_unit_that_poisons(town):
    what = Happenings()
    poison(town[1], attacked(town), what)
    assert what.comings == []
    attacks = attacked(town, poisons=1)
    poison(town[1], attacks, what)
    (spells,) = what.comings
    (ward,) = set(spells.station)
    assert town[1].fleet[ward - town[1].first_small].use == "hospital"
    assert set((spells.from_at // 86_400).astype(int)) == {stop.night for stop in attacks.plan.stops}
    assert len(set(spells.who)) == 6


def test_open_stations_are_filled_in_and_rows_outside_the_window_left_out(town):
    world = town[1]
    at = np.array([-5.0, 100.0, 7_200.0, world.until + 1])
    rows = Rows.of(at, np.array([1, 2, 3, 4]), np.array([-1, -1, 7, -1]), TAU)
    found = served(world, Comings.none().stays(), rows)
    assert found.who.tolist() == [2, 3]
    assert found.station[1] == 7
    assert found.station[0] >= 0


def test_rows_are_cut_by_day(town):
    at = np.array([10.0, 86_400.0, 86_500.0])
    rows = Rows.of(at, np.array([1, 2, 3]), np.array([5, 5, 5]), TAU)
    assert [len(part) for part in by_day(rows, 3, level_of(town[0], 7, town[1]))] == [1, 2, 0]
