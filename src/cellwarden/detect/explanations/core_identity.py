"""In which hours which core took permanent identities at which cell: what part of a cell's day a restart accounts for."""

from __future__ import annotations

import pyarrow as pa

from cellwarden.detect.preparation import Preparation
from cellwarden.engines.port import Script

CORE_IDENTITY = Preparation(
    name="core_identity_all",
    row="an hour of a cell and a core in which the core took permanent identities there",
    script=Script.beside(__file__, "core_identity.sql"),
    schema=pa.schema(
        [
            ("plmn", pa.string()),
            ("rat", pa.string()),
            ("cell_type", pa.string()),
            ("cell", pa.int64()),
            ("source", pa.string()),
            ("core", pa.string()),
            ("hour_at", pa.timestamp("us")),
            ("identified", pa.int64()),
        ]
    ),
)
