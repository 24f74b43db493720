"""Whose transport an address belongs to, judged by its nearest neighbours among addresses whose owner is known."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Addresses:
    """Known addresses of one kind of equipment; what is no address is left out."""

    def __init__(self, known: Iterable[str]) -> None:
        self._numbers = sorted({number for each in known if (number := _number(each)) is not None})

    def nearness(self, address: str) -> int:
        """Return how many leading bits the nearest known address shares; -1 where there is none, or the text is no address.

        >>> Addresses(["192.0.2.1", "tac 7"]).nearness("192.0.2.3"), Addresses([]).nearness("192.0.2.3")
        (30, -1)
        """
        ours = _number(address)
        if ours is None or not self._numbers:
            return -1
        width = ours[0]
        return max((width - (ours[1] ^ other).bit_length() for bits, other in self._numbers if bits == width), default=-1)


def _number(address: str) -> tuple[int, int] | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None  # a tracking area stands for an address that was not logged
    return parsed.max_prefixlen, int(parsed)
