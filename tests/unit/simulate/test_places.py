import numpy as np

from cellwarden.simulate.places import TYPE, Extra, Places
from cellwarden.simulate.sessions import honest_sessions, inner_addresses


def places_of(town):
    _, world, _ = town
    sessions = honest_sessions(world, inner_addresses(7), -1e12)
    return world, sessions, Places.of(world, sessions, [Extra(999, "home", tac=5999, address="10.9.9.9", plmn="45005")])


def test_macro_sectors_keep_number_area_and_address(town):
    world, _, places = places_of(town)
    stations = np.arange(world.city.sectors)
    where = places.at(stations, np.zeros(len(stations), dtype=np.int64), 0)
    assert (places.number[stations] == world.city.cell_numbers()).all()
    assert set(where.cell_type) == {TYPE["macro"]}
    assert len(set(where.source)) == len(world.city.enb)


def test_small_cells_have_the_address_of_the_tunnel_that_was_up(town):
    _, sessions, places = places_of(town)
    for session in sessions[:300]:
        if session.from_at > 0:
            at = np.array([(session.from_at + 1) * 1000], dtype=np.int64)
            where = places.at(np.array([session.station]), at, 0)
            assert places.addresses[int(where.source[0])].as_py() == session.inner
            assert where.tac[0] == session.tac


def test_extras_are_as_they_were_given(town):
    world, _, places = places_of(town)
    station = world.first_small + len(world.fleet)
    where = places.at(np.array([station]), np.array([0]), 0)
    assert (places.number[station], where.tac[0], places.plmns[int(where.plmn[0])].as_py()) == (999, 5999, "45005")
    assert places.addresses[int(where.source[0])].as_py() == "10.9.9.9"


def test_no_address_is_listed_twice(town):
    _, _, places = places_of(town)
    assert len(set(places.addresses.to_pylist())) == len(places.addresses)


def test_a_successor_differs_in_its_number_alone(town):
    _, _, places = places_of(town)
    successor = places.succeed({4: 123_456})
    assert (np.flatnonzero(successor != np.arange(len(successor))) == [4]).all()
    old, new = (places.at(np.array([station]), np.array([0]), 0) for station in (4, int(successor[4])))
    assert places.number[successor[4]] == 123_456
    assert (old.tac[0], old.source[0], old.cell_type[0]) == (new.tac[0], new.source[0], new.cell_type[0])
