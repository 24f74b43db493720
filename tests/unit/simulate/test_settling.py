from collections import Counter

import pytest

from cellwarden.simulate.randomness import DAY_S
from cellwarden.simulate.settling import on_air


def test_there_are_as_many_small_cells_as_the_network_has(town):
    wanted, world, people = town
    active = [
        cell
        for cell in world.fleet
        if cell.use in ("home", "office", "cafe", "clinic") and not (cell.story and cell.use == "home")
    ]
    assert len(active) == pytest.approx(max(24, wanted.network.small_cells * people.count / 1000), abs=3)


def test_every_story_that_was_asked_for_is_told(town):
    stories = Counter(cell.story for cell in town[1].fleet)
    for story in (
        "inventory_lag",
        "reissued_id",
        "house_move",
        "carried_cell",
        "on_board_cell",
        "always_open_venue",
        "public_venue",
        "woken_cell",
    ):
        assert stories[story] > 0, story


def test_numbers_are_used_once_but_for_the_twin_of_a_macro_cell(town):
    numbers = [cell.number for cell in town[1].fleet]
    assert len(set(numbers)) == len(numbers)
    assert len(set(numbers) & set(town[1].city.cell_numbers().tolist())) == 1


def test_some_customers_have_another_providers_line(town):
    providers = Counter(cell.provider for cell in town[1].fleet if cell.use != "idle")
    assert 0 < providers["partner"] + providers["other"] < 0.2 * providers.total()
    assert all(cell.networks is None for cell in town[1].fleet if cell.provider == "other")


def test_ids_on_paper_are_never_on_the_air(town):
    since, until = on_air(town[1].fleet)
    for cell, first, last in zip(town[1].fleet, since, until, strict=True):
        assert (first > 1e11) == (cell.use == "idle")
        assert last > first or cell.use == "idle"


def test_a_cell_that_wakes_was_unplugged_for_months_and_comes_on_in_the_window(town):
    _, world, people = town
    woken = [cell for cell in world.fleet if cell.story == "woken_cell"]
    assert len(woken) > 0
    for cell in woken:
        since, _ = cell.asleep
        assert cell.installed_at < since < cell.on_from - 100 * DAY_S
        assert DAY_S < cell.on_from < people.days * DAY_S
        assert (people.home_cell == world.first_small + world.fleet.index(cell)).any()
