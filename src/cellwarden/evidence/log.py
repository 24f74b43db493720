"""A hash-chained log: each line names the SHA-256 of the one before, so that a line cannot be changed or taken out unseen."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import CellwardenError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

START = "0" * 64
"""What the first line names as its predecessor."""


def append(path: Path, act: str, *, at: datetime, **facts: Any) -> str:
    """Append an act and return its digest; the line is on disk when this returns.

    Raises:
        CellwardenError: The last line is no line of a log: to go on would hide it.
    """
    content = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    try:
        previous = json.loads(_lines(content)[-1])["digest"] if content else START
        whole = not content or content.endswith("\n")
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise CellwardenError("the last line is broken", where=path.name, fix="Keep the file as evidence and move it away")
    entry = {**facts, "at": iso(at), "act": act, "previous": previous}
    digest = _digest(entry)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps({**entry, "digest": digest}, ensure_ascii=False, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return digest


def broken_at(path: Path) -> int | None:
    """Return the number (from 1) of the first line that does not fit the chain; None if all do."""
    previous = START
    for number, line in enumerate(_lines(path.read_text(encoding="utf-8", errors="replace")), start=1):
        try:
            entry = json.loads(line)
            digest = entry.pop("digest")
        except (ValueError, KeyError, TypeError, AttributeError):
            return number
        if entry.get("previous") != previous or _digest(entry) != digest:
            return number
        previous = digest
    return None


def _lines(content: str) -> list[str]:
    """Cut at line feeds alone: `splitlines` would also cut at a U+2028 inside a reason."""
    return content.removesuffix("\n").split("\n") if content else []


def _digest(entry: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
