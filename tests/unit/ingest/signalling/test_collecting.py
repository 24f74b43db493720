"""The collector is slowed while decoders work, and back to its own pace when the last one is done."""

from __future__ import annotations

import gc

import pytest

from cellwarden.ingest.signalling.collecting import OBJECTS, Seldom


@pytest.fixture(autouse=True)
def _usual_pace():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_the_pace_comes_back_when_the_last_of_several_decoders_ends():
    first, second = Seldom(), Seldom()
    first.__enter__()
    second.__enter__()
    assert gc.get_threshold() == (OBJECTS, 10, 10)
    first.__exit__(None, None, None)
    assert gc.get_threshold() == (OBJECTS, 10, 10)
    second.__exit__(None, None, None)
    assert gc.get_threshold() == (700, 10, 10)


def test_an_error_brings_the_pace_back():
    with pytest.raises(KeyError), Seldom():
        raise KeyError
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("own", [(0, 10, 10), (5_000_000, 10, 10)])
def test_a_collector_that_is_off_or_slower_still_is_left_alone(own):
    gc.set_threshold(*own)
    with Seldom():
        assert gc.get_threshold() == own
    assert gc.get_threshold() == own
