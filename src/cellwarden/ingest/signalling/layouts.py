"""Where messages of a kind have their elements: learnt from the first one, so that `decoding` finds those of the next at once.

References: TS 36.413, 9.3.3 and TS 38.413, 9.4.4 (containers); ITU-T X.691, 11.9 (lengths).
"""

from __future__ import annotations

import struct
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from cellwarden.ingest.signalling import ngap, s1ap
from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.message import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.signalling.courses import Course
    from cellwarden.ingest.signalling.message import Location, Message

MAX_LAYOUTS = 4096
"""Layouts kept of a protocol; then all are forgotten and learnt anew."""
MAX_ALIKE = 8
"""Layouts of one procedure and length."""
MAX_REPEATED, MAX_TAIL = 12, 256
"""Elements that are recalled together, and their octets; S1 and NG Setup have up to nine."""
KIND_OF = {index << 5: kind for index, kind in enumerate(KINDS)}
ELEMENT = struct.Struct(">HxB").unpack_from
"""IE id and the first octet of its length."""


Tails = dict[bytes, "tuple[Location | None, tuple[tuple[str, object], ...]]"]


class Rest(NamedTuple):
    """The last elements of a kind of message, from the first one on that is not such as stations repeat."""

    elements: int
    """How many there are."""
    unpack: Callable[[bytes], tuple[bytes, ...]]
    """Cuts the head of each, and the content of those that are read."""
    heads_of: Callable[[tuple[bytes, ...]], object]
    """Takes the heads out of those parts."""
    heads: object
    """What they must be: id, criticality and length."""
    contents: tuple[tuple[int, int], ...]
    """Which of the parts are read, and the ids of their elements."""


class Layout(NamedTuple):
    """Where a kind of message has its elements."""

    unpack: Callable[[bytes, int], tuple[bytes, ...]]
    """Cuts a message out of what holds it."""
    size: int
    """Octets of the message."""
    has_core: bool
    """It begins with the core's number of a phone and the RAN's."""
    has_nas: bool
    """A NAS message follows; or the RAN's number and a NAS message, if there is no number of the core."""
    first: bytes
    """What stands before the RAN's number: the head of its element."""
    second: bytes
    """What stands before the NAS message."""
    course: Course
    repeated: int
    """How many elements behind those, from the first one on, are such as stations repeat."""
    tails: Tails
    """What so many of them said before, by their octets."""
    rest: Rest | None
    """What follows behind them; None: nothing."""


Plain = tuple[
    "Callable[[bytes, int], tuple[bytes, ...]]", int, bool, bool, bytes, bytes, "Course", int, Tails, "Rest | None"
]  # a `Layout`, for CPython takes plain tuples apart faster


class Protocol:
    """What differs between S1AP and NGAP, and what was learnt of each."""

    __slots__ = (
        "begins",
        "core_key",
        "core_shift",
        "elements",
        "layouts",
        "name",
        "nas_key",
        "pair_key",
        "ran_key",
        "readers",
        "repeated",
        "tails",
    )

    def __init__(self, name: str, book: object, keys: tuple[int, int, int, int], core_shift: int, repeated: set[int]) -> None:
        self.name = name
        self.elements: dict[int, tuple[str, Callable[[Message, bytes], None]]] = book.ELEMENTS  # type: ignore[attr-defined]
        self.readers = {number: reader for number, (_, reader) in self.elements.items()}
        self.core_key, self.ran_key, self.nas_key, self.pair_key = keys
        self.core_shift, self.repeated = core_shift, frozenset(repeated)
        self.begins = self.repeated | {self.core_key, self.ran_key, self.pair_key}
        self.layouts: dict[bytes, tuple[Plain, ...]] = {}
        self.tails: tuple[Tails, ...] = tuple({} for _ in range(MAX_REPEATED + 1))
        """By how many elements there are: the same octets may hold fewer of them and something else behind."""


_OF_PHONES_S1AP = (2, 66, 67, 75, 100, 107, 134, 145, 146, 170, 189, 288)
"""Cause, AMBR, TAI, GUMMEI, ECGI, capabilities, access mode, membership, establishment cause, GUMMEI type, location, LTE-M."""
_OF_STATIONS_S1AP = (44, 59, 60, 61, 64, 87, 105, 127, 128, 137, 155, 186)
"""Paging cycle, eNB id and name, MME name, areas, capacity, served groups, CSG ids, default cycle, gateway, local network."""
_OF_PHONES_NGAP = (0, 15, 28, 90, 110, 112, 119, 121)
"""Allowed slices, cause, GUAMI, establishment cause, AMBR, context request, capabilities, location."""
_OF_STATIONS_NGAP = (1, 21, 27, 80, 82, 86, 96, 102)
"""AMF name, paging cycle, gNB id, slices served, node name, capacity, GUAMIs served, areas."""
BOOKS = {
    "s1ap": Protocol("s1ap", s1ap, (0, 8, 26, 99), 6, {*_OF_PHONES_S1AP, *_OF_STATIONS_S1AP}),
    "ngap": Protocol("ngap", ngap, (10, 85, 38, 114), 5, {*_OF_PHONES_NGAP, *_OF_STATIONS_NGAP}),
}
"""The keys are the ids of the elements with the core's and the RAN's number of a phone, its NAS message, both numbers in one."""


def learn(book: Protocol, pdu: bytes, position: int, count: int) -> None:
    """Remember where a message that was read without fault has its elements.

    Learnt are those that begin with the numbers of a phone, and those that begin with what stations repeat.
    """
    heads, used, key = list[tuple[int, int, int]](), position, pdu[: 12 if len(pdu) < 132 else 13]
    for _ in range(count):
        identifier, size = ELEMENT(pdu, position)
        if size >= 0xC0 or (not heads and identifier not in book.begins):
            return
        heads.append((identifier, position, size))
        position += 4 + size if size < 0x80 else 5 + ((size & 0x3F) << 8 | pdu[position + 4])
    if position != len(pdu):
        return
    cut, first, second = f">{used}x", b"", b""
    has_core = heads[0][0] in {book.core_key, book.pair_key}
    if heads[0][0] == book.pair_key:
        cut, first = _pair(book, pdu, heads, is_first=used + 5 == len(key))
    elif has_core or heads[0][0] == book.ran_key:
        cut, first, second = _numbers(book, pdu, heads, is_first=used + 5 == len(key))
    if not cut:
        return
    used, repeated = struct.calcsize(cut), _repeated(book, heads)
    behind = heads[repeated][1] if repeated < len(heads) else len(pdu)
    if len(book.layouts) >= MAX_LAYOUTS:
        book.layouts.clear()
    layout = Layout(
        unpack=struct.Struct(f"{cut}{behind - used}s{len(pdu) - behind}s").unpack_from,
        size=len(pdu),
        has_core=has_core,
        has_nas=bool(second),
        first=first,
        second=second,
        course=course_of(book.name, KIND_OF[pdu[0]], pdu[1]),
        repeated=repeated,
        tails=book.tails[repeated],
        rest=_rest(book, pdu, heads[repeated:]),
    )
    book.layouts[key] = (*book.layouts.get(key, ()), cast("Plain", tuple(layout)))[-MAX_ALIKE:]


def _repeated(book: Protocol, heads: list[tuple[int, int, int]]) -> int:
    """Count the elements from the first one on that are such as stations repeat, as many as are recalled together."""
    octets = 0
    for count, (identifier, _, size) in enumerate(heads):
        octets += 4 + size
        if identifier not in book.repeated or size >= 0x80 or count == MAX_REPEATED or octets > MAX_TAIL:
            return count
    return len(heads)


def _rest(book: Protocol, pdu: bytes, heads: list[tuple[int, int, int]]) -> Rest | None:
    """Learn how to cut the last elements of a message, of which these are the heads."""
    if not heads:
        return None
    cut, parts, places, contents = ">", 0, list[int](), list[tuple[int, int]]()
    for (identifier, start, size), stop in zip(heads, [*(start for _, start, _ in heads[1:]), len(pdu)], strict=True):
        head, is_read = 4 if size < 0x80 else 5, identifier in book.readers
        cut += f"{head}s{stop - start - head}{'s' if is_read else 'x'}"
        places.append(parts)
        if is_read:
            contents.append((parts + 1, identifier))
        parts += 1 + is_read
    unpack, heads_of = struct.Struct(cut).unpack, itemgetter(*places)
    return Rest(len(heads), unpack, heads_of, heads_of(unpack(pdu[heads[0][1] :])), tuple(contents))


def _pair(book: Protocol, pdu: bytes, heads: list[tuple[int, int, int]], *, is_first: bool) -> tuple[str, bytes]:
    """Take UE S1AP IDs or UE NGAP IDs, the pair without extensions, from the heads; the result is as of `_numbers`."""
    _, start, size = heads.pop(0)
    # Behind the four bits of choice and preamble, then behind the first number, stands how many octets follow, less one.
    core = (pdu[start + 4] >> book.core_shift - 4) + 1
    middle = start + 5 + core
    if not is_first or size >= 0x80 or pdu[start + 4] >= 0x10 or pdu[middle] & 0x3F or size != 3 + core + (pdu[middle] >> 6):
        return "", b""
    return f">{start + 5}x{core}s1s{size - core - 2}s", pdu[middle : middle + 1]


def _numbers(book: Protocol, pdu: bytes, heads: list[tuple[int, int, int]], *, is_first: bool) -> tuple[str, bytes, bytes]:
    """Take the numbers of a phone and the NAS message from the heads.

    Returns:
        How to cut them, nothing if they are unusual; what stands before the RAN's number; what stands before the NAS message.
    """
    cut, first, second = "", b"", b""
    has_core = heads[0][0] == book.core_key
    for wanted, shift in ((book.core_key, book.core_shift), (book.ran_key, 6))[not has_core :]:
        identifier, start, size = heads.pop(0) if heads else (-1, 0, 0)
        if not is_first or identifier != wanted or not 2 <= size < 0x80 or pdu[start + 4] >> shift != size - 2:
            return "", b"", b""
        if cut:
            first = pdu[start : start + 5]
        cut += f"5s{size - 1}s" if cut else f">{start + 5}x{size - 1}s"
    identifier, start, size = heads[0] if heads else (-1, 0, 0)
    if identifier == book.nas_key and 0 < size < 0x80 and pdu[start + 4] == size - 1:
        del heads[0]
        second = pdu[start : start + 5]
        cut += f"5s{size - 1}s"
    return (cut, first, second) if has_core or second else ("", b"", b"")
