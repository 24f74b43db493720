from hypothesis import given
from hypothesis import strategies as st

from cellwarden.detect.explanations.transport import Addresses

MACROS = Addresses(["10.20.0.1", "10.20.3.7", "tac 5", "2001:db8::1"])


def test_a_neighbour_in_the_same_small_network_is_nearer_than_one_in_the_same_large_one():
    assert MACROS.nearness("10.20.0.2") > MACROS.nearness("10.20.9.9") > MACROS.nearness("10.21.0.1")
    assert MACROS.nearness("10.20.0.1") == 32


def test_what_is_no_address_is_near_to_nothing():
    assert MACROS.nearness("tac 5") == -1
    assert Addresses(["tac 5"]).nearness("10.20.0.1") == -1


def test_the_two_kinds_of_address_are_never_compared():
    assert MACROS.nearness("2001:db8::2") == 126
    assert Addresses(["10.20.0.1"]).nearness("2001:db8::2") == -1


@given(st.ip_addresses(), st.lists(st.ip_addresses(), min_size=1))
def test_one_more_known_address_never_makes_an_address_less_near(address, known):
    assert Addresses(map(str, known)).nearness(str(address)) >= Addresses(map(str, known[1:])).nearness(str(address))
