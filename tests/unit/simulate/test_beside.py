import numpy as np
import pytest

from cellwarden.simulate.beside import ENTRIES, ENTRY_NONE, Spells, inside, small_now
from cellwarden.simulate.generator import level_of


def test_every_way_in_has_a_name():
    assert ENTRIES[ENTRY_NONE] == "none"
    assert len(ENTRIES) == len(set(ENTRIES)) == ENTRY_NONE + 1


@pytest.mark.parametrize(("at", "found"), [(9.9, -1), (10.0, 0), (20.0, 0), (20.1, -1), (30.5, 1)])
def test_a_spell_holds_from_its_first_to_its_last_second(at, found):
    none = np.zeros(2, dtype=np.int64)
    spells = Spells(np.array([0, 2]), np.array([10.0, 30.0]), np.array([20.0, 31.0]), none, none, none, none, none)
    assert inside(spells, 0, 2, at) == found


def test_a_small_cell_serves_while_it_is_on_the_air(town):
    wanted, world, _ = town
    late = next(index for index, cell in enumerate(world.fleet) if cell.story == "inventory_lag")
    level, cell = level_of(wanted, 7, world), world.fleet[late]
    station = world.first_small + late
    assert not small_now(level, station, cell.on_from - 1)
    assert small_now(level, station, cell.on_from + 301)
    assert not small_now(level, -1, 1e5)
