from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from cellwarden.simulate.generator import build_world
from cellwarden.simulate.happenings import happen
from cellwarden.simulate.randomness import DAY_S, HOUR_S
from cellwarden.simulate.scenario import Confounder


@pytest.fixture(scope="module")
def depot(town):
    wanted = replace(town[0], confounders=(Confounder("B16", venues=("taxi_depot",)),))
    world, people = build_world(wanted, 7)
    (comings,) = happen(world, people, wanted).comings
    return world, comings


def test_drivers_come_at_the_changes_of_shift_day_and_night(depot):
    _, comings = depot
    hour = comings.from_at % DAY_S // HOUR_S
    share = {one: np.isin(hour, np.arange(one - 1, one + 1)).mean() for one in (5, 11, 17)}
    assert min(share[5], share[17]) > 3 * share[11]


def test_the_same_few_come_again_and_again(depot):
    _, comings = depot
    shifts = Counter(comings.who.tolist())
    assert len(shifts) <= 36
    assert np.median(list(shifts.values())) > 8


def test_all_are_at_the_depots_own_cell(depot):
    world, comings = depot
    (station,) = set(comings.station.tolist())
    assert world.fleet[station - world.first_small].use == "taxi_depot"


def test_no_depot_no_drivers(town):
    wanted = replace(town[0], confounders=(Confounder("B16"),))
    assert happen(*build_world(wanted, 7), wanted).comings == []
