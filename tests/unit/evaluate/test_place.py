import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_truth import FIRST, NAMED, THIRD, at, found, lines, truth
from scipy.spatial.distance import euclidean

from cellwarden.evaluate.place import EARTH_M, distance_m, place_scores

LAT, LON = 37.5, 127.0
WAS = [
    {"unit": "van", "at": at("05 16:00"), "lat": LAT, "lon": LON},
    {"unit": "van", "at": at("05 16:10"), "lat": LAT, "lon": LON},
    {"unit": "van", "at": at("05 16:20"), "lat": LAT + 0.01, "lon": LON},
    {"unit": "box", "at": at("06 16:00"), "lat": LAT, "lon": LON},
]


def told(cell, when, lat=LAT, unit="unit-1", radius_m=200.0):
    return {"cell": cell, "unit": unit, "at": at(when), "lat": lat, "lon": LON, "radius_m": radius_m}


def scored(tracks, named=NAMED):
    return place_scores(truth(tracks=WAS), found(tracks=tracks), lines(named))


def test_a_position_is_compared_with_the_middle_of_where_the_unit_was_in_its_ten_minutes():
    minutes = [("05 16:21", 0.02), ("05 16:29", 0.03), ("05 16:30", 0.09)]
    drive = [{"unit": "van", "at": at(when), "lat": LAT + north, "lon": LON} for when, north in minutes]
    told_there = found(tracks=[told(FIRST, "05 16:00"), told(FIRST, "05 16:20", LAT + 0.02)])
    scores = place_scores(truth(tracks=[*WAS, *drive]), told_there, lines(NAMED))
    assert scores["positions"] == 2
    assert scores["median_m"] == pytest.approx(0, abs=1e-6)


def test_where_a_unit_went_afterwards_is_not_where_it_was():
    """A unit that stays a minute and drives on: its next stop, though of the next minute, says nothing of the ten minutes before."""
    assert scored([told(FIRST, "05 15:50")])["positions_without_truth"] == 1
    assert scored([told(FIRST, "05 16:10")])["median_m"] == pytest.approx(0, abs=1e-6)


def test_errors_are_in_metres_and_held_against_the_stated_radius():
    scores = scored([told(FIRST, "05 16:00", LAT + 0.001), told(FIRST, "05 16:00", LAT + 0.002)])
    assert scores["median_m"] == pytest.approx(0.0015 * 111_195, rel=1e-3)
    assert scores["inside_radius_share"] == 0.5


def test_the_share_told_is_over_the_units_that_were_found():
    scores = scored([told(FIRST, "05 16:00")], NAMED[:1])
    assert scores["told_share"] == pytest.approx(1 / 3)


def test_a_position_of_a_cell_that_was_no_rogue_is_counted_apart():
    scores = scored([told(999, "05 16:00"), told(THIRD, "09 16:00", unit="unit-2")])
    assert (scores["positions"], scores["positions_without_truth"]) == (0, 2)
    assert (scores["median_m"], scores["p95_m"], scores["inside_radius_share"]) == (None, None, None)


def test_nothing_told_of_nothing_found():
    assert scored([], [])["told_share"] is None


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_small_distances_are_those_of_the_chord_through_the_earth(lat, lon, north, east):
    """An oracle without haversines: the straight line between two points in space, a hair shorter than the arc."""

    def point(latitude, longitude):
        phi, lam = np.radians([latitude, longitude])
        return EARTH_M * np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])

    chord = euclidean(point(lat, lon), point(lat + north, lon + east))
    assert distance_m((lat, lon), (lat + north, lon + east)) == pytest.approx(chord, rel=1e-6, abs=1e-2)
