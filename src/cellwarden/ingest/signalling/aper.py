"""A bounded reader of aligned PER, and the walk over protocol IEs that S1AP and NGAP share.

Every read checks the end: in Python a slice past the end is short, not an error.

References: ITU-T X.691 (clause numbers below), TS 36.413, 9.3.3 and TS 38.413, 9.4.4 (containers).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_SHORT = 256
T = TypeVar("T")


class Reader:
    """Reads fields one after another from aligned PER."""

    __slots__ = ("_data", "_end", "position")

    def __init__(self, data: bytes) -> None:
        self._data, self._end = data, len(data) * 8
        self.position = 0
        """In bits."""

    def bits(self, count: int) -> int:
        """Read an unsigned number of so many bits."""
        start, stop = self.position, self.position + count
        if stop > self._end:
            raise DecodeError("ends early")
        self.position = stop
        last = (stop + 7) >> 3
        return int.from_bytes(self._data[start >> 3 : last]) >> (last * 8 - stop) & ((1 << count) - 1)

    @property
    def is_spent(self) -> bool:
        """Whether nothing follows but the zeros that fill the last octet (11.1)."""
        rest = self._end - self.position
        return not rest or (rest < 8 and not self._data[-1] & (1 << rest) - 1)

    def align(self) -> None:
        """Go to the next octet boundary."""
        self.position = (self.position + 7) & ~7

    def octets(self, count: int) -> bytes:
        """Read whole octets from the next boundary on (fixed strings longer than two octets, 17.7)."""
        start = (self.position + 7) >> 3
        stop = start + count
        if stop * 8 > self._end:
            raise DecodeError("ends early")
        self.position = stop * 8
        return self._data[start:stop]

    def integer(self, low: int, high: int) -> int:
        """Read a constrained whole number (11.5.7): bit field, one octet, two octets or a counted string."""
        span = high - low
        if span < 255:
            return low + (self.bits(span.bit_length()) if span else 0)
        if span < 65536:
            return low + int.from_bytes(self.octets(1 if span == 255 else 2))
        size = self.integer(1, (span.bit_length() + 7) // 8)
        return low + int.from_bytes(self.octets(size))

    def small(self) -> int:
        """Read a normally small number (11.6): the index of an extension."""
        if not self.bits(1):
            return self.bits(6)
        size = self.length()
        if not 0 < size <= 4:
            raise DecodeError("an extension index is too large")
        return int.from_bytes(self.octets(size))

    def length(self) -> int:
        """Read a length determinant below 16384 (11.9)."""
        (first,) = self.octets(1)
        if first < 0x80:
            return first
        if first >= 0xC0:
            raise DecodeError("a length is fragmented where none may be")
        return (first & 0x3F) << 8 | self.octets(1)[0]

    def string(self) -> bytes:
        """Read an octet string or open type of any length, fragments put together (11.9.3.8)."""
        self.align()
        start = self.position >> 3
        content, stop = counted(self._data, start)
        self.position = stop * 8
        return content

    def enumerated(self, root: int) -> int:
        """Read an extensible enumeration with so many root values; extensions count on from there (14)."""
        return root + self.small() if self.bits(1) else self.integer(0, root - 1)

    def skip_extensions(self) -> None:
        """Pass over a ProtocolExtensionContainer."""
        for _ in range(int.from_bytes(self.octets(2)) + 1):
            self.octets(3)
            self.string()

    def skip_additions(self) -> None:
        """Pass over the additions of an extended SEQUENCE (19.7, 19.8)."""
        count = self.small() + 1
        present = self.bits(count)
        for _ in range(present.bit_count()):
            self.string()

    def close(self, *, has_extensions: bool, is_extended: bool) -> None:
        """Finish a SEQUENCE whose preamble announced `iE-Extensions` or additions."""
        if has_extensions:
            self.skip_extensions()
        if is_extended:
            self.skip_additions()


def remembered(read: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """Keep what short contents decode to: stations repeat themselves. Long ones are read anew, so that memory has a bound."""
    recall = lru_cache(maxsize=16384)(read)

    def read_or_recall(content: bytes) -> T:
        return recall(content) if len(content) <= _SHORT else read(content)

    return read_or_recall


def unsigned(content: bytes, most: int, bits: int) -> int:
    """Read a number of up to so many octets, whose count stands in the first bits (X.691, 11.5.7.4)."""
    size = (content[0] >> (8 - bits)) + 1
    if size > most or len(content) <= size:
        raise DecodeError("ends early")
    return int.from_bytes(content[1 : 1 + size])


def transport_address(reader: Reader) -> str | None:
    """Read TransportLayerAddress, BIT STRING (SIZE (1..160, ...)): IPv4, IPv6, or both, of which the first is given."""
    bits = reader.length() if reader.bits(1) else reader.integer(1, 160)
    octets = reader.octets((bits + 7) // 8)
    if len(octets) == 20:
        octets = octets[:4]
    return address(octets) if len(octets) in {4, 16} else None


def counted(data: bytes, position: int) -> tuple[bytes, int]:
    """Read a length and so many octets at an octet position; return them and the position behind."""
    first = data[position]
    if first < 0x80:
        start, size = position + 1, first
    elif first < 0xC0:
        start, size = position + 2, (first & 0x3F) << 8 | data[position + 1]
    else:
        return _fragments(data, position)
    stop = start + size
    if stop > len(data):
        raise DecodeError("is longer than what holds it")
    return data[start:stop], stop


def _fragments(data: bytes, position: int) -> tuple[bytes, int]:
    """Put together a string of 16 KiB and more (11.9.3.8): fragments, then a rest of ordinary length."""
    parts = []
    while data[position] >= 0xC0:
        pieces = data[position] & 0x3F
        if not 1 <= pieces <= 4:
            raise DecodeError("a fragment has an impossible size")
        part = data[position + 1 : position + 1 + pieces * 16384]
        if len(part) != pieces * 16384:
            raise DecodeError("is longer than what holds it")
        parts.append(part)
        position += 1 + len(part)
    rest, position = counted(data, position)
    return b"".join([*parts, rest]), position


def items_of(content: bytes) -> Iterable[bytes]:
    """Give the items of a list of 1 to 256 single containers: each an id, a criticality and an open type."""
    if content[0]:
        return _items(content)
    # Most lists hold one item, which ends where they do.
    return (content[5:] if content[4] == len(content) - 5 < 0x80 else counted(content, 4)[0],)


def _items(content: bytes) -> Iterator[bytes]:
    position = 1
    for _ in range(content[0] + 1):
        item, position = counted(content, position + 3)
        yield item
