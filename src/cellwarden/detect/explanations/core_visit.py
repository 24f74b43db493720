"""Through which core a home cell was seen in which hour: rows of a slipped clock come through the slipped core alone."""

from __future__ import annotations

import pyarrow as pa

from cellwarden.detect.preparation import PLACE, Preparation
from cellwarden.engines.port import Script

CORE_VISIT = Preparation(
    name="core_visit_all",
    row="an hour of a home cell through a core",
    script=Script.beside(__file__, "core_visit.sql"),
    schema=pa.schema(
        [
            *PLACE,
            ("core", pa.string()),
            ("hour_at", pa.timestamp("us")),
            ("first_at", pa.timestamp("us")),
            ("last_at", pa.timestamp("us")),
        ]
    ),
)
