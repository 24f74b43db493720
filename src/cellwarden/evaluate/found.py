"""Reads a result folder, ours or a third party's, and knows under which names it speaks of people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.lake.key import LakeKey
from cellwarden.lake.pseudonyms import Pseudonyms, in_hex
from cellwarden.records.results import RESULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cellwarden.evaluate.truth import Row

TABLES = ("suspects", "exposures", "payment_links", "complaint_links", "tracks")
"""What is scored; only `suspects` must be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a system says happened."""

    name: str
    suspects: list[Row]
    exposures: list[Row]
    payment_links: list[Row]
    complaint_links: list[Row]
    tracks: list[Row]
    manifest: dict[str, Any]
    absent: tuple[str, ...]
    """Tables that the folder does not hold: nobody claimed anything, which is not the same as a claim of nothing."""
    name_of: Callable[[str], str] | None
    """Gives the name that this result has for an `imsi`; None: it uses pseudonyms and the key is not here."""


def read_result(folder: Path, *, key: Path | None = None) -> Found:
    """Read a result folder.

    Args:
        folder: A result folder; `manifest.json` may be missing, then identifiers are taken to be real ones.
        key: Key of the lake from which it was made; None: the key beside the folder's own lake, if there is one.

    Raises:
        UsageError: This is no result folder.
        MalformedInputError: A table lacks a column of the contract.
    """
    if not (folder / "suspects.parquet").is_file():
        raise UsageError("no suspects.parquet in this folder", where=folder.name, fix="Give the --out of an investigation")
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise MalformedInputError("the manifest is no JSON", where=folder.name, fix="Make the result again") from error
    held = {name: _rows(folder, name) for name in TABLES}
    return Found(
        name=folder.name,
        **held,
        manifest=manifest,
        absent=tuple(name for name in TABLES if not (folder / f"{name}.parquet").is_file()),
        name_of=_naming(folder, manifest, key),
    )


def _rows(folder: Path, name: str) -> list[Row]:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        return []
    table = pq.read_table(path, partitioning=None)
    schema = RESULTS[name]
    lacking = [column for column in schema.names if column not in table.column_names]
    if lacking:
        raise MalformedInputError(f"there is no column {lacking[0]}", where=path.name, fix="Write it as records.md says")
    try:
        return list(table.select(schema.names).cast(schema).to_pylist())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise MalformedInputError(
            "a column has another type than the contract's", where=path.name, fix="Write it as records.md says"
        ) from error


def _naming(folder: Path, manifest: dict[str, Any], key: Path | None) -> Callable[[str], str] | None:
    if manifest.get("revealed", True):
        return str
    path = key or folder.with_name(f"{folder.name}.lake.key")
    if not path.is_file() and key is None:
        return None
    pseudonyms = Pseudonyms(LakeKey.read(path), "imsi")
    return lambda imsi: in_hex(pseudonyms.of(imsi))
