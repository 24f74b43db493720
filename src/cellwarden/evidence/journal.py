"""The hash-chained log for a process that writes hundreds of lines a second: the file stays open, the disk is asked in groups.

`log.append` reads the file and waits for the disk with each line, which suits acts of people. A journal remembers the last
digest; a line is with the system when `write` returns, and on disk when `sync` does. Both write the same chain.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from cellwarden.evidence.appended import AppendedFile
from cellwarden.evidence.log import START, line_after
from cellwarden.foundation.errors import CellwardenError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

_TAIL = 1 << 16
"""Octets read to find the last line: no entry of ours is as long."""


class Journal:
    """An open log of one process; two processes do not share one."""

    def __init__(self, path: Path) -> None:
        """Open or begin a log.

        Raises:
            CellwardenError: Its last line is no line of a log: to go on would hide it.
        """
        self.path = path
        self.last = _last_digest(path)
        """Digest of the last line; what follows names it."""
        self._file: AppendedFile | None = AppendedFile(path)

    def __enter__(self) -> Self:
        """Use it as a context: it is synced and closed at the end."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Sync and close."""
        self.close()

    def write(self, act: str, *, at: datetime, **facts: Any) -> str:
        """Append an act and return its digest; an OSError leaves the chain as it was."""
        return self.write_all([(act, at, facts)])

    def write_all(self, entries: Iterable[tuple[str, datetime, dict[str, Any]]]) -> str:
        """Append acts of (what, when, facts), all or none; return the digest of the last."""
        if self._file is None:
            raise ValueError("the journal is closed")
        lines, last = list[str](), self.last
        for act, at, facts in entries:
            line, last = line_after(last, act, at=at, **facts)
            lines.append(line + "\n")
        self._file.write("".join(lines).encode())
        self.last = last
        return last

    def sync(self) -> None:
        """Wait until everything is on disk."""
        if self._file is not None:
            self._file.sync()

    def close(self) -> None:
        """Sync and close."""
        if self._file is not None:
            self._file.sync()
            self._file.close()
            self._file = None


def _last_digest(path: Path) -> str:
    if not path.exists() or not path.stat().st_size:
        return START
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    line, end = tail[:-1].rpartition(b"\n")[2], tail[-1:]
    try:
        return str(json.loads(line if end == b"\n" else b"")["digest"])
    except (ValueError, KeyError, TypeError) as error:
        raise CellwardenError(
            "the last line is broken", where=path.name, fix="Keep the file as evidence and move it away"
        ) from error
