"""Capture files to frames: pcap and pcapng of every byte order and resolution, plain, gzip or Zstandard, never whole in memory.

The file is read in pieces, and a frame is a plain tuple: at this place every call counts half a million times.

References: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, cast

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.signalling.faults import TruncatedCaptureError
from cellwarden.ingest.signalling.window import Told, Window, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

MAX_RECORD = 1 << 24
"""Octets of one record or block; more is damage, not a frame (libpcap itself stops at 256 KiB)."""
LAST_INSTANT_US = 253_402_300_799_999_999
"""End of the year 9999: what a timestamp of the lake can hold."""
_PCAP = {
    b"\xa1\xb2\xc3\xd4": (">", 1, 16),
    b"\xd4\xc3\xb2\xa1": ("<", 1, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1000, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 1000, 16),
    b"\xa1\xb2\xcd\x34": (">", 1, 24),
    b"\x34\xcd\xb2\xa1": ("<", 1, 24),
}
"""Magic to byte order, fractions a microsecond, octets of a record header (old Linux patches have eight more)."""
_SECTION = b"\x0a\x0d\x0d\x0a"
_INTERFACE, _OBSOLETE, _SIMPLE, _ENHANCED = 1, 2, 3, 6
_COUNTED_BLOCKS = frozenset({9, 0x0BAD, 0x40000BAD})
"""Journal entries and custom blocks: no frames, but Wireshark numbers them with the frames."""
_KNOWN_BLOCKS = frozenset({_INTERFACE, _OBSOLETE, _SIMPLE, _ENHANCED})

Record = tuple[int, int | None, int, bytes]  # a `Frame`, plain


class Frame(NamedTuple):
    """One captured frame."""

    number: int
    """Counting from 1, as analysers show it."""
    at_us: int | None
    """Microseconds since 1970 UTC; None where the file keeps no time, or one past the year 9999."""
    link: int
    """LINKTYPE."""
    data: bytes
    """Of the frame; only its beginning, if the capture kept no more."""


def frames(path: Path) -> Iterator[Frame]:
    """Yield the frames of a capture in file order; arguments and errors as in `records`."""
    return map(Frame._make, records(path))


def records(path: Path, *, on_octets: Callable[[int], None] | None = None) -> Iterator[Record]:
    """Yield the frames of a capture in file order, each as the tuple of the fields of `Frame`.

    Args:
        path: The file.
        on_octets: Told now and then how many octets of the file have been read, for a progress bar.

    Raises:
        MalformedInputError: This is no capture at all.
        TruncatedCaptureError: The file ends early or is damaged; what came before was yielded.
    """
    return chain.from_iterable(_pieces(path, on_octets))


def _pieces(path: Path, on_octets: Callable[[int], None] | None) -> Iterator[Sequence[Record]]:
    """Yield the frames of one piece of the file after the other: a list is passed on faster than so many frames."""
    with path.open("rb") as file:
        source = file if on_octets is None else cast("BinaryIO", Told(file, on_octets))
        window = Window(unpacked(source, path))
        magic = window.take(4, at_most=True)
        if magic in _PCAP:
            yield from _pcap(window, *_PCAP[magic])
        elif magic == _SECTION:
            yield from _pcapng(window)
        else:
            raise MalformedInputError(
                f"begins with {magic.hex() or 'nothing'}, which is neither pcap nor pcapng",
                where=path.name,
                fix="Give a pcap or pcapng file, plain or compressed with gzip or Zstandard",
            )


def _pcap(window: Window, order: str, fractions: int, header_size: int) -> Iterator[Sequence[Record]]:
    """Walk the records of a classic file; the magic is read already."""
    (link,) = struct.unpack(order + "16xI", window.take(20))
    link &= 0xFFFF  # the high bits tell the length of a frame check sequence
    unpack = struct.Struct(order + "III4x").unpack_from
    number, second = 0, 1_000_000 * fractions
    while window.has(header_size):
        data, position = window.data, window.position
        size, missing, found = len(data), 0, list[tuple[int, int, int, bytes]]()
        keep = found.append
        with suppress(struct.error):  # the piece ends inside a header
            while True:
                seconds, fraction, captured = unpack(data, position)
                start = position + header_size
                stop = start + captured
                if stop > size:
                    missing = captured
                    break
                number += 1
                keep((number, seconds * second + fraction, link, data[start:stop]))
                position = stop
        yield found if fractions == 1 else [(count, at // fractions, link, data) for count, at, link, data in found]
        if missing > MAX_RECORD:
            raise TruncatedCaptureError(f"file: frame {number + 1} claims {missing} octets")
        window.position = position
        if missing and not window.has(header_size + missing):
            raise TruncatedCaptureError(f"file: ends inside frame {number + 1}")
    if window.position < len(window.data):
        raise TruncatedCaptureError(f"file: ends inside the header of frame {number + 1}")


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


def _pcapng(window: Window) -> Iterator[list[Record]]:
    """Walk the blocks of all sections; the type of the first section header is read already."""
    order, interfaces, number = _section(window), list[_Interface](), 0
    head = struct.Struct(order + "II").unpack_from
    while window.has(8):
        if window.data.startswith(_SECTION, window.position):
            window.position += 4
            order, interfaces = _section(window), []
            head = struct.Struct(order + "II").unpack_from
            continue
        kind, size = head(window.data, window.position)
        if size < 12 or size % 4 or (kind in _KNOWN_BLOCKS and size > MAX_RECORD):
            raise TruncatedCaptureError(f"file: a block after frame {number} claims {size} octets")
        if kind not in _KNOWN_BLOCKS:
            number += kind in _COUNTED_BLOCKS
            window.skip(size)
            continue
        body = window.take(size)[8:-4]
        if kind == _INTERFACE:
            if len(body) < 8 or len(interfaces) >= 65536:
                raise TruncatedCaptureError("file: an interface description is damaged")
            interfaces.append(_interface(body, order))
        else:
            number += 1
            yield [_packet(kind, body, order, interfaces, number)]
    if window.position < len(window.data):
        raise TruncatedCaptureError("file: ends inside a block type")


def _section(window: Window) -> str:
    """Read the rest of a section header; return its byte order."""
    size_octets, magic = window.take(4), window.take(4)
    orders = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
    if magic not in orders:
        raise TruncatedCaptureError("file: a section header has no byte order")
    (size,) = struct.unpack(orders[magic] + "I", size_octets)
    if size < 28 or size % 4:
        raise TruncatedCaptureError(f"file: a section header claims {size} octets")
    window.skip(size - 12)
    return orders[magic]


def _packet(kind: int, body: bytes, order: str, interfaces: list[_Interface], number: int) -> Record:
    """Read an enhanced, simple or obsolete packet block."""
    try:
        if kind == _SIMPLE:
            (original,) = struct.unpack_from(order + "I", body)
            interface = interfaces[0]
            captured, at_us, start = min(original, interface.snap or original, len(body) - 4), None, 4
        else:
            layout = "IIII4x" if kind == _ENHANCED else "H2xIII4x"
            index, high, low, captured = struct.unpack_from(order + layout, body)
            interface = interfaces[index]
            at_us, start = interface.at_us(high, low), 20
    except (struct.error, IndexError) as error:
        raise TruncatedCaptureError(f"file: the block of frame {number} is damaged or names an unknown interface") from error
    if start + captured > len(body):
        raise TruncatedCaptureError(f"file: frame {number} is longer than its block")
    return number, at_us, interface.link, body[start : start + captured]
