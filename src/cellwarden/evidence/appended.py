"""A file of lines that is only ever added to: what is written is there as a whole, or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class AppendedFile:
    """One file of one process, readable by its owner alone; two processes do not share one."""

    def __init__(self, path: Path) -> None:
        """Open it at its end, or begin it; a line that a power cut tore is ended, so that it takes no later one with it."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(descriptor, "ab", buffering=0)
        self._end = os.fstat(descriptor).st_size
        if self._end:
            with path.open("rb") as written:
                written.seek(-1, os.SEEK_END)
                is_torn = written.read() != b"\n"
            if is_torn:
                self.write(b"\n")

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was ever written."""
        return not self._end

    def write(self, content: bytes) -> None:
        """Add octets, which are with the system when this returns; an OSError leaves the file as it was."""
        try:
            written = self._file.write(content)
        except OSError:
            os.ftruncate(self._file.fileno(), self._end)
            raise
        if written != len(content):
            os.ftruncate(self._file.fileno(), self._end)
            raise OSError("the disk took a part only")
        self._end += written

    def sync(self) -> None:
        """Wait until everything is on disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close."""
        self._file.close()
