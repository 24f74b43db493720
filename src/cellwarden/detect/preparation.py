"""What several detectors read and no one of them owns: a day-wise table, prepared once and shared.

A detector or an explanation names the preparations that it reads (`prepares=(SIGHTING,)`). Each is computed one UTC day of access
at a time and its days are appended: a window over a week of a nation fits no memory, a day of it does. Preparations of one day run
in one sitting, so that one may read the named steps of another (`after=(SIGHTING,)`) without computing them again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from cellwarden.engines.port import Engine, Script, Value

PLACE = (("plmn", pa.string()), ("rat", pa.string()), ("cell_type", pa.string()), ("cell", pa.int64()), ("source", pa.string()))
"""The first columns of most prepared tables: a cell behind one address, as `place` of `base.sql` names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """One table that is made of a day of access rows, for every day."""

    name: str
    """Of the table that its days give together."""
    row: str
    """What one row of it is."""
    script: Script
    """Reads `access_day`, one UTC day, and whatever `base.sql` made; its `-- @result` gives the day's rows."""
    schema: pa.Schema | None = None
    """None: a script of steps alone, for others to read."""
    after: tuple[Preparation, ...] = ()
    """Preparations whose steps of the same day its script reads."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """What its script's `:names` stand for."""


def in_order(preparations: Iterable[Preparation]) -> list[Preparation]:
    """Return each preparation once, those that another reads before it."""
    ordered: dict[str, Preparation] = {}

    def place(preparation: Preparation) -> None:
        for each in preparation.after:
            place(each)
        ordered.setdefault(preparation.name, preparation)

    for preparation in preparations:
        place(preparation)
    return list(ordered.values())


def prepare(
    engine: Engine,
    preparations: Iterable[Preparation],
    *,
    days: Sequence[str],
    read_day: Callable[[str], None],
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Make every preparation's table readable under its name; without days they are empty.

    Args:
        engine: With the steps of `base.sql`.
        preparations: In any order; one named twice is made once.
        days: UTC days of `access`.
        read_day: Makes one of them readable as `access_day`.
        progress: Told each day.
    """
    wanted = in_order(preparations)
    if not wanted:
        return
    for day in days:
        progress(f"prepare {day}")
        read_day(day)
        for each in wanted:
            for name, sql in each.script.steps():
                if name is not None:
                    engine.step(name, sql, **each.values)
                elif each.schema is not None:
                    engine.write(sql, _path(engine, each, day), each.schema, **each.values)
    for each in wanted:
        if each.schema is not None:
            engine.read(each.name, [_path(engine, each, day) for day in days], each.schema)


def _path(engine: Engine, preparation: Preparation, day: str) -> Path:
    return engine.scratch / f"{preparation.name}-{day}.parquet"
