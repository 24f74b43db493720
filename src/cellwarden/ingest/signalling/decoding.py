"""One S1AP or NGAP message to a `Message`: its elements walked one by one, or found where they stood last time.

The octets of a message say where its elements are, and messages of one procedure and length nearly always agree on that. So
the first message of a kind is walked and its layout remembered; later ones are cut at the same places in one step, and every
identifier, criticality and length in between is compared, octet by octet, with those of the layout. What differs is walked.
Elements that stations repeat (cell and area, causes) are recalled by their octets. Nothing that tells a phone is.

References: TS 36.413, 9.3.3 and TS 38.413, 9.4.4 (containers); ITU-T X.691, 11.9 (lengths).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from cellwarden.ingest.signalling import ngap, s1ap
from cellwarden.ingest.signalling.aper import counted
from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.message import KINDS, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.signalling.courses import Course
    from cellwarden.ingest.signalling.message import Location, Route

PROTOCOLS = frozenset({"s1ap", "ngap"})
MAX_LAYOUTS = 4096
"""Layouts kept of a protocol; then all are forgotten and learnt anew."""
MAX_ALIKE = 8
"""Layouts of one procedure and length."""
MAX_TAILS, MAX_TAIL = 16384, 256
"""Repeated elements kept of a protocol, and octets of each."""
_KIND_OF = {index << 5: kind for index, kind in enumerate(KINDS)}
_ELEMENT = struct.Struct(">HxB").unpack_from
"""IE id and the first octet of its length."""
_COUNT = struct.Struct(">xH").unpack_from
from_bytes = int.from_bytes


class _Layout(NamedTuple):
    """Where a kind of message has its elements."""

    unpack: Callable[[bytes], tuple[bytes, ...]]
    """Cuts a message; only one of this very length."""
    has_core: bool
    """It begins with the core's number of a phone and the RAN's."""
    has_nas: bool
    """A NAS message follows; or the RAN's number and a NAS message, if there is no number of the core."""
    first: bytes
    """What stands before the RAN's number: the head of its element."""
    second: bytes
    """What stands before the NAS message."""
    kind: str
    procedure: int
    course: Course
    position: int
    """Where the elements behind those begin."""
    rest: int
    """How many there are."""
    is_recalled: bool
    """All of them are such as stations repeat."""


class _Protocol:
    """What differs between S1AP and NGAP, and what was learnt of each."""

    __slots__ = (
        "begins",
        "core_key",
        "core_shift",
        "elements",
        "layouts",
        "name",
        "nas_key",
        "ran_key",
        "readers",
        "repeated",
        "tails",
    )

    def __init__(self, name: str, book: object, keys: tuple[int, int, int], core_shift: int, repeated: set[int]) -> None:
        self.name = name
        self.elements: dict[int, tuple[str, Callable[[Message, bytes], None]]] = book.ELEMENTS  # type: ignore[attr-defined]
        self.readers = {number: reader for number, (_, reader) in self.elements.items()}
        self.core_key, self.ran_key, self.nas_key = keys
        self.core_shift, self.repeated = core_shift, frozenset(repeated)
        self.begins = self.repeated | {self.core_key, self.ran_key}
        self.layouts: dict[bytes, tuple[_Layout, ...]] = {}
        self.tails: dict[bytes, tuple[Location | None, tuple[tuple[str, object], ...]]] = {}


_OF_PHONES_S1AP = (2, 66, 67, 75, 100, 107, 134, 145, 146, 170, 189, 288)
"""Cause, AMBR, TAI, GUMMEI, ECGI, capabilities, access mode, membership, establishment cause, GUMMEI type, location, LTE-M."""
_OF_STATIONS_S1AP = (44, 59, 60, 61, 64, 87, 105, 127, 128, 137, 155, 186)
"""Paging cycle, eNB id and name, MME name, areas, capacity, served groups, CSG ids, default cycle, gateway, local network."""
_OF_PHONES_NGAP = (0, 15, 28, 90, 110, 112, 119, 121)
"""Allowed slices, cause, GUAMI, establishment cause, AMBR, context request, capabilities, location."""
_OF_STATIONS_NGAP = (1, 21, 27, 80, 82, 86, 96, 102)
"""AMF name, paging cycle, gNB id, slices served, node name, capacity, GUAMIs served, areas."""
_PROTOCOLS = {
    "s1ap": _Protocol("s1ap", s1ap, (0, 8, 26), 6, {*_OF_PHONES_S1AP, *_OF_STATIONS_S1AP}),
    "ngap": _Protocol("ngap", ngap, (10, 85, 38), 5, {*_OF_PHONES_NGAP, *_OF_STATIONS_NGAP}),
}
"""The keys are the ids of the elements with the core's and the RAN's number of a phone and with its NAS message."""


def decode(frame: int, at_us: int | None, route: Route, protocol: str, pdu: bytes) -> Message:  # noqa: C901, PLR0912 (one frame for speed)
    """Decode one S1AP or NGAP message; what cannot be read is in its `faults`, the rest stands."""
    message = Message(frame, at_us, route, protocol, len(pdu))
    book = _PROTOCOLS[protocol]
    key = pdu[:12] if len(pdu) > 12 and pdu[3] < 0x80 else pdu[:13]
    for (
        unpack,
        has_core,
        has_nas,
        known_first,
        known_second,
        kind,
        procedure,
        course,
        position,
        count,
        is_recalled,
    ) in book.layouts.get(key, ()):
        try:
            if has_core:
                if has_nas:
                    core, first, ran, second, nas, tail = unpack(pdu)
                    if first != known_first or second != known_second:
                        continue
                    message.nas_pdus = (nas,)
                else:
                    core, first, ran, tail = unpack(pdu)
                    if first != known_first:
                        continue
                message.core_id, message.ran_id = from_bytes(core), from_bytes(ran)
            elif has_nas:
                ran, second, nas, tail = unpack(pdu)
                if second != known_second:
                    continue
                message.ran_id, message.nas_pdus = from_bytes(ran), (nas,)
            else:
                (tail,) = unpack(pdu)
        except struct.error:
            continue  # another length
        message.kind, message.procedure, message.course = kind, procedure, course
        if tail:
            told = book.tails.get(tail)
            if told is not None:
                message.location, others = told
                for name, value in others:
                    setattr(message, name, value)
            elif is_recalled and len(tail) <= MAX_TAIL and _is_repeated(book, tail, count):
                _recall(message, book, tail, count)
            else:
                _elements(message, book, pdu, position, count, len(pdu))
        return message
    _walk(message, book, pdu, key)
    return message


def _is_repeated(book: _Protocol, tail: bytes, count: int) -> bool:
    """Say whether these elements are such as stations repeat: another message of the layout may have others at their place."""
    position = 0
    for _ in range(count):
        if position + 4 > len(tail) or tail[position + 3] >= 0x80:
            return False
        identifier, size = _ELEMENT(tail, position)
        if identifier not in book.repeated:
            return False
        position += 4 + size
    return position == len(tail)


def _recall(message: Message, book: _Protocol, tail: bytes, count: int) -> None:
    """Read elements that stations repeat, and remember what they tell."""
    scratch = Message(0, 0, message.route, message.protocol, 0)
    usual = set(vars(scratch))
    _elements(scratch, book, tail, 0, count, len(tail))
    told = tuple((name, value) for name, value in vars(scratch).items() if name not in usual and name != "location")
    message.location = scratch.location
    for name, value in told:
        setattr(message, name, value)
    if not scratch.faults:
        if len(book.tails) >= MAX_TAILS:
            book.tails.clear()
        book.tails[tail] = scratch.location, told


def _walk(message: Message, book: _Protocol, pdu: bytes, key: bytes) -> None:
    """Read a message from its first octet, and remember its layout."""
    whole = pdu
    try:
        kind = _KIND_OF.get(pdu[0])
        if kind is None:
            raise DecodeError("is not a PDU that we know")  # noqa: TRY301 (caught once, below)
        message.kind, message.procedure, size, position = kind, pdu[1], pdu[3], 4
        if size >= 0x80:
            if size < 0xC0:
                position, size = 5, (size & 0x3F) << 8 | pdu[4]
            else:
                pdu = counted(pdu, 3)[0]
                position, size = 0, len(pdu)
        end = position + size
        if end > len(pdu):
            raise DecodeError("is longer than what holds it")  # noqa: TRY301
        (count,) = _COUNT(pdu, position)
    except (DecodeError, IndexError, struct.error) as error:
        message.fault(f"{message.protocol}: {why(error)}")
        return
    _elements(message, book, pdu, position + 3, count, end)
    if pdu is whole and end == len(pdu) and count and not message.faults:
        _learn(book, pdu, key, position + 3, count)


def _elements(message: Message, book: _Protocol, pdu: bytes, position: int, count: int, end: int) -> None:  # noqa: PLR0917
    """Read so many elements from a position on: each an id, a criticality and an open type."""
    readers = book.readers
    try:
        for _ in range(count):
            identifier, size = _ELEMENT(pdu, position)
            start = position + 4
            if size < 0x80:
                stop = start + size
            elif size < 0xC0:
                stop = start + 1 + ((size & 0x3F) << 8 | pdu[start])
                start += 1
            else:
                content, stop = counted(pdu, position + 3)
            if stop > end:
                raise DecodeError("is longer than what holds it")  # noqa: TRY301 (caught once, below)
            position = stop
            reader = readers.get(identifier)
            if reader is not None:
                try:
                    reader(message, pdu[start:stop] if size < 0xC0 else content)
                except (DecodeError, IndexError) as error:
                    message.fault(f"{book.elements[identifier][0]}: {why(error)}")
    except (DecodeError, IndexError, struct.error) as error:
        message.fault(f"{message.protocol}: {why(error)}")


def _learn(book: _Protocol, pdu: bytes, key: bytes, position: int, count: int) -> None:
    """Remember where a message that was read without fault has its elements.

    Learnt are those that begin with the numbers of a phone, and those of nothing but what stations repeat.
    """
    heads, used = list[tuple[int, int, int]](), position
    for _ in range(count):
        identifier, size = _ELEMENT(pdu, position)
        if not heads and identifier not in book.begins:
            return
        heads.append((identifier, position, size))
        position += 4 + size
        if size >= 0x80:
            break
    cut, first, second = f">{used}x", b"", b""
    known, has_core = len(heads), heads[0][0] == book.core_key
    if has_core or heads[0][0] == book.ran_key:
        cut, first, second = _numbers(book, pdu, heads, is_first=used + 5 == len(key))
        if not cut or not (has_core or second):
            return
        used = struct.calcsize(cut)
    is_recalled = position == len(pdu) and all(identifier in book.repeated for identifier, _, _ in heads)
    if not (has_core or second or is_recalled):
        return
    if len(book.layouts) >= MAX_LAYOUTS:
        book.layouts.clear()
    unpack = struct.Struct(f"{cut}{len(pdu) - used}s").unpack
    layout = _Layout(
        unpack=unpack,
        has_core=has_core,
        has_nas=bool(second),
        first=first,
        second=second,
        kind=_KIND_OF[pdu[0]],
        procedure=pdu[1],
        course=course_of(book.name, _KIND_OF[pdu[0]], pdu[1]),
        position=used,
        rest=count - known + len(heads),
        is_recalled=is_recalled,
    )
    book.layouts[key] = (*book.layouts.get(key, ()), layout)[-MAX_ALIKE:]


def _numbers(book: _Protocol, pdu: bytes, heads: list[tuple[int, int, int]], *, is_first: bool) -> tuple[str, bytes, bytes]:
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
    return cut, first, second


def why(error: Exception) -> str:
    """Say in a few words what a decoder tripped over."""
    return str(error) if isinstance(error, DecodeError) else "ends early"
