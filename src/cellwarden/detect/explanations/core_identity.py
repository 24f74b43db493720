"""In which hours which core took permanent identities at which cell: what part of a cell's day a restart accounts for."""

from __future__ import annotations

import pyarrow as pa

from cellwarden.detect.preparation import PLACE, Preparation
from cellwarden.detect.trace import TRACE
from cellwarden.engines.port import Script

CORE_IDENTITY = Preparation(
    name="core_identity_all",
    row="an hour of a cell and a core in which the core took permanent identities there",
    script=Script.beside(__file__, "core_identity.sql"),
    schema=pa.schema(
        [
            *PLACE,
            ("core", pa.string()),
            ("hour_at", pa.timestamp("us")),
            ("identified", pa.int64()),
        ]
    ),
    after=(TRACE,),
)
