"""Charging files to records: TS 32.297 framing, records one after the other, or a vendor's framing.

References: TS 32.297, 6.1 (file header, CDR header) and annex A.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.charging.ber import header
from cellwarden.ingest.charging.dialect import Framing
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.streams import open_octets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cellwarden.ingest.charging.dialect import Dialect

MAX_RECORD = 1 << 20
"""Octets of one record; TS 32.297 allows 65,535."""
_PIECE = 4 * MAX_RECORD
_FILE_HEADER = 52
"""Octets of the shortest file header: no filter, no private extension."""
_STANDARD = Framing(header=4)
_EXTENDED = 7
"""Release identifier that says: look in the extension octet."""
_BER = (0, 1)
"""Data record formats read as BER; some vendors leave the field 0."""
_FORMATS = {2: "unaligned PER", 3: "aligned PER", 4: "XER"}
_PADDING = re.compile(rb"(?:\x00+|\xff{2,}|\xff\Z)+")
_UNKNOWN_LENGTH = 0xFFFFFFFF


class Record(NamedTuple):
    """One record where it stands in a piece of the file."""

    data: bytes
    tag: int
    """Identifier octets of the outer choice as one number."""
    start: int
    stop: int
    """Of its content."""


class Damage(NamedTuple):
    """What is no record: one that cannot be read, or the rest of the file."""

    reason: str
    """`part: why`."""
    octets: int
    """How many it concerns, as far as known."""


class _Window:
    """The part of a file that is looked at: at least `MAX_RECORD` octets ahead while there are that many."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.data = b""
        self.base = 0
        """Where in the file `data` begins."""
        self.is_last = False

    def ahead(self, position: int) -> int:
        """Make sure that enough is there after a position; return that position in the new `data`."""
        if self.is_last or len(self.data) - position >= 2 * MAX_RECORD:
            return position
        parts, size = [self.data[position:]], len(self.data) - position
        while size < _PIECE:
            piece = next(self._pieces, None)
            if piece is None:
                self.is_last = True
                break
            parts.append(piece)
            size += len(piece)
        self.base += position
        self.data = b"".join(parts)
        return 0


def records(path: Path, *, file: str, dialect: Dialect) -> Iterator[Record | Damage]:
    """Yield the records of a charging file in their order, and what could not be read.

    Raises:
        MalformedInputError: This is no charging file of that dialect; or unreadable, or packed wrongly.
    """
    window = _Window(open_octets(path, file=file))
    window.ahead(0)
    framing, start = _framing(window.data, dialect)
    if framing is None:
        found = _bare(window, dialect)
    elif framing is _STANDARD and start:
        # The file header is proof enough of what this is.
        yield from _counted(_framed(window, framing, start, dialect), int.from_bytes(window.data[18:22]))
        return
    else:
        found = _framed(window, framing, start, dialect)
    first = next(found, None)
    if first is None:
        return
    if isinstance(first, Damage) or first.tag not in dialect.records:
        begins = window.data[:4].hex()
        raise MalformedInputError(
            f"begins with {begins}: no TS 32.297 file and no records of the dialect {dialect.name}",
            where=file,
            fix="Take it out of charging/, or describe its dialect as dialects/standard.json does",
        )
    yield from chain([first], found)


def _framing(data: bytes, dialect: Dialect) -> tuple[Framing | None, int]:
    """Tell how a file is framed and where its first record begins."""
    size, first = int.from_bytes(data[:4]), int.from_bytes(data[4:8])
    if len(data) >= _FILE_HEADER <= first <= MAX_RECORD and size >= first:
        high, low = data[8] >> 5, data[9] >> 5
        filters = int.from_bytes(data[48:50])
        private = int.from_bytes(data[50 + filters : 52 + filters])
        expected = _FILE_HEADER + filters + private + (high == _EXTENDED) + (low == _EXTENDED)
        if first == expected or _is_record(data, first, _STANDARD, dialect):
            return _STANDARD, first
    if dialect.framing is not None:
        return (dialect.framing if dialect.framing.header else None), dialect.framing.file_header
    if _known(data, 0, dialect) is None and _is_record(data, 0, _STANDARD, dialect):
        return _STANDARD, 0  # CDR headers without a file header: a file cut out of a larger one
    return None, 0


def _known(data: bytes, position: int, dialect: Dialect) -> int | None:
    """Return the identifier at a position, if it is of a record of the dialect or of a wrapper."""
    for octets in range(1, 5):
        tag = int.from_bytes(data[position : position + octets])
        if tag in dialect.records or tag in dialect.wrappers:
            return tag
    return None


def _is_record(data: bytes, position: int, framing: Framing, dialect: Dialect) -> bool:
    """Tell whether a framed record stands here: its length leads to octets that fit."""
    header_octets, length = _header(data, position, framing)
    begin = position + header_octets
    if length <= 0 or _known(data, begin, dialect) is None:
        return False
    try:
        return header(data, begin, begin + length)[3] <= begin + length
    except (DecodeError, IndexError):
        return False


def _header(data: bytes, position: int, framing: Framing) -> tuple[int, int]:
    """Return the octets of a record's header and of the record behind it."""
    length = int.from_bytes(data[position : position + framing.length_octets])
    octets = framing.header
    if framing is _STANDARD and len(data) > position + 2 and data[position + 2] >> 5 == _EXTENDED:
        octets += 1
    return octets, length - octets if framing.counts_itself else length


def _counted(found: Iterator[Record | Damage], announced: int) -> Iterator[Record | Damage]:
    """Pass on records; say at the end if the file header announced more."""
    number, is_whole = 0, True
    for number, each in enumerate(found, start=1):  # noqa: B007 (counts)
        is_whole = is_whole and isinstance(each, Record)
        yield each
    if is_whole and number < announced < _UNKNOWN_LENGTH:
        yield Damage(f"file: its header announces {announced} records, {number} are there", 0)


def _framed(window: _Window, framing: Framing, position: int, dialect: Dialect) -> Iterator[Record | Damage]:
    """Walk records that have a header with their length."""
    while True:
        position = window.ahead(position)
        data = window.data
        if position >= len(data):
            return
        if framing.block:
            left = framing.block - (window.base + position) % framing.block
            if left < framing.header and not data[position : position + left].strip(b"\x00\xff"):
                position += left  # too little of the block is left for a header
                continue
        octets, length = _header(data, position, framing)
        if not length or data[position : position + 4] in (b"\xff\xff\xff\xff", b"\0\0\0\0") or len(data) - position < octets:
            padding = _PADDING.match(data, position)
            if padding is None or (padding.end() < len(data) < position + octets):
                yield Damage("file: ends inside the header of a record", len(data) - position)
                return
            position = _past(window, position, padding.end(), framing, dialect)
            continue
        begin, stop = position + octets, position + octets + length
        if length < 0 or length > MAX_RECORD:
            yield Damage(f"file: a record claims {length} octets", len(data) - position)
            return
        if stop > len(data):
            yield Damage("file: ends inside a record", len(data) - position)
            return
        coding = data[position + 3] >> 5 if framing is _STANDARD else 0
        if coding in _BER:
            yield _inner(data, begin, stop, dialect)
        else:
            yield Damage(f"encoding: {_FORMATS.get(coding, f'format {coding}')} is not read", length)
        position = stop


def _inner(data: bytes, begin: int, stop: int, dialect: Dialect) -> Record | Damage:
    """Find the record in its frame, inside at most two wrappers."""
    try:
        for _ in range(3):
            tag, start, end, _ = header(data, begin, stop)
            if tag in dialect.records or tag not in dialect.wrappers:
                return Record(data, tag, start, end)
            begin, stop = start, end
    except (DecodeError, IndexError) as error:
        return Damage(f"record: {error if isinstance(error, DecodeError) else 'ends early'}", stop - begin)
    return Damage("record: wrapped too often", stop - begin)


def _past(window: _Window, position: int, end: int, framing: Framing, dialect: Dialect) -> int:
    """Return where the next record begins after padding that starts at `position` and ends at most at `end`."""
    if framing.block:
        into = (window.base + position) % framing.block
        return position - into + framing.block
    # The first octet of the next header may be 00 itself and look like padding.
    for candidate in range(end - 1, max(position, end - framing.length_octets) - 1, -1):
        if _is_record(window.data, candidate, framing, dialect):
            return candidate
    return end


def _bare(window: _Window, dialect: Dialect) -> Iterator[Record | Damage]:
    """Walk records that follow each other without any framing, in wrappers or not."""
    wrappers = dialect.wrappers - dialect.records.keys()
    position, data, end = 0, window.data, len(window.data)
    while True:
        if end - position < 2 * MAX_RECORD:
            position = window.ahead(position)
            data, end = window.data, len(window.data)
        octet = data[position] if position < end else 0
        if octet in (0x00, 0xFF) and (padding := _PADDING.match(data, position)):
            position = padding.end()
            continue
        if position >= end:
            return
        try:
            if octet in wrappers:
                position = _inside(data, position)
                continue
            tag, start, stop, position = header(data, position, end if end - position < MAX_RECORD else position + MAX_RECORD)
        except IndexError:
            yield Damage("file: ends inside a record", len(data) - position)
            return
        except DecodeError as error:
            is_cut = window.is_last and len(data) - position < MAX_RECORD
            yield Damage(f"file: ends inside a record, or {error}" if is_cut else f"file: {error}", len(data) - position)
            return
        yield Record(data, tag, start, stop)


def _inside(data: bytes, position: int) -> int:
    """Return where the content of a wrapper begins; its length is not looked at, for it may hold the whole file."""
    length = data[position + 1]
    octets = length & 0x7F if length > 0x80 else 0
    return position + 2 + octets
