"""The manifest: which inputs the lake holds and which files hold them. Replacing it is the one act that commits a load."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from cellwarden.foundation.digest import canonical_json
from cellwarden.foundation.errors import DamagedLakeError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
"""Raised when a lake of an older layout can no longer be read."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file that was read, by content."""

    file: str
    """Path inside the record folder when it was first read."""
    sha256: str
    mapping: str
    """SHA-256 of the mapping file it was read with; empty without one."""
    read: int
    accepted: int
    rejected: int
    tables: dict[str, int]
    """Accepted rows by table; a capture fills two."""
    faults: dict[str, int]
    """Accepted but odd, by kind."""
    first_at: str | None
    """First and last time in it, ISO 8601 UTC; None if its rows carry no `at`."""
    last_at: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of the lake."""

    path: str
    """Inside the lake."""
    day: str | None
    """UTC day of a partitioned table."""
    rows: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """Everything the lake holds; no wall-clock time, no absolute path."""

    inputs: list[InputFile] = field(default_factory=list)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    """By table, in order of day."""
    key: str = ""
    """`LakeKey.mark` of the key behind the pseudonyms; empty before the first load."""

    def held(self, sha256: str, mapping: str) -> InputFile | None:
        """Return the input of this content, read with this mapping; None if there is none."""
        return next((each for each in self.inputs if (each.sha256, each.mapping) == (sha256, mapping)), None)

    def files(self) -> set[str]:
        """Return the paths of all parts inside the lake."""
        return {part.path for parts in self.parts.values() for part in parts}

    def write(self, path: Path) -> None:
        """Replace the manifest in one step: a reader sees the old or the new one, never half of it."""
        self.inputs.sort(key=lambda each: (each.file, each.sha256))
        content = {"format": FORMAT, "key": self.key, "inputs": [asdict(each) for each in self.inputs], "parts": {}}
        content["parts"] = {table: [asdict(part) for part in parts] for table, parts in sorted(self.parts.items())}
        draft = path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            file.write(canonical_json(content))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read it; a lake without one is empty.

        Raises:
            DamagedLakeError: It is not one of ours, or of another layout.
        """
        if not path.exists():
            return cls()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["format"] != FORMAT:
                raise DamagedLakeError(
                    f"layout {content['format']}, not {FORMAT}", where=path.name, fix="Load the records into a new lake"
                )
            return cls(
                [InputFile(**each) for each in content["inputs"]],
                {table: [Part(**part) for part in parts] for table, parts in content["parts"].items()},
                content["key"],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedLakeError(
                "not a manifest", where=path.name, fix="Remove the lake and load the records again"
            ) from error
