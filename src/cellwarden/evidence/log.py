"""A hash-chained log: each line names the SHA-256 of the one before, so that a line cannot be changed or taken out unseen.

A log lies in a file of its own (a lake's) or in the table of a case store, which writes it in one transaction with the act
itself; a line is the same in both. Who holds the whole log could still write it anew from some line on: against that stand
the signed checkpoints (`checkpoint.py`).
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import CellwardenError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

START = "0" * 64
"""What the first line names as its predecessor."""
_PLACE, _PLACE_WRITTEN = "\0", '"digest": "\\u0000", '
"""Where the digest will stand in a line, and how that is written."""


def line_after(previous: str, act: str, /, *, at: datetime, **facts: Any) -> tuple[str, str]:
    """Return the line of an act that follows the line with digest `previous`, without its line feed, and the line's digest.

    Raises:
        ValueError: A fact is called `digest`, which is the line's own, or holds what keeps its place.
    """
    if "digest" in facts:
        raise ValueError("a fact may not be called digest")
    line = _written({**facts, "at": iso(at), "act": act, "previous": previous, "digest": _PLACE})
    # Written once; the digest is of all but itself, and comes neither first nor last: `act` sorts before it, `previous` after.
    before, _, after = line.partition(_PLACE_WRITTEN)
    if _PLACE_WRITTEN in after:
        raise ValueError("a fact may not hold the place of the digest")
    digest = hashlib.sha256((before + after).encode()).hexdigest()
    return f'{before}"digest": "{digest}", {after}', digest


def append(path: Path, act: str, /, *, at: datetime, **facts: Any) -> str:
    """Append an act and return its digest; the line is on disk when this returns.

    Raises:
        CellwardenError: The last line is no line of a log: to go on would hide it.
    """
    content = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    try:
        previous = json.loads(lines_of(content)[-1])["digest"] if content else START
        whole = not content or content.endswith("\n")
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise CellwardenError("the last line is broken", where=path.name, fix="Keep the file as evidence and move it away")
    line, digest = line_after(previous, act, at=at, **facts)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    return digest


def broken_at(path: Path) -> int | None:
    """Return the number (from 1) of the first line of a file that does not fit the chain; None if all do."""
    return first_break(lines_of(path.read_text(encoding="utf-8", errors="replace")))


def first_break(lines: Iterable[str]) -> int | None:
    """Return the number (from 1) of the first line that does not fit the chain; None if all do."""
    previous = START
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            digest = entry.pop("digest")
        except (ValueError, KeyError, TypeError, AttributeError):
            return number
        if entry.get("previous") != previous or _digest(entry) != digest:
            return number
        previous = digest
    return None


def lines_of(content: str) -> list[str]:
    """Cut at line feeds alone: `splitlines` would also cut at a U+2028 inside a reason."""
    return content.removesuffix("\n").split("\n") if content else []


def _digest(entry: dict[str, Any]) -> str:
    return hashlib.sha256(_written(entry).encode()).hexdigest()


_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
