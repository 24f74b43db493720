"""SHA-256 of files and JSON with one spelling, so that the same content has the same bytes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical_json(content: object) -> str:
    """Write JSON with sorted keys and a line break at the end; non-ASCII stays readable."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
