"""What the process gives back to the system before the days of a large city fill its memory."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Let the system have what was freed: glibc keeps it between live blocks, 0.4 GiB of a million people's plans.

    Elsewhere than under glibc it does nothing.
    """
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
