"""How often Python looks for cycles while captures are decoded: seldom.

Decoding makes and drops some ten small objects a message and hardly a cycle, while flows and contexts of the whole capture
live on: with the usual thresholds the collector walks over those again and again and takes a fifth of all time.
"""

from __future__ import annotations

import gc

OBJECTS = 1_000_000
"""New objects between two looks. Cycles of our own are cut by hand, so that hardly any wait for it."""
_usual: list[tuple[int, int, int]] = []
"""Thresholds to go back to, once for each decoder at work."""


class Seldom:
    """Raises the thresholds of the collector until the last decoder of the process is done; a switched-off one stays off.

    A class, for a generator with `contextmanager` makes objects when it ends: the collector would look at everything then,
    a moment before all of it is freed.
    """

    def __enter__(self) -> None:
        """Slow the collector down."""
        _usual.append(gc.get_threshold() if not _usual else _usual[0])
        if 0 < _usual[0][0] < OBJECTS:
            gc.set_threshold(OBJECTS, *_usual[0][1:])

    def __exit__(self, *_: object) -> None:
        """Give it back its own pace."""
        usual = _usual.pop()
        if not _usual:
            gc.set_threshold(*usual)
