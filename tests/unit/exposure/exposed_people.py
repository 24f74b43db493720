"""An accused episode of made-up rows, taken through the spells and the census."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from made_up_records import FOREVER, HOME, PLMN, at, touch

from cellwarden.detect.examination import HANDS, SPELL
from cellwarden.exposure.census import CENSUS, Exposure, graded

if TYPE_CHECKING:
    from datetime import datetime

    from made_up_records import Room

START = at("05 10:00")
_KEY = [("plmn", pa.string()), ("rat", pa.string()), ("cell_type", pa.string()), ("cell", pa.int64())]
_AT = pa.timestamp("us")


@dataclass(frozen=True)
class Accused:
    """Which hand of which cell is accused, from when to when."""

    cell: int = HOME
    rat: str = "lte"
    cell_type: str = "home"
    hand: str = "inner 10.0.0.1"
    unit: str = "unit-1"
    from_at: datetime = START
    to_at: datetime = START + timedelta(days=5)

    def row(self, *names: str) -> dict[str, Any]:
        return {"plmn": PLMN, **{name: getattr(self, name) for name in ("rat", "cell_type", "cell", *names)}}


def census(
    room: Room, access: list[dict[str, Any]], *accused: Accused, until: datetime = FOREVER, **tables: Any
) -> list[Exposure]:
    """Return the graded census of accused episodes, in order of subscriber and time."""
    room.fill(access=access, **tables)
    room.base()
    accused = accused or (Accused(),)
    room.engine.put("candidate", pa.Table.from_pylist([each.row() for each in accused], pa.schema(_KEY)))
    members = [each.row("hand", "unit") for each in accused]
    room.engine.put("member", pa.Table.from_pylist(members, pa.schema([*_KEY, ("hand", pa.string()), ("unit", pa.string())])))
    room.engine.run(HANDS)
    room.engine.run(SPELL, until=until)
    spans = [each.row("unit", "from_at", "to_at") for each in accused]
    room.engine.put(
        "accused", pa.Table.from_pylist(spans, pa.schema([*_KEY, ("unit", pa.string()), ("from_at", _AT), ("to_at", _AT)]))
    )
    return [graded(row, has_usage=room.holdings.has("usage")) for row in room.engine.run(CENSUS, until=until).to_pylist()]


def seen(imsi: int | None = 1, after: float = 0, **more: Any) -> dict[str, Any]:
    """Return an access row at the accused cell, so many minutes after the start, with known protection."""
    return touch(HOME, imsi, START + timedelta(minutes=after), **{"ciphering": 2, **more})
