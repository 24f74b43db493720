"""Octets of a plain, gzip or Zstandard file in pieces, with a limit on how far they may swell."""

from __future__ import annotations

import codecs
import zlib
from typing import TYPE_CHECKING, BinaryIO

import zstandard

from cellwarden.foundation.errors import MalformedInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FREE_OCTETS = 64 << 20
"""Octets that may come out before their ratio to what went in is looked at."""
MAX_RATIO = 300
"""Records of real networks shrink by 5 to 40; a file that grows more than this is made to fill a machine."""
_PIECE = 1 << 20
_SIP = 2048
"""Octets fed to Zstandard at once: it swells by 16,000 at most, and cannot be asked to stop."""


def open_octets(path: Path, *, file: str) -> Iterator[bytes]:
    """Yield the content of a file in pieces, unpacked if its name ends with `.gz` or `.zst`.

    Raises:
        MalformedInputError: Unreadable, truncated, no such packing, or swelling without measure.
    """
    name = path.name.lower()
    try:
        with path.open("rb") as source:
            if name.endswith(".gz"):
                yield from _measured(_gunzip(source, file), file)
            elif name.endswith(".zst"):
                yield from _measured(_unzstd(source, file), file)
            else:
                while piece := source.read(_PIECE):
                    yield piece
    except OSError as error:
        raise MalformedInputError(
            f"cannot be read ({error.strerror or type(error).__name__})", where=file, fix="Check that it exists and may be read"
        ) from error


def _measured(pieces: Iterator[tuple[bytes, int]], file: str) -> Iterator[bytes]:
    """Pass on pieces, unless far more comes out than went in."""
    out = 0
    for piece, taken in pieces:
        out += len(piece)
        if out > FREE_OCTETS and out > MAX_RATIO * taken:
            raise MalformedInputError(
                f"swells to more than {MAX_RATIO} times its size",
                where=file,
                fix="Unpack it yourself if you trust where it is from",
            )
        yield piece


def _gunzip(source: BinaryIO, file: str) -> Iterator[tuple[bytes, int]]:
    """Yield what every member of a gzip file (RFC 1952) holds, and how many octets went in so far."""
    taken, waiting, members = 0, b"", 0
    while True:
        if not waiting:
            waiting = source.read(_PIECE)
            taken += len(waiting)
        if members:
            waiting = waiting.lstrip(b"\0")  # padding after the last member, as tape and gzip itself allow
            if not waiting and not source.peek(1):  # type: ignore[attr-defined] # Path.open gives a BufferedReader
                return
            if not waiting:
                continue
        unpacker = zlib.decompressobj(wbits=31)
        try:
            while not unpacker.eof:
                if not waiting:
                    waiting = source.read(_PIECE)
                    taken += len(waiting)
                    if not waiting:
                        raise _truncated(file, "gzip")
                piece = unpacker.decompress(waiting, _PIECE)
                waiting = unpacker.unconsumed_tail
                yield piece, taken
        except zlib.error as error:
            raise _not_packed(file, "gzip") from error
        waiting = unpacker.unused_data
        members += 1


def _unzstd(source: BinaryIO, file: str) -> Iterator[tuple[bytes, int]]:
    """Yield what every frame of a Zstandard file (RFC 8878) holds, and how many octets went in so far."""
    taken, waiting, frames = 0, b"", 0
    try:
        while True:
            if not waiting:
                waiting = source.read(_SIP)
                taken += len(waiting)
                if not waiting and frames:
                    return
            unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
            while not unpacker.eof:
                if not waiting:
                    waiting = source.read(_SIP)
                    taken += len(waiting)
                    if not waiting:
                        raise _truncated(file, "Zstandard")
                yield unpacker.decompress(waiting), taken
                waiting = b""
            waiting = unpacker.unused_data
            frames += 1
    except zstandard.ZstdError as error:
        raise _not_packed(file, "Zstandard") from error


def _truncated(file: str, packing: str) -> MalformedInputError:
    return MalformedInputError(f"ends in the middle of the {packing} data: truncated", where=file, fix="Copy it again, whole")


def _not_packed(file: str, packing: str) -> MalformedInputError:
    return MalformedInputError(
        f"no valid {packing} data, in spite of its name", where=file, fix="Check that it arrived whole and is called what it is"
    )


def as_utf8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Turn text of another encoding into UTF-8; what cannot be read becomes octets that are no UTF-8 either."""
    if encoding in ("utf-8", "utf-8-sig", "ascii"):
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors=_MARK)
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "surrogatepass")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


_MARK = "cellwarden-mark"
codecs.register_error(_MARK, _mark)
