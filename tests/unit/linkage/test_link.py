from hypothesis import given
from hypothesis import strategies as st

from cellwarden.linkage.link import after_chance

COUNTS = st.integers(0, 1000)


@given(COUNTS, st.floats(0, 1000))
def test_a_probability_it_is(found, expected):
    assert 0 <= after_chance(found, expected, prior=(1, 4)) <= 1


@given(COUNTS, st.floats(0, 999))
def test_more_by_chance_never_raises_it(found, expected):
    assert after_chance(found, expected + 1, prior=(1, 4)) <= after_chance(found, expected, prior=(1, 4))


def test_without_meetings_the_prior_stands():
    assert after_chance(0, 0, prior=(1, 4)) == 0.25


def test_many_meetings_drown_the_prior():
    assert after_chance(10_000, 1_000, prior=(1, 4)) > 0.899
