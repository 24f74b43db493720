"""Home cells that seem to be in two places within the same ten minutes, or between whose neighbours a visitor would have had to fly."""

from __future__ import annotations

import pyarrow as pa

from cellwarden.detect.place.sighting import SIGHTING
from cellwarden.detect.preparation import PLACE, Preparation
from cellwarden.engines.port import Script

FAR_M = 5000
"""Metres between two neighbours of one cell that no reach of masts explains in a town; the fleet says how often it happens."""
DRIVE_M_S = 25
"""Metres a second: 90 km/h, more than the metro and roads of a town allow on average."""
FASTEST_M_S = 85
"""Metres a second: 306 km/h, the fastest trains in service of the country; nothing on a road comes near."""

LEAP = Preparation(
    name="leap_all",
    row="home cell and ten minutes in which visitors were far apart, or one of them too fast",
    script=Script.beside(__file__, "leap.sql"),
    schema=pa.schema(
        [
            *PLACE,
            ("first_at", pa.timestamp("us")),
            ("last_at", pa.timestamp("us")),
            ("apart", pa.int64()),
            ("flights", pa.int64()),
            ("metres", pa.float64()),
        ]
    ),
    after=(SIGHTING,),
    values={"far_m": FAR_M, "drive_m_s": DRIVE_M_S, "fastest_m_s": FASTEST_M_S},
)
