"""Pack a result and what stands behind it into an evidence bundle, and check one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cellwarden import __version__
from cellwarden.evidence import verify
from cellwarden.evidence.bundle import Parts, pack
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.workflows.dossier import queries
from cellwarden.workflows.result import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path


def pack_bundle(
    result: Path,
    out: Path,
    *,
    on: date,
    records: Path | None = None,
    logs: Sequence[Path] = (),
    reports: Sequence[Path] = (),
) -> dict[str, Any]:
    """Pack a bundle; return its counts and its seal.

    Args:
        result: A result folder.
        out: The bundle to make.
        on: Bagging date.
        records: The record folder; None: records stay where they are, and the bundle holds their digests only.
        logs: Audit logs, each with its `NAME.checkpoints.json` beside it where there is one.
        reports: Files of reports, or folders of them.

    Raises:
        RefusedError: The result was revealed.
        UsageError: `result` is no result folder, or two files would have one name.
        MalformedInputError: The records are not those of the result.
    """
    try:
        manifest = json.loads((result / MANIFEST).read_text(encoding="utf-8"))
        inputs, operator = manifest["inputs"], manifest["operator"]
    except (OSError, ValueError, KeyError) as error:
        raise UsageError("no result folder", where=result.name, fix="Name the --out of an investigation") from error
    if manifest.get("revealed"):
        raise RefusedError(
            "this result shows real identifiers, which a bundle would hand on to whoever holds it",
            where=result.name,
            fix="Pack the result without --reveal; names go by cellwarden reveal open or case export --approval",
        )
    held = {each["file"]: records / each["file"] for each in inputs} if records is not None else {}
    for name, path in held.items():
        if not path.is_file():
            raise UsageError("the record is not there", where=name, fix="Name the record folder of this result")
    found = pack(
        out,
        Parts(
            result=result,
            queries={each.name: each.text for each in queries()},
            records=held,
            logs=_named(_with_checkpoints(logs)),
            reports=_named(_opened(reports)),
        ),
        on=on,
        about={
            "Source-Organization": operator["name"] or "not stated",
            "External-Description": "Evidence bundle: result, queries, logs and reports; check with python3 verify.py",
            "Bag-Software-Agent": f"cellwarden {__version__}",
        },
    )
    return {"files": found.files, "octets": found.octets, "seal": found.seal}


def check_bundle(bundle: Path, *, seal: str = "", key: str = "") -> dict[str, Any]:
    """Check a bundle as its own verifier does; `found` is empty where everything holds."""
    if key and not verify.public_of(key):
        raise UsageError("no public key", where="--key", fix="Give it as log checkpoint printed it: ORIGIN+HASH+KEY")
    if not bundle.is_dir():
        raise UsageError("no folder", where=bundle.name, fix="Name the folder of a bundle")
    try:
        found = verify.findings(bundle, key)
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = [f"data: cannot be read as a bundle of Cellwarden ({type(error).__name__})"]
    told = verify.seal(bundle) if (bundle / verify.SEALED).is_file() else None
    if seal and told != seal.lower():
        found.append(f"{verify.SEALED}: its seal is not the one that you hold")
    return {"found": found, "seal": told}


def _with_checkpoints(logs: Sequence[Path]) -> list[Path]:
    beside = [path.with_name(path.name.removesuffix(".jsonl") + ".checkpoints.json") for path in logs]
    return [*logs, *(path for path in beside if path.is_file())]


def _opened(paths: Sequence[Path]) -> list[Path]:
    return [
        each
        for path in paths
        for each in (sorted(held for held in path.rglob("*") if held.is_file()) if path.is_dir() else [path])
    ]


def _named(paths: list[Path]) -> dict[str, Path]:
    named: dict[str, Path] = {}
    for path in paths:
        if not path.is_file():
            raise UsageError("no such file", where=path.name, fix="Name a file that exists")
        if path.name in named:
            raise UsageError("two files have this name", where=path.name, fix="Rename one of them")
        named[path.name] = path
    return named
