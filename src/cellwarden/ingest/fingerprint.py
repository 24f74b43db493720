"""Tell whether a file is still the one that was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import InputChangedError, MalformedInputError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What names the content of one file."""

    size: int
    """Octets."""
    mtime_ns: int
    """Last change as the file system tells it; nanoseconds since 1970."""
    sha256: str
    """Of the file as it lies there, compressed or not; hex."""


def fingerprint(path: Path, *, file: str = "") -> Fingerprint:
    """Read a file once and name its content.

    Args:
        path: Where it is.
        file: Its path inside the record folder, for errors; by default its name.

    Raises:
        InputChangedError: It changed while it was read.
        MalformedInputError: It cannot be read.
    """
    where = file or path.name
    try:
        before = path.stat()
        digest = sha256_of(path)
        after = path.stat()
    except OSError as error:
        raise MalformedInputError(
            f"cannot be read ({error.strerror or type(error).__name__})",
            where=where,
            fix="Check that it exists and may be read",
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _changed(where)
    return Fingerprint(after.st_size, after.st_mtime_ns, digest)


def unchanged(path: Path, before: Fingerprint, *, file: str = "") -> None:
    """Make sure that a file is still the one named by `before`.

    Raises:
        InputChangedError: Size, time of change or content differ.
    """
    if fingerprint(path, file=file) != before:
        raise _changed(file or path.name)


def _changed(where: str) -> InputChangedError:
    return InputChangedError(
        "changed while it was read", where=where, fix="Wait until its writer has finished, or copy it first, then run again"
    )
