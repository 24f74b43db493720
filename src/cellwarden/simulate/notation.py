"""Cell numbers as different systems write them: in hex, zero-padded, plain, or as eNB id and cell (fault F12)."""

from __future__ import annotations

from functools import cache

import pyarrow as pa

_CELLS = ("cell", "new_cell")
"""Columns of cell numbers."""


@cache
def spelled(cell: int, *, is_home: bool) -> str:
    """Return a number in the notation of the system that knows the cell: the same in every table.

    A home cell's number is never in two parts: all its bits name the Home eNB (TS 36.413, ENB-ID).
    """
    ways = [f"0x{cell:07x}", f"{cell:010d}", f"{cell}"] + ([] if is_home else [f"{cell >> 8}-{cell & 255}"])
    return ways[(cell >> 8 ^ cell) % len(ways)]


def in_other_words(table: pa.Table) -> pa.Table:
    """Return the table with its cell numbers as text; without a `cell_type` they are taken for macro cells'."""
    kinds = table.column("cell_type").to_pylist() if "cell_type" in table.column_names else [None] * table.num_rows
    for name in _CELLS:
        if name in table.column_names:
            cells = table.column(name).to_pylist()
            text = [
                None if cell is None else spelled(cell, is_home=kind == "home") for cell, kind in zip(cells, kinds, strict=True)
            ]
            table = table.set_column(table.column_names.index(name), name, pa.array(text, pa.string()))
    return table
