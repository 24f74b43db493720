"""Which placed cell serves a spot: near ones more than far ones, and a sector where it looks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.detect.place.serving import SECTORS, masts

HERE, THERE = (1, 37.50, 127.00), (2, 37.50, 127.01)
EAST, NORTH = (37.50, 127.02), (37.52, 127.00)


def crossing(cell, other, times=10):
    return {
        "cell": cell[0],
        "lat": cell[1],
        "lon": cell[2],
        "other_lat": other[0],
        "other_lon": other[1],
        "crossings": times,
    }


def share(around, near, x, y):
    return float(np.exp(around.log_shares(np.array([float(x)]), np.array([float(y)]))[near][0]))


@given(st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_the_shares_of_a_spot_are_one_and_none_is_nothing(x, y):
    around = masts([HERE, THERE, (3, 37.5, 127.0)], [crossing(HERE, EAST), crossing((3, 37.5, 127.0), NORTH)])
    shares = [share(around, near, x, y) for near in around.cells]
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0


def test_the_nearer_mast_serves_more():
    around = masts([HERE, THERE], [])
    near, far = around.x
    assert share(around, HERE, near + 100, 0) > 0.9
    assert share(around, HERE, (near + far) / 2, 0) == pytest.approx(0.5)
    assert share(around, HERE, far - 100, 0) < 0.1


def test_sectors_share_the_circle_and_look_to_those_they_border_on():
    sectors = [(number, 37.5, 127.0) for number in (11, 12, 13)]
    truth = {11: 0.0, 12: 2 * math.pi / 3, 13: 4 * math.pi / 3}
    borders = [
        crossing(near, (37.5 + 0.01 * math.sin(truth[near[0]]), 127.0 + 0.0126 * math.cos(truth[near[0]]))) for near in sectors
    ]
    around = masts(sectors, borders)
    for near, azimuth in zip(around.cells, around.azimuth, strict=True):
        assert math.cos(azimuth - truth[near[0]]) == pytest.approx(1, abs=0.01)
        x, y = 300 * math.cos(truth[near[0]]), 300 * math.sin(truth[near[0]])
        assert share(around, near, x, y) > 0.9


def test_a_crossing_far_away_turns_no_sector():
    """A phone on the motorway crosses from here to the next town; the border is still with the house opposite."""
    pair = [(11, 37.5, 127.0), (12, 37.5, 127.0)]
    around = masts(pair, [crossing(pair[0], EAST), crossing(pair[0], (37.5, 125.0), times=300)])
    assert abs(around.azimuth[0]) < 0.1


def compass(degrees, metres=1000):
    turned = math.radians(degrees)
    return 37.5 + metres * math.sin(turned) / 111_320, 127.0 + metres * math.cos(turned) / 111_320 / math.cos(
        math.radians(37.5)
    )


def test_layers_of_a_mast_look_where_its_sectors_look():
    """A band more, or new numbers beside the old ones: six cells, three looks."""
    looks = {11: 20, 12: 140, 13: 260, 21: 22, 22: 138, 23: 259}
    cells = [(number, 37.5, 127.0) for number in looks]
    around = masts(cells, [crossing(near, compass(looks[near[0]])) for near in cells])
    for near, azimuth in zip(around.cells, around.azimuth, strict=True):
        assert math.cos(azimuth - math.radians(looks[near[0]])) > math.cos(math.radians(3))


def test_a_cell_that_borders_on_all_sides_has_a_wider_beam_than_one_that_borders_on_one():
    pair = [(11, 37.5, 127.0), (12, 37.5, 127.0)]
    sure = [crossing(near, compass(off + side)) for near, off in zip(pair, (0, 180), strict=True) for side in (-20, 0, 20)]
    unsure = [crossing(near, compass(off + side)) for near, off in zip(pair, (0, 180), strict=True) for side in (-110, 0, 110)]
    narrow, wide = masts(pair, sure).beam, masts(pair, unsure).beam
    assert (narrow >= 65).all()
    assert (wide > narrow + 20).all()
    assert np.isfinite(wide).all()


@pytest.mark.parametrize("looks", [(20, 200), (20, 140), (20, 260)])
def test_two_cells_of_a_mast_are_back_to_back_or_two_of_three(looks):
    """The registry lacks the third, or nobody used it; the two say by whom they border how far they are turned."""
    pair = [(11, 37.5, 127.0), (12, 37.5, 127.0)]
    around = masts(pair, [crossing(near, compass(look)) for near, look in zip(pair, looks, strict=True)])
    for azimuth, look in zip(around.azimuth, looks, strict=True):
        assert math.cos(azimuth - math.radians(look)) == pytest.approx(1, abs=0.001)


def test_what_crosses_a_hundred_times_pulls_ten_times_as_hard():
    """The same few people go the same way daily: counts of crossings are not so many witnesses."""
    pair = [(11, 37.5, 127.0), (12, 37.5, 127.0)]
    around = masts(pair, [crossing(pair[0], compass(0), times=100), crossing(pair[0], compass(90), times=1)])
    assert math.tan(around.azimuth[0]) == pytest.approx(0.1, rel=0.01)


def test_a_sector_at_a_wrong_place_looks_from_where_the_others_of_its_mast_stand():
    looks = {0x4C0B00B: 20, 0x4C0B00C: 140, 0x4C0B00D: 260}
    right = [(number, 37.5, 127.0) for number in looks]
    wrong = [*right[:2], (right[2][0], *compass(80, 9000))]
    towns = [(0x4D00000 + 256 * at, *compass(40 * at, 1000)) for at in range(9)]
    beyond = [(0x4E00000 + 256 * at, *compass(80 + 5 * at, 9500)) for at in range(9)]

    def around(sectors):
        borders = [crossing(near, compass(looks[near[0]])) for near in sectors]
        borders += [crossing(near, each[1:]) for near in sectors for each in towns[::3]]
        return masts([*sectors, *towns, *beyond], borders)

    told, truth = around(wrong), around(right)
    for near, straight in zip(wrong, right, strict=True):
        assert share(told, near, 300 * math.cos(1), 300 * math.sin(1)) == pytest.approx(
            share(truth, straight, 300 * math.cos(1), 300 * math.sin(1)), rel=1e-6
        )


@pytest.mark.parametrize("count", [1, int(SECTORS.value) + 1])
def test_a_lone_cell_and_the_layers_of_one_mast_look_all_around(count):
    cells = [(number, 37.5, 127.0) for number in range(count)]
    assert np.isnan(masts(cells, [crossing(each, EAST) for each in cells]).azimuth).all()


def test_a_box_holds_the_cells_inside_it():
    around = masts([HERE, THERE], [])
    assert around.within(around.x[0] - 1, around.x[0] + 1, -1, 1).cells == [HERE]


def test_a_plane_goes_there_and_back():
    plane = masts([HERE, THERE], []).plane
    x, y = plane.metres(np.array([37.51]), np.array([127.02]))
    assert plane.degrees(float(x[0]), float(y[0])) == pytest.approx((37.51, 127.02))
