"""Roll-ups of `access`, made as a day arrives: the big table is touched once.

`touch` answers who touched which cell, `cell_day` which cells lived, `core_hour` what each core went through.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from cellwarden.engines.port import Script

_TEXT, _NUMBER, _AT = pa.string(), pa.int64(), pa.timestamp("us")
_CELL = [("plmn", _TEXT), ("rat", _TEXT), ("cell_type", _TEXT), ("cell", _NUMBER), ("source", _TEXT), ("tac", _NUMBER)]
_COUNTS = [
    ("events", _NUMBER),
    ("openings", _NUMBER),
    ("identified", _NUMBER),
    ("unknown_identity", _NUMBER),
    ("attaches", _NUMBER),
    ("rejects", _NUMBER),
    ("null_ciphering", _NUMBER),
    ("unknown_ciphering", _NUMBER),
    ("unprotected_ims", _NUMBER),
]


@dataclass(frozen=True, slots=True)
class Rollup:
    """One table that is computed from one day of `access`."""

    name: str
    schema: pa.Schema
    query: str
    """Script beside this module; it reads `access_day`."""

    def script(self) -> Script:
        """Return its query."""
        return Script.beside(__file__, self.query)


TOUCH = Rollup(
    "touch",
    pa.schema([*_CELL, ("imsi", _NUMBER), ("first_at", _AT), ("last_at", _AT), *_COUNTS]),
    "touch.sql",
)
CELL_DAY = Rollup(
    "cell_day",
    pa.schema([*_CELL, ("first_at", _AT), ("last_at", _AT), ("subscribers", _NUMBER), *_COUNTS]),
    "cell_day.sql",
)
CORE_HOUR = Rollup(
    "core_hour",
    pa.schema([("core", _TEXT), ("hour_at", _AT), ("openings", _NUMBER), ("identified", _NUMBER), ("cells", _NUMBER)]),
    "core_hour.sql",
)
ROLLUPS = (TOUCH, CELL_DAY, CORE_HOUR)
