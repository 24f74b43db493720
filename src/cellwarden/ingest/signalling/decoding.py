"""One S1AP or NGAP message to a `Message`: its elements walked one by one, or found where they stood last time.

The octets of a message say where its elements are, and messages of one procedure and length nearly always agree on that. So
the first message of a kind is walked and its layout remembered; later ones are cut at the same places in one step, and every
identifier, criticality and length in between is compared, octet by octet, with those of the layout. What differs is walked.
Elements that stations repeat (cell and area, causes) are recalled by their octets, and those behind them are cut at their
places too. Nothing that tells a phone is remembered.

References: TS 36.413, 9.3.3 and TS 38.413, 9.4.4 (containers); ITU-T X.691, 11.9 (lengths).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import counted
from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.layouts import ELEMENT, KIND_OF, learn
from cellwarden.ingest.signalling.message import Message

if TYPE_CHECKING:
    from cellwarden.ingest.signalling.layouts import Protocol, Rest, Tails
    from cellwarden.ingest.signalling.route import Route

MAX_TAILS = 16384
"""Repeated elements kept of a protocol and of so many together."""
_COUNT = struct.Struct(">xH").unpack_from
_new, from_bytes = object.__new__, int.from_bytes


def decode(frame: int, at_us: int | None, route: Route, book: Protocol, pdu: bytes) -> Message:
    """Decode one S1AP or NGAP message; what cannot be read is in its `faults`, the rest stands.

    Args:
        frame: Number of the frame, for the message to keep, as well as its time and its way.
        at_us: Microseconds since 1970 UTC.
        route: Its way.
        book: Which of the two protocols.
        pdu: The message.
    """
    return decode_at(frame, at_us, route, book, pdu, 0, len(pdu))


def decode_at(  # noqa: C901, PLR0912, PLR0917 (one frame for speed)
    frame: int, at_us: int | None, route: Route, book: Protocol, data: bytes, start: int, size: int
) -> Message:
    """Decode the message of so many octets that starts there in the data; else as `decode`."""
    message = _new(Message)  # without `__init__`: one call a message less
    message.frame, message.at_us, message.route, message.size = frame, at_us, route, size
    # To the end of the first element's head: one octet further where the length of the whole takes two.
    for (
        unpack,
        octets,
        has_core,
        has_nas,
        known_first,
        known_second,
        course,
        repeated,
        tails,
        rest,
    ) in book.layouts.get(data[start : start + (12 if size < 132 else 13)], ()):
        if octets != size:
            continue
        if has_core:
            if has_nas:
                core, first, ran, second, nas, tail, others = unpack(data, start)
                if first != known_first or second != known_second:
                    continue
                message.nas_pdus = (nas,)
            else:
                core, first, ran, tail, others = unpack(data, start)
                if first != known_first:
                    continue
            message.core_id, message.ran_id = from_bytes(core), from_bytes(ran)
        elif has_nas:
            ran, second, nas, tail, others = unpack(data, start)
            if second != known_second:
                continue
            message.ran_id, message.nas_pdus = from_bytes(ran), (nas,)
        else:
            tail, others = unpack(data, start)
        message.course = course
        if tail:
            told = tails.get(tail)
            if told is not None:
                message.location, fields = told
                for name, value in fields:
                    setattr(message, name, value)
            elif _is_repeated(book, tail, repeated):
                _recall(message, book, tails, tail, repeated)
            else:
                others = tail + others
                _elements(message, book, others, 0, repeated + (rest.elements if rest else 0), len(others))
                return message
        if rest is not None:
            _others(message, book, rest, others)
        return message
    _walk(message, book, data[start : start + size])
    return message


def _is_repeated(book: Protocol, tail: bytes, count: int) -> bool:
    """Say whether these elements are such as stations repeat: another message of the layout may have others at their place."""
    position = 0
    for _ in range(count):
        if position + 4 > len(tail) or tail[position + 3] >= 0x80:
            return False
        identifier, size = ELEMENT(tail, position)
        if identifier not in book.repeated:
            return False
        position += 4 + size
    return position == len(tail)


def _recall(message: Message, book: Protocol, tails: Tails, tail: bytes, count: int) -> None:
    """Read elements that stations repeat, and remember what they tell."""
    scratch = Message(0, 0, message.route, message.course, 0)
    usual = set(vars(scratch))
    _elements(scratch, book, tail, 0, count, len(tail))
    told = tuple((name, value) for name, value in vars(scratch).items() if name not in usual and name != "location")
    message.location = scratch.location
    for name, value in told:
        setattr(message, name, value)
    if not scratch.faults:
        if len(tails) >= MAX_TAILS:
            tails.clear()
        tails[tail] = scratch.location, told


def _others(message: Message, book: Protocol, rest: Rest, octets: bytes) -> None:
    """Read the last elements where they stood last time, or one by one."""
    parts = rest.unpack(octets)
    if rest.heads_of(parts) != rest.heads:
        _elements(message, book, octets, 0, rest.elements, len(octets))
        return
    readers = book.readers
    for place, identifier in rest.contents:
        try:
            readers[identifier](message, parts[place])
        except (DecodeError, IndexError) as error:
            message.fault(f"{book.elements[identifier][0]}: {why(error)}")


def _walk(message: Message, book: Protocol, pdu: bytes) -> None:
    """Read a message from its first octet, and remember its layout."""
    whole, message.course = pdu, course_of(book.name)
    try:
        kind = KIND_OF.get(pdu[0])
        if kind is None:
            raise DecodeError("is not a PDU that we know")  # noqa: TRY301 (caught once, below)
        message.course, size, position = course_of(book.name, kind, pdu[1]), pdu[3], 4
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
        message.fault(f"{book.name}: {why(error)}")
        return
    _elements(message, book, pdu, position + 3, count, end)
    if pdu is whole and end == len(pdu) and count and not message.faults:
        learn(book, pdu, position + 3, count)


def _elements(message: Message, book: Protocol, pdu: bytes, position: int, count: int, end: int) -> None:  # noqa: PLR0917
    """Read so many elements from a position on: each an id, a criticality and an open type."""
    readers = book.readers
    try:
        for _ in range(count):
            identifier, size = ELEMENT(pdu, position)
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
        message.fault(f"{book.name}: {why(error)}")


def why(error: Exception) -> str:
    """Say in a few words what a decoder tripped over."""
    return str(error) if isinstance(error, DecodeError) else "ends early"
