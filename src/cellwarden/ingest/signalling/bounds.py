"""Tables that must not grow with the capture: in a full one the oldest entries give way, an eighth of them at a time.

One at a time would pass, each time, over all the places that the ones before left empty at the front of the table.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

K = TypeVar("K")
V = TypeVar("V")


def oldest(table: Mapping[K, V]) -> list[tuple[K, V]]:
    """Return the oldest eighth of the entries, at least one if there is any."""
    return list(islice(table.items(), max(1, len(table) // 8)))


def make_room(table: dict[K, V], limit: int) -> int:
    """Drop the oldest eighth of a table that holds as many entries as it may; return how many went."""
    if len(table) < limit:
        return 0
    gone = oldest(table)
    for key, _ in gone:
        del table[key]
    return len(gone)
