"""A row that breaks the contract: kept, counted, masked."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from cellwarden.foundation.redaction import mask_digits

REJECTED_SCHEMA = pa.schema([("file", pa.string()), ("row", pa.int64()), ("reason", pa.string()), ("raw", pa.string())])


@dataclass(frozen=True, slots=True)
class Rejected:
    """One refused input row."""

    file: str
    """Path inside the record folder."""
    row: int | None
    """Record number counting a header as 1 in CSV, zero-based index in Parquet, frame number in a capture."""
    reason: str
    """`column: why`, for people."""
    raw: str
    """The row as it came."""

    def masked(self) -> dict[str, object]:
        """Return it as a row of `rejected.parquet`, identifiers masked and not longer than a page."""
        return {"file": self.file, "row": self.row, "reason": self.reason, "raw": mask_digits(self.raw)[:2000]}
