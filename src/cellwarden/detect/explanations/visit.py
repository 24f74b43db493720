"""Who was on a home cell in which hour: what the explanations by habit read (venues, shops, laboratories, households)."""

from __future__ import annotations

import pyarrow as pa

from cellwarden.detect.preparation import PLACE, Preparation
from cellwarden.engines.port import Script

VISIT = Preparation(
    name="visit_all",
    row="an hour of a subscriber on a home cell",
    script=Script.beside(__file__, "visit.sql"),
    schema=pa.schema(
        [
            *PLACE,
            ("imsi", pa.int64()),
            ("hour_at", pa.timestamp("us")),
            ("events", pa.int64()),
            ("openings", pa.int64()),
            ("identified", pa.int64()),
        ]
    ),
)
