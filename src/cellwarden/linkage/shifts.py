"""The null model of links: the same exposures, whole days earlier and later, meet things by chance alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine

SHIFTS = (-7, -6, -5, -4, -3, -2, 2, 3, 4, 5, 6, 7)
"""Days by which exposures are moved; neighbours of the same night are left out."""


def put_shifts(engine: Engine) -> None:
    """Hand in the shifts, with 0 for what was really found."""
    engine.put("shift", pa.table({"days": pa.array((0, *SHIFTS), pa.int64())}))


def expected_by_chance(rows: list[dict[str, Any]], *names: str) -> float:
    """Return the mean number of distinct subjects a shift met; `days` says which shift a row is of."""
    met = {(row["days"], *(row[name] for name in names)) for row in rows if row["days"] != 0}
    return len(met) / len(SHIFTS)
