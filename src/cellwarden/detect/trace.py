"""A day of access rows in numbers: what every preparation about ways and procedures reads instead of the wide rows."""

from __future__ import annotations

from cellwarden.detect.preparation import Preparation
from cellwarden.engines.port import Script

TRACE = Preparation(
    name="trace_day",
    row="access row: place, subscriber, time; its few telling rows beside",
    script=Script.beside(__file__, "trace.sql"),
)
"""Steps only: `trace` and `telling`."""
