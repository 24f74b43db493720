"""A capture file piece by piece, unpacked on the way and never whole in memory; bombs are refused."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Protocol, cast

import zstandard

from cellwarden.ingest.signalling.faults import TruncatedCaptureError
from cellwarden.ingest.streams import FREE_OCTETS, MAX_RATIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

_PIECE = 1 << 16
"""Octets read at once: what a core keeps near itself, for the frames of a piece are cut before the first one is read."""


class Source(Protocol):
    """Whatever gives octets."""

    def read(self, size: int, /) -> bytes:
        """Return so many octets, or fewer."""


def unpacked(file: BinaryIO, path: Path) -> Source:
    """Look through the compression, told by content and not by name."""
    head = file.read(4)
    file.seek(0)
    if head[:2] == b"\x1f\x8b":
        return _Measured(cast("Source", gzip.GzipFile(fileobj=file)), path)
    if head == b"\x28\xb5\x2f\xfd":
        unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        return _Measured(unpacker.stream_reader(file, read_across_frames=True), path)
    return file


class Told:
    """A file that tells how far it was read."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], None]) -> None:
        self._file, self._tell, self.seek = file, tell, file.seek

    def read(self, size: int = -1, /) -> bytes:
        """Return so many octets, or fewer."""
        data = self._file.read(size)
        self._tell(self._file.tell())
        return data


class _Measured:
    """Passes on octets unless far more come out than the file holds: a bomb fills hours, though not memory."""

    def __init__(self, source: Source, path: Path) -> None:
        self._source, self._size, self._out = source, path.stat().st_size, 0

    def read(self, size: int, /) -> bytes:
        """Return so many octets, or fewer."""
        try:
            data = self._source.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise TruncatedCaptureError(f"gzip: {error}") from error
        except zstandard.ZstdError as error:
            raise TruncatedCaptureError(f"Zstandard: {error}") from error
        self._out += len(data)
        if self._out > max(FREE_OCTETS, MAX_RATIO * self._size):
            raise TruncatedCaptureError(f"file: swells to more than {MAX_RATIO} times its size")
        return data


class Window:
    """The piece of the file at hand; walkers read `data` from `position` and ask for more."""

    __slots__ = ("_source", "data", "position")

    def __init__(self, source: Source) -> None:
        self._source, self.data, self.position = source, b"", 0

    def has(self, octets: int) -> bool:
        """Make so many octets available behind the position; False: the file ends before."""
        missing = octets - (len(self.data) - self.position)
        if missing <= 0:
            return True
        parts = [self.data[self.position :]]
        while missing > 0 and (part := self._source.read(_PIECE)):
            parts.append(part)
            missing -= len(part)
        self.data, self.position = b"".join(parts), 0
        return missing <= 0

    def take(self, octets: int, *, at_most: bool = False) -> bytes:
        """Return exactly so many octets, or fewer at the end of the file if that is allowed."""
        if not self.has(octets) and not at_most:
            raise TruncatedCaptureError(f"file: ends {octets - len(self.data)} octets early")
        data = self.data[self.position : self.position + octets]
        self.position += len(data)
        return data

    def skip(self, octets: int) -> None:
        """Pass over octets in pieces: a block may claim 4 GiB."""
        while octets:
            octets -= len(self.take(min(octets, _PIECE)))
