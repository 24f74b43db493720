import numpy as np

from cellwarden.simulate.map import build_map
from cellwarden.simulate.randomness import stream


def test_cell_numbers_are_unique_and_hold_the_enb():
    city = build_map(1, 20_000)
    numbers = city.cell_numbers()
    assert len(set(numbers.tolist())) == city.sectors == len(numbers)
    assert (numbers[::3] >> 8 == city.enb).all()


def test_the_serving_sector_is_mostly_of_the_nearest_site():
    city = build_map(1, 20_000)
    rng = stream(1, "test")
    x, y = rng.uniform(0, city.side_m, (2, 2_000))
    nearest = city.tree.query(np.column_stack((x, y)))[1]
    assert (city.serving(x, y, rng) // 3 == nearest).mean() > 0.6


def test_the_city_is_where_it_should_be():
    city = build_map(1, 20_000)
    middle = np.array([city.side_m / 2])
    assert (city.latitude(middle)[0], city.longitude(middle)[0]) == (37.5, 126.9)


def test_areas_and_districts_cover_the_city():
    city = build_map(1, 2_000)
    corners = np.array([0.0, city.side_m])
    assert city.area(corners, corners).tolist() == [0, 5]
    assert city.district(corners, corners).tolist() == [0, 8]


def test_a_small_cell_hears_three_to_six_neighbours():
    heard = build_map(1, 2_000).heard(2_000, 2_000, stream(1, "test"))
    assert 1 <= len(heard) == len(set(heard)) <= 6
