import numpy as np
import pytest

from cellwarden.simulate.counter import exponential, hashes, normal, stream_key, uniform, word


@pytest.mark.parametrize(
    ("seed", "published"),
    [
        pytest.param(0, [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F], id="seed 0 of the reference code"),
        pytest.param(1234567, [6457827717110365317, 3203168211198807973, 9817491932198370423], id="Rosetta Code, Splitmix64"),
    ],
)
def test_items_are_the_published_outputs_of_splitmix64(seed, published):
    assert [int(word(np.uint64(seed), index)) for index in range(3)] == published


def test_streams_differ_by_seed_purpose_subscriber_and_day():
    keys = {
        int(stream_key(np.uint64(seed), purpose, who, day))
        for seed in (1, 2)
        for purpose in (1, 2)
        for who in range(9)
        for day in range(9)
    }
    assert len(keys) == 2 * 2 * 9 * 9


@pytest.mark.parametrize(("draw", "mean", "deviation"), [(uniform, 0.5, 12**-0.5), (normal, 0.0, 1.0), (exponential, 1.0, 1.0)])
def test_draws_have_the_mean_and_spread_of_their_law(draw, mean, deviation):
    values = np.array([draw(np.uint64(9), index) for index in range(20_000)])
    assert values.mean() == pytest.approx(mean, abs=0.03)
    assert values.std() == pytest.approx(deviation, abs=0.03)


def test_hashes_depend_on_the_pair_and_not_on_its_place():
    first, second = np.array([5, 6, 7], dtype=np.uint32), np.array([1, 2, 3], dtype=np.uint32)
    drawn = hashes(np.uint64(3), first, second)
    assert (hashes(np.uint64(3), first[::-1], second[::-1]) == drawn[::-1]).all()
    assert len(set(drawn)) == 3
    assert ((drawn >= 0) & (drawn < 1)).all()
