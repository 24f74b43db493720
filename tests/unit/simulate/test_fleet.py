import numpy as np

from cellwarden.simulate.fleet import NUMBERS, on_the_air
from cellwarden.simulate.population import NOWHERE


def test_ids_and_serials_are_unique(world):
    assert len({cell.number for cell in world.fleet}) == len(world.fleet)
    assert len({cell.serial for cell in world.fleet}) == len(world.fleet)


def test_one_id_equals_a_macro_cells_number(world):
    macros = set(world.city.cell_numbers().tolist())
    assert any(cell.number in macros for cell in world.fleet)
    assert all(NUMBERS[0] <= cell.number < NUMBERS[1] or cell.number in macros for cell in world.fleet)


def test_idle_ids_fell_silent_a_hundred_days_ago(world):
    assert all(cell.status_at < -100 * 86_400 for cell in world.fleet if cell.use == "idle")


def test_every_home_has_a_household(world):
    for index, cell in enumerate(world.fleet):
        if cell.use == "home":
            assert (world.people.home_cell == world.first_small + index).any()


def test_a_cell_serves_nobody_before_its_installation(world):
    index, late = next((index, cell) for index, cell in enumerate(world.fleet) if cell.story == "inventory_lag")
    station = np.array([world.first_small + index, world.first_small + index, NOWHERE])
    at = np.array([late.on_from - 1, late.on_from + 3_600, 0.0])
    assert on_the_air(world.fleet, world.first_small, station, at).tolist() == [False, True, False]


def test_serials_that_look_like_the_rogues_are_honest_too(world):
    assert any(cell.serial.startswith("FX-9") for cell in world.fleet)
