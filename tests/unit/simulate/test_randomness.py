import numpy as np

from cellwarden.simulate.randomness import pick, runs, stream


def test_a_purpose_has_its_own_stream_that_repeats():
    first, again, other = (stream(3, purpose).random(4) for purpose in ("map", "map", "van"))
    assert (first == again).all()
    assert not (first == other).any()


def test_shares_need_not_add_up_to_one():
    drawn = pick(stream(1, "shares"), {4: 30, -1: 10}, 4_000)
    assert set(drawn) == {4, -1}
    assert 0.7 < (drawn == 4).mean() < 0.8


def test_runs_are_numbered_from_nought():
    assert runs(np.array([2, 0, 3])).tolist() == [0, 1, 0, 1, 2]
