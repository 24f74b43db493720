"""Every TSN comes out once, whatever order they come in, and memory has a bound."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling import flows
from cellwarden.ingest.signalling.flows import Association, Flow

ENDS = "10.0.0.1", "10.0.0.2", bytes(4)


@given(st.lists(st.integers(0xFFFFFFF0, 0x100000020), max_size=80))
def test_of_each_tsn_one_copy_comes_out_in_whatever_order_they_come(numbers):
    flow, seen = Flow(Association(1, ENDS)), set()
    for number in (number & 0xFFFFFFFF for number in numbers):
        assert flow.repeats(number) == (number in seen)
        seen.add(number)


def test_tsns_far_back_are_forgotten_and_memory_stays_bounded():
    flow = Flow(Association(1, ENDS))
    for tsn in range(0, 100_000, 2):
        assert not flow.repeats(tsn)
    assert len(flow.recent) + len(flow.older) <= 2 * flows.MAX_SEEN_TSNS
    assert flow.repeats(99_998 - 600)
    assert not flow.repeats(0)
