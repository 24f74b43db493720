"""A result folder: tables, summary, report and manifest, there as a whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cellwarden.foundation.clock import iso
from cellwarden.foundation.digest import canonical_json, sha256_of
from cellwarden.foundation.errors import UsageError
from cellwarden.records.results import RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = "manifest.json"


@contextlib.contextmanager
def result_folder(out: Path) -> Iterator[Path]:
    """Give a folder to write into; it takes the place of `out` when the work is done, and vanishes when it fails.

    Raises:
        UsageError: `out` holds something that is no result folder.
    """
    draft, old = out.with_name(f".{out.name}.draft"), out.with_name(f".{out.name}.old")
    if old.exists() and not out.exists():
        old.replace(out)  # a run was killed between the two renames below
    if out.exists() and not _is_ours(out):
        raise UsageError(
            "this is not a result folder", where=out.name, fix="Choose a new --out, so that nothing of yours is replaced"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
        shutil.rmtree(old, ignore_errors=True)
        if out.exists():
            out.replace(old)
        draft.replace(out)
    finally:
        if old.exists() and not out.exists():
            old.replace(out)
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _is_ours(out: Path) -> bool:
    """Say whether a folder is empty, or a result and nothing but a result: a lake has a manifest.json too."""
    try:
        held = {path.name for path in out.iterdir()}
        return not held or held - {MANIFEST} <= set(json.loads((out / MANIFEST).read_text(encoding="utf-8"))["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_table(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    """Write one table of the contract; rows come in their final order."""
    table = pa.Table.from_pylist(rows, RESULTS[name])
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def write_text(folder: Path, name: str, content: str | bytes) -> None:
    """Write a file of the result."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def write_manifest(folder: Path, facts: dict[str, Any]) -> None:
    """Describe every file of the folder: SHA-256, rows and span; last, since it is what makes the folder a result."""
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.iterdir()):
        entry: dict[str, Any] = {"sha256": sha256_of(path)}
        if path.suffix == ".parquet":
            entry |= _span(path)
        files[path.name] = entry
    write_text(folder, MANIFEST, canonical_json({**facts, "outputs": files}))
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _span(path: Path) -> dict[str, Any]:
    """Return rows and span of a table; an end is None where every row leaves it open."""
    schema = pq.read_schema(path)
    rows = pq.read_metadata(path).num_rows
    first, last = ("from_at", "to_at") if "from_at" in schema.names else ("at", "at")
    if first not in schema.names or not rows:
        return {"rows": rows}
    table = pq.read_table(path, columns=sorted({first, last}))
    begin, end = pc.min(table[first]).as_py(), pc.max(table[last]).as_py()
    return {"rows": rows, "first_at": iso(begin) if begin else None, "last_at": iso(end) if end else None}
