"""How often Python looks for cycles while captures are decoded: seldom.

Decoding makes and drops some ten small objects a message and hardly a cycle, while flows and contexts of the whole capture
live on: with the usual thresholds the collector walks over those again and again and takes a fifth of all time.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECTS = 1_000_000
"""New objects between two looks. Cycles of our own are cut by hand, so that hardly any wait for it."""
_usual: list[tuple[int, int, int]] = []
"""Thresholds to go back to, once for each decoder at work."""


@contextmanager
def seldom() -> Iterator[None]:
    """Raise the thresholds of the collector until the last decoder of the process is done; a switched-off one stays off."""
    _usual.append(gc.get_threshold() if not _usual else _usual[0])
    if 0 < _usual[0][0] < OBJECTS:
        gc.set_threshold(OBJECTS, *_usual[0][1:])
    try:
        yield
    finally:
        usual = _usual.pop()
        if not _usual:
            gc.set_threshold(*usual)
