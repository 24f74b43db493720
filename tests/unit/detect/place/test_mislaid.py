"""Masts at a wrong place of the registry: their phones cross to those next to the right one."""

import math
from itertools import product

import pytest

from cellwarden.detect.place.mislaid import AMONG, Believed, standing

GRID = {(row, column): (37.40 + 0.009 * row, 127.00 + 0.0113 * column) for row, column in product(range(9), range(9))}
"""Places of masts a kilometre apart."""
HERE, THERE, EDGE = GRID[2, 2], GRID[6, 6], GRID[0, 4]


def sectors(spot):
    """Return the three cells of the mast at a place; their numbers differ in the last eight bits."""
    mast = sorted(GRID.values()).index(spot) + 78_000
    return [mast * 256 + 11 + sector for sector in range(3)]


def town(*, registered=None, stray=3):
    """Return cells and borders of a town whose phones cross to the masts next door, and now and then to any other.

    Args:
        registered: Where the registry has a cell, by number, if that is not where it stands.
        stray: Crossings to each mast that is not next door, for each hundred to one that is.
    """
    place_of = {number: spot for spot in GRID.values() for number in sectors(spot)} | (registered or {})
    cells = [(number, *spot) for number, spot in place_of.items()]
    crossings = {}
    for spot, other in product(GRID.values(), GRID.values()):
        apart = math.hypot(other[0] - spot[0], 0.8 * (other[1] - spot[1]))
        for number, far in product(sectors(spot), sectors(other)):
            if number == far or place_of[number] == place_of[far]:
                continue
            key = (number, *place_of[number], *place_of[far])
            crossings[key] = crossings.get(key, 0) + (100 if apart < 0.014 else stray)
    rows = [
        {"cell": number, "lat": lat, "lon": lon, "other_lat": other_lat, "other_lon": other_lon, "crossings": times}
        for (number, lat, lon, other_lat, other_lon), times in crossings.items()
    ]
    return cells, rows


def moved(cells, borders):
    """Return what is believed of the cells that the registry is not believed about; None: nobody knows."""
    stands = standing(cells, borders)
    return {near[0]: stands.get(near) for near in cells if stands.get(near) != near[1:]}


def test_a_right_registry_is_believed_to_the_edge_of_town():
    assert moved(*town()) == {}


def test_a_sector_registered_elsewhere_is_put_to_the_others_of_its_mast():
    lone = sectors(HERE)[1]
    assert moved(*town(registered={lone: THERE})) == {lone: HERE}
    assert moved(*town(registered={lone: (37.405, 126.99)})) == {lone: HERE}


def test_of_two_sectors_left_of_a_mast_the_phones_tell_which_is_the_wrong_one():
    gone, right, wrong = sectors(HERE)
    cells, borders = town(registered={wrong: (THERE[0] + 0.002, THERE[1])})
    cells = [near for near in cells if near[0] != gone]
    assert moved(cells, [row for row in borders if row["cell"] != gone]) == {wrong: HERE}
    assert right not in moved(cells, borders)


def test_a_remote_antenna_of_an_enb_stays_where_it_is():
    """Numbers alone prove nothing: a radio head down the road, or a whole campus, has the number of its base station."""
    at_home, swapped = sectors(HERE), sectors(THERE)
    numbers = {swapped[0]: at_home[0] + 7}
    cells, borders = town()
    cells = [(numbers.get(number, number), lat, lon) for number, lat, lon in cells]
    borders = [row | {"cell": numbers.get(row["cell"], row["cell"])} for row in borders]
    assert moved(cells, borders) == {}


def test_a_whole_mast_at_a_wrong_place_is_left_out():
    wrong = (THERE[0] + 0.003, THERE[1] + 0.003)
    assert moved(*town(registered=dict.fromkeys(sectors(HERE), wrong))) == dict.fromkeys(sectors(HERE))


@pytest.mark.parametrize(
    ("share", "is_left_out"), [(AMONG.value + 0.02, False), pytest.param(AMONG.value - 0.02, True, id="hardly-next-door")]
)
def test_a_mast_is_left_out_when_it_crosses_next_door_half_as_much_as_others(share, is_left_out):
    cells = [(sectors(spot)[0], *spot) for spot in GRID.values()]
    # Weights are roots of counts. Every other mast crosses next door alone, and this one with this share.
    weights = {(row, column): {(row, column - 1 if column else 1): 100.0} for row, column in GRID}
    weights[2, 2] = {(2, 1): 100 * share, (7, 7): 100 * (1 - share)}
    borders = [
        {
            "cell": sectors(GRID[at])[0], "lat": GRID[at][0], "lon": GRID[at][1],
            "other_lat": GRID[other][0], "other_lon": GRID[other][1], "crossings": round(weight**2),
        }
        for at, to in weights.items() for other, weight in to.items()
    ]  # fmt: skip
    assert moved(cells, borders) == ({sectors(HERE)[0]: None} if is_left_out else {})


def test_nothing_crossed_tells_nothing():
    cells, _ = town()
    assert standing(cells, []) == {near: near[1:] for near in cells}


def test_a_place_is_believed_to_be_elsewhere_only_if_nothing_stays_there():
    elsewhere = Believed({(1, *HERE): THERE})
    assert elsewhere(HERE) == THERE
    assert elsewhere(EDGE) == EDGE
    assert Believed({(1, *HERE): THERE, (2, *HERE): HERE})(HERE) == HERE
