"""Where home cells were every ten minutes, from the neighbours of their visitors: what every question about places reads.

`SIGHTING` is the median place, good to about half the distance of masts, and enough to see a cell move; `SURROUNDING` and `BORDER` keep
what is needed to place an accused cell better: which placed cells its visitors were on, and towards whom each of these looks.
"""

from __future__ import annotations

import pyarrow as pa

from cellwarden.detect.preparation import PLACE, Preparation
from cellwarden.detect.trace import TRACE
from cellwarden.engines.port import Script

SIGHTING = Preparation(
    name="sighting_all",
    row="cell and ten minutes: the median place of its visitors' neighbours",
    script=Script.beside(__file__, "sighting.sql"),
    schema=pa.schema(
        [
            *PLACE,
            ("hour_at", pa.timestamp("us")),
            ("tenth", pa.int64()),
            ("lat", pa.float64()),
            ("lon", pa.float64()),
            ("lat_spread", pa.float64()),
            ("lon_spread", pa.float64()),
            ("visitors", pa.int64()),
        ]
    ),
    after=(TRACE,),
)
SURROUNDING = Preparation(
    name="surrounding_all",
    row="visitor's step between a home cell and a placed cell",
    script=Script.beside(__file__, "surrounding.sql"),
    schema=pa.schema(
        [
            *PLACE,
            ("at", pa.timestamp("us")),
            ("imsi", pa.int64()),
            ("near_cell", pa.int64()),
            ("lat", pa.float64()),
            ("lon", pa.float64()),
        ]
    ),
    after=(SIGHTING,),
)
BORDER = Preparation(
    name="border_all",
    row="placed cell and other place: how often phones crossed between them within ten minutes",
    script=Script.beside(__file__, "border.sql"),
    schema=pa.schema(
        [
            ("cell", pa.int64()),
            ("lat", pa.float64()),
            ("lon", pa.float64()),
            ("other_lat", pa.float64()),
            ("other_lon", pa.float64()),
            ("crossings", pa.int64()),
        ]
    ),
    after=(SIGHTING,),
)
