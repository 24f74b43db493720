import numpy as np
import pytest

from cellwarden.simulate.ground_plan import District, lay_out
from cellwarden.simulate.randomness import stream


def square(west, south, side):
    return np.array(
        [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]], dtype=float
    )


@pytest.fixture
def ground():
    """Two districts side by side, 2 km each; the second has a lake of 1 km in it."""
    land = District(1, "Land-dong", (square(-2000, -1000, 2000),), people=3_000, companies=10, apartments=500)
    lake = District(2, "Lake-dong", (square(0, -1000, 2000), square(500, -500, 1000)), people=1_000, companies=30, apartments=0)
    return lay_out("Example-si", [land, lake], middle=(37.0, 127.0), attribution="nobody")


def test_squares_have_the_area_of_the_districts_and_lakes_are_left_out(ground):
    area_km2 = [(ground.squares == district).sum() / 100 for district in (0, 1)]
    assert area_km2 == pytest.approx([4.0, 3.0], abs=0.3)


def test_every_place_has_a_district_the_nearest_one_outside(ground):
    middle = ground.side_m / 2
    x, y = (
        np.array([middle - 900, middle + 100, middle + 1000, 0.0, ground.side_m]),
        np.array([middle, middle, middle, 0.0, ground.side_m]),
    )
    assert ground.district(x, y).tolist() == [0, 1, 1, 0, 1]


def test_places_are_drawn_by_weight_and_inside(ground):
    rng = stream(1, "test")
    x, y = ground.places(rng, ground.people, 4_000)
    assert (ground.district(x, y) == 0).mean() == pytest.approx(0.75, abs=0.03)
    assert (ground.squares[(y // 100).astype(int), (x // 100).astype(int)] >= 0).all()
    assert set(ground.district(*ground.places(rng, ground.apartments, 50))) == {0}


def test_the_map_is_centred_on_its_districts(ground):
    assert (ground.lat, ground.lon) == pytest.approx((37.0, 127.0), abs=1e-6)
    assert ground.side_m >= 4_000
