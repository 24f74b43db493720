"""What every reader yields: accepted rows and rejections, so that the counts reconcile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from cellwarden.records.rejected import Rejected
    from cellwarden.records.tables import Table


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one input file, in file order; identifiers still in clear."""

    table: Table
    """Which table the accepted rows belong to."""
    accepted: pa.Table
    """Rows of `table.clear_schema`."""
    rejected: list[Rejected]
    faults: dict[str, int] = field(default_factory=dict)
    """Accepted but odd, by kind: `short_imsi`."""

    @property
    def read(self) -> int:
        """Rows read: accepted and rejected, nothing else."""
        return int(self.accepted.num_rows) + len(self.rejected)
