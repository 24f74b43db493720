import numpy as np

from cellwarden.simulate.rows import NULL, OPEN, Rows, Stays


def stays():
    return Stays(np.array([1, 1, 4]), np.array([10.0, 50.0, 10.0]), np.array([20.0, 60.0, 15.0]), np.array([7, 8, 9]))


def test_single_codes_are_repeated_and_the_rest_is_left_open():
    rows = Rows.of(np.array([1.0, 2.0]), np.array([5, 6]), 3, 2)
    assert (rows.station.tolist(), rows.identity.tolist(), rows.cause.tolist()) == ([3, 3], [OPEN, OPEN], [NULL, NULL])


def test_an_instant_finds_its_spell():
    found = stays().find(np.array([1, 1, 1, 4, 2]), np.array([15.0, 55.0, 30.0, 9.0, 12.0]))
    assert found.tolist() == [0, 1, -1, -1, -1]


def test_a_margin_widens_the_spells():
    assert stays().find(np.array([1, 4]), np.array([21.0, 9.0]), margin_s=2.0).tolist() == [0, 2]


def test_no_spells_are_found_in_none():
    none = Stays(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, np.int64))
    assert none.find(np.array([1]), np.array([1.0])).tolist() == [-1]


def test_joined_spells_are_in_order():
    joined = Stays.joined([stays(), Stays(np.array([0]), np.array([5.0]), np.array([6.0]), np.array([1]))])
    assert joined.who.tolist() == [0, 1, 1, 4]
