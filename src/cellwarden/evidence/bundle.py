"""The evidence bundle: one folder that a third party checks alone (BagIt, RFC 8493, with a verifier beside it).

The bag is written here rather than by `bagit.make_bag`, which changes the process's working folder, dates the bag today and lists
files as the disk gives them; the library judges what was written instead.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

import bagit

from cellwarden.evidence import verify
from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.drafted import drafted
from cellwarden.foundation.errors import CellwardenError, MalformedInputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

logging.getLogger("bagit").setLevel(logging.CRITICAL)  # what it finds is raised; its log would print paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What goes into a bundle."""

    result: Path
    """A whole result folder."""
    queries: dict[str, str]
    """Text of each query by its name."""
    records: dict[str, Path] = field(default_factory=dict)
    """Preserved input files by their name inside the record folder; they hold identifiers, so they go in only where a right to them
    exists."""
    logs: dict[str, Path] = field(default_factory=dict)
    """Logs and their checkpoints by file name (`audit.jsonl`, `audit.checkpoints.json`)."""
    reports: dict[str, Path] = field(default_factory=dict)
    """Regulator reports, restatements, press sheets by file name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle that was written."""

    files: int
    octets: int
    seal: str
    """SHA-256 over everything, to be told by another way than the bundle goes."""


def pack(out: Path, parts: Parts, *, on: date, about: dict[str, str]) -> Bundle:
    """Write a bundle; there as a whole or not at all. The same parts give the same bytes.

    Args:
        out: The folder to make; it must not exist.
        parts: What goes in.
        on: Bagging date.
        about: Further lines of `bag-info.txt`, such as `Source-Organization`.

    Raises:
        UsageError: `out` exists, a line of `about` has a line break, or a name leaves the bundle.
        MalformedInputError: A record is not the one that the result was made from.
    """
    if out.exists():
        raise UsageError("it exists already", where=out.name, fix="Choose a new folder: evidence is never written over")
    with drafted(out) as draft:
        for name, source in _payload(parts):
            target = draft / "data" / name
            if not target.resolve().is_relative_to((draft / "data").resolve()):
                raise UsageError("a name leaves the bundle", where=name, fix="Name files inside the bundle")
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(source, str):
                target.write_bytes(source.encode())
            else:
                shutil.copyfile(source, target)
        bundle = _seal(draft, on=on, about=about)
        try:
            bagit.Bag(str(draft)).validate()
        except bagit.BagError as error:
            raise CellwardenError(
                f"the bag does not validate ({error})", where=out.name, fix="Report this: it is ours"
            ) from error
        found = verify.findings(draft)
        if found:
            raise MalformedInputError(found[0], where=out.name, fix="Pack the records and the result of one investigation")
    return bundle


def _payload(parts: Parts) -> Iterator[tuple[str, Path | str]]:
    for path in sorted(parts.result.iterdir()):
        yield f"result/{path.name}", path
    for name, text in sorted(parts.queries.items()):
        yield f"queries/{name}", text
    for folder, held in (("records", parts.records), ("log", parts.logs), ("reports", parts.reports)):
        for name, path in sorted(held.items()):
            yield f"{folder}/{name}", path


def _seal(draft: Path, *, on: date, about: dict[str, str]) -> Bundle:
    payload = sorted(path.relative_to(draft).as_posix() for path in (draft / "data").rglob("*") if path.is_file())
    octets = sum((draft / name).stat().st_size for name in payload)
    info = {**about, "Bagging-Date": on.isoformat(), "Payload-Oxum": f"{octets}.{len(payload)}"}
    if any("\n" in text or "\r" in text for pair in info.items() for text in pair):
        raise UsageError("a line break", where="bag-info.txt", fix="Keep each fact on one line")
    _write(draft / "bagit.txt", verify.DECLARATION)
    _write(draft / "bag-info.txt", "".join(f"{name}: {info[name]}\n" for name in sorted(info)).encode())
    _write(draft / "verify.py", (files("cellwarden.evidence") / "verify.py").read_bytes())
    for kind, names in (("manifest", payload), ("tagmanifest", [])):
        listed = names or sorted(
            path.name for path in draft.iterdir() if path.is_file() and not path.name.startswith("tagmanifest-")
        )
        for algorithm in verify.ALGORITHMS:
            lines = [f"{_digest(draft / name, algorithm)}  {name}\n" for name in listed]
            _write(draft / f"{kind}-{algorithm}.txt", "".join(lines).encode())
    return Bundle(files=len(payload), octets=octets, seal=sha256_of(draft / verify.SEALED))


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
