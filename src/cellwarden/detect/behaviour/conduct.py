"""How a cell deals with the phones on it, day by day: what it makes them say, whom it turns away, what it leaves unprotected."""

from __future__ import annotations

import pyarrow as pa

from cellwarden.detect.preparation import PLACE, Preparation
from cellwarden.detect.trace import TRACE
from cellwarden.engines.port import Script

_COUNTS = ("exposing", "forced", "chained", "responses", "unasked", "registrations")

CONDUCT = Preparation(
    name="conduct_all",
    row="day of a cell behind one address on which somebody was identified, turned away or registered for calls: how many did what",
    script=Script.beside(__file__, "conduct.sql"),
    schema=pa.schema(
        [
            *PLACE,
            ("tac", pa.int64()),
            ("day_at", pa.timestamp("us")),
            *((name, pa.int64()) for name in _COUNTS),
        ]
    ),
    after=(TRACE,),
)
CONDUCT_DAY = Script.beside(__file__, "conduct_day.sql")


def beside(module_file: str, file_name: str) -> Script:
    """Return the script that lies beside a module, with the steps of `conduct_day.sql` before it."""
    own = Script.beside(module_file, file_name)
    return Script(own.name, f"{CONDUCT_DAY.text.rstrip()}\n\n{own.text}")
