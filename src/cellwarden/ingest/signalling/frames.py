"""Capture files to frames: pcap and pcapng of every byte order and resolution, plain or gzip, never whole in memory.

References: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.signalling.faults import TruncatedCaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_RECORD = 1 << 24
"""Octets of one record or block; more is damage, not a frame (libpcap itself stops at 256 KiB)."""
LAST_INSTANT_US = 253_402_300_799_999_999
"""End of the year 9999: what a timestamp of the lake can hold."""
_PCAP = {
    b"\xa1\xb2\xc3\xd4": (">", 1, 16),
    b"\xd4\xc3\xb2\xa1": ("<", 1, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1000, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 1000, 16),
    # The modified format of old Linux patches: records carry eight octets more.
    b"\xa1\xb2\xcd\x34": (">", 1, 24),
    b"\x34\xcd\xb2\xa1": ("<", 1, 24),
}
"""Magic to byte order, fractions a microsecond, octets of a record header."""
_INTERFACE, _SIMPLE, _ENHANCED = 1, 3, 6
_KNOWN_BLOCKS = frozenset({1, 2, 3, 6})
"""Those and 2, the obsolete packet block."""


class Frame(NamedTuple):
    """One captured frame."""

    number: int
    """Counting from 1, as analysers show it."""
    at_us: int | None
    """Microseconds since 1970 UTC; None where the file keeps no time, or one past the year 9999."""
    link: int
    """LINKTYPE."""
    data: bytes
    is_cut: bool
    """The capture kept only the beginning."""


def frames(path: Path) -> Iterator[Frame]:
    """Yield the frames of a capture in file order.

    Raises:
        MalformedInputError: This is no capture at all.
        TruncatedCaptureError: The file ends early or is damaged; what came before was yielded.
    """
    with path.open("rb") as file:
        head = file.read(2)
        file.seek(0)
        stream = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if head == b"\x1f\x8b" else file
        try:
            magic = stream.read(4)
            if magic in _PCAP:
                yield from _pcap(stream, *_PCAP[magic])
            elif magic == b"\x0a\x0d\x0d\x0a":
                yield from _pcapng(stream)
            else:
                raise MalformedInputError(
                    f"begins with {magic.hex() or 'nothing'}, which is neither pcap nor pcapng",
                    where=path.name,
                    fix="Give a pcap or pcapng file, plain or gzip-compressed",
                )
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise TruncatedCaptureError(f"gzip: {error}") from error


def _take(stream: BinaryIO, octets: int) -> bytes:
    """Read exactly so many octets."""
    data = stream.read(octets)
    if len(data) != octets:
        raise TruncatedCaptureError(f"file: ends {octets - len(data)} octets early")
    return data


def _pcap(stream: BinaryIO, order: str, fractions: int, header_size: int) -> Iterator[Frame]:
    """Walk the records of a classic file; the magic is read already."""
    (link,) = struct.unpack(order + "16xI", _take(stream, 20))
    link &= 0xFFFF  # the high bits tell the length of a frame check sequence
    unpack = struct.Struct(order + "IIII").unpack_from
    number = 0
    while header := stream.read(header_size):
        if len(header) != header_size:
            raise TruncatedCaptureError(f"file: ends inside the header of frame {number + 1}")
        seconds, fraction, captured, original = unpack(header)
        if captured > MAX_RECORD:
            raise TruncatedCaptureError(f"file: frame {number + 1} claims {captured} octets")
        data = stream.read(captured)
        number += 1
        if len(data) != captured:
            raise TruncatedCaptureError(f"file: ends inside frame {number}")
        yield Frame(number, seconds * 1_000_000 + fraction // fractions, link, data, captured < original)


class _Interface(NamedTuple):
    """What an interface description block says about the frames that name it."""

    link: int
    snap: int
    """Octets kept of each frame; 0: all."""
    units: int
    """Timestamp units a second."""
    offset_us: int

    def at_us(self, high: int, low: int) -> int | None:
        """Turn a timestamp in units into microseconds."""
        at = (high << 32 | low) * 1_000_000 // self.units + self.offset_us
        return at if 0 <= at <= LAST_INSTANT_US else None


def _interface(body: bytes, order: str) -> _Interface:
    """Read an interface description block: link type, if_tsresol (9) and if_tsoffset (14)."""
    link, snap = struct.unpack_from(order + "H2xI", body)
    units, offset, position = 1_000_000, 0, 8
    while position + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, position)
        value = body[position + 4 : position + 4 + size]
        if code == 0 or len(value) != size:
            break
        if code == 9 and size == 1:
            units = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
        elif code == 14 and size == 8:
            (offset,) = struct.unpack(order + "q", value)
        position += 4 + size + (-size % 4)
    return _Interface(link, snap, units, offset * 1_000_000)


def _pcapng(stream: BinaryIO) -> Iterator[Frame]:
    """Walk the blocks of all sections; the type of the first section header is read already."""
    order, interfaces, number, kind_octets = ">", list[_Interface](), 0, b"\x0a\x0d\x0d\x0a"
    while kind_octets:
        if len(kind_octets) != 4:
            raise TruncatedCaptureError("file: ends inside a block type")
        if kind_octets == b"\x0a\x0d\x0d\x0a":
            order, interfaces = _section(stream), []
            kind_octets = stream.read(4)
            continue
        kind, size = struct.unpack(order + "II", kind_octets + _take(stream, 4))
        if size < 12 or size % 4:
            raise TruncatedCaptureError(f"file: a block after frame {number} claims {size} octets")
        if kind not in _KNOWN_BLOCKS:
            _skip(stream, size - 8)
        elif size > MAX_RECORD:
            raise TruncatedCaptureError(f"file: a block after frame {number} claims {size} octets")
        else:
            body = _take(stream, size - 8)[:-4]
            if kind == _INTERFACE:
                if len(body) < 8 or len(interfaces) >= 65536:
                    raise TruncatedCaptureError("file: an interface description is damaged")
                interfaces.append(_interface(body, order))
            else:
                number += 1
                yield _packet(kind, body, order, interfaces, number)
        kind_octets = stream.read(4)


def _section(stream: BinaryIO) -> str:
    """Read the rest of a section header; return its byte order."""
    size_octets, magic = _take(stream, 4), _take(stream, 4)
    orders = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
    if magic not in orders:
        raise TruncatedCaptureError("file: a section header has no byte order")
    (size,) = struct.unpack(orders[magic] + "I", size_octets)
    if size < 28 or size % 4:
        raise TruncatedCaptureError(f"file: a section header claims {size} octets")
    _skip(stream, size - 12)
    return orders[magic]


def _skip(stream: BinaryIO, octets: int) -> None:
    """Pass over octets in small pieces: a block may claim 4 GiB."""
    while octets:
        octets -= len(_take(stream, min(octets, 65536)))


def _packet(kind: int, body: bytes, order: str, interfaces: list[_Interface], number: int) -> Frame:
    """Read an enhanced, simple or obsolete packet block."""
    try:
        if kind == _SIMPLE:
            (original,) = struct.unpack_from(order + "I", body)
            interface = interfaces[0]
            captured, at_us, start = min(original, interface.snap or original, len(body) - 4), None, 4
        else:
            layout = "IIIII" if kind == _ENHANCED else "H2xIIII"
            index, high, low, captured, original = struct.unpack_from(order + layout, body)
            interface = interfaces[index]
            at_us, start = interface.at_us(high, low), 20
    except (struct.error, IndexError) as error:
        raise TruncatedCaptureError(f"file: the block of frame {number} is damaged or names an unknown interface") from error
    if start + captured > len(body):
        raise TruncatedCaptureError(f"file: frame {number} is longer than its block")
    return Frame(number, at_us, interface.link, body[start : start + captured], captured < original)
