import sys
from pathlib import Path

import numpy as np
import pytest

from cellwarden.simulate.memory import give_back, hold_apart


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc; install nothing, this is for Linux")
def test_what_was_freed_between_live_blocks_goes_back():
    blocks = [np.ones(10_000) for _ in range(4_000)]
    kept = blocks[::40]
    full = resident()
    del blocks
    give_back()
    assert full - resident() > 200e6
    assert kept[0].sum() == 10_000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc; install nothing, this is for Linux")
def test_a_large_array_between_live_ones_goes_back_at_once():
    hold_apart()
    large = [np.ones(1 << 20) for _ in range(40)]
    kept = large[::4]
    full = resident()
    del large
    assert full - resident() > 200e6
    assert kept[0].sum() == 1 << 20
