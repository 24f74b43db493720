"""Where home cells were every ten minutes, from the neighbours of their visitors: what every question about places reads."""

from __future__ import annotations

import pyarrow as pa

from cellwarden.detect.preparation import Preparation
from cellwarden.engines.port import Script

SIGHTING = Preparation(
    name="sighting_all",
    row="cell and ten minutes: the median place of its visitors' neighbours",
    script=Script.beside(__file__, "sighting.sql"),
    schema=pa.schema(
        [
            ("plmn", pa.string()),
            ("rat", pa.string()),
            ("cell_type", pa.string()),
            ("cell", pa.int64()),
            ("source", pa.string()),
            ("hour_at", pa.timestamp("us")),
            ("tenth", pa.int64()),
            ("lat", pa.float64()),
            ("lon", pa.float64()),
            ("lat_spread", pa.float64()),
            ("lon_spread", pa.float64()),
            ("visitors", pa.int64()),
        ]
    ),
)
