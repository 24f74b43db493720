"""Read cell numbers: decimal, hex, or eNB id and cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cellwarden.ingest.verdict import Verdict, mask_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cellwarden.ingest.verdict import Mask

NEGATIVE, TOO_WIDE = "negative", "more than 36 bits"
BITS = 36
"""An NR Cell Identity (TS 38.413, 9.3.1.7)."""
LTE_BITS = 28
"""An E-UTRAN Cell Identity (TS 36.413, 9.2.1.38)."""
_NOT = {
    "auto": "not a cell number",
    "decimal": "not a decimal cell number",
    "hex": "not a hex cell number",
    "enb-cell": "not an eNB id and a cell",
}


def parse_cells(text: pa.Array, notation: str = "auto") -> tuple[NDArray[np.int64], Verdict, Mask]:
    """Read a column of cell numbers from text.

    Args:
        text: Strings; nulls never fail.
        notation: `decimal` (`19753073`), `hex` (`0x12d6871`, or without `0x`), `enb-cell` (`77158-113`), or `auto`:
            any of them, hex with `0x` only.

    Returns:
        Cell numbers (0 where null or failed), what failed, and which rows name an eNB and so a macro cell.
    """
    cells = _Cells(text)
    if notation in ("auto", "decimal"):
        cells.read(mask_of(pc.ascii_is_decimal(text)), _decimal)
    if notation in ("auto", "hex") and cells.is_open.any():
        pattern = "^0[xX][0-9a-fA-F]+$" if notation == "auto" else "^(0[xX])?[0-9a-fA-F]+$"
        cells.read(mask_of(pc.match_substring_regex(text, pattern)), _hex)
    is_macro = np.zeros(len(text), np.bool_)
    if notation in ("auto", "enb-cell") and cells.is_open.any():
        is_macro = cells.is_open & mask_of(pc.match_substring_regex(text, "^[0-9]+-[0-9]+$"))
        cells.read(is_macro.copy(), _enb_cell)
    if cells.is_open.any():
        cells.verdict.fail(cells.is_open & mask_of(pc.match_substring_regex(text, "^-[0-9]+$")), NEGATIVE)
        cells.verdict.fail(cells.is_open, _NOT[notation])
    return cells.values, cells.verdict, is_macro


def bounded(values: NDArray[np.int64], verdict: Verdict) -> None:
    """Fail what cannot be a cell of any technology."""
    verdict.fail(values < 0, NEGATIVE)
    verdict.fail(values >= 1 << BITS, TOO_WIDE)


class _Cells:
    """The state of reading one column."""

    def __init__(self, text: pa.Array) -> None:
        self.text, self.verdict = text, Verdict(len(text))
        self.values = np.zeros(len(text), np.int64)
        self.is_open = np.array(text.is_valid().to_numpy(zero_copy_only=False), np.bool_)
        """Rows still to be read."""

    def read(self, chosen: Mask, read: _Reader) -> None:
        """Read those of the chosen rows that are open, in one notation."""
        chosen &= self.is_open
        if not chosen.any():
            return
        numbers, ours = read(self.text if chosen.all() else self.text.filter(pa.array(chosen)))
        bounded(numbers, ours)
        rows = np.flatnonzero(chosen)
        self.verdict.fail_at(rows, ours)
        self.values[rows] = numbers if ours.failed is None else np.where(ours.failed, 0, numbers)
        self.is_open[rows] = False


def _decimal(text: pa.Array) -> tuple[NDArray[np.int64], Verdict]:
    return _number(text, 10, "")


def _hex(text: pa.Array) -> tuple[NDArray[np.int64], Verdict]:
    return _number(pc.replace_substring_regex(text, "^0[xX]", ""), 16, "0x")


def _enb_cell(text: pa.Array) -> tuple[NDArray[np.int64], Verdict]:
    parts = pc.list_flatten(pc.split_pattern(text, "-"))
    numbers, verdict = _number(parts, 10, "")
    failed = verdict.failed
    enb, cell = numbers[0::2], numbers[1::2]
    ours = Verdict(len(text))
    too_long = np.zeros(len(text), np.bool_) if failed is None else failed[0::2] | failed[1::2]
    ours.fail((enb >= 1 << 20) | too_long, "eNB id of more than 20 bits")
    ours.fail(cell >= 1 << 8, "cell of more than 8 bits")
    return np.where(ours.codes > 0, 0, (enb << 8) + cell), ours


def _number(digits: pa.Array, base: int, prefix: str) -> tuple[NDArray[np.int64], Verdict]:
    """Read unsigned numbers of at most 60 bits; longer ones fail."""
    verdict = Verdict(len(digits))
    longest = 15 if base == 16 else 18
    if (pc.max(pc.binary_length(digits)).as_py() or 0) > longest:
        digits = pc.utf8_ltrim(digits, "0")
        too_long = mask_of(pc.greater(pc.binary_length(digits), longest))
        verdict.fail(too_long, TOO_WIDE)
        digits = pc.if_else(pa.array(too_long | mask_of(pc.equal(digits, ""))), "0", digits)
    if prefix:
        digits = pc.binary_join_element_wise(prefix, digits, "")
    return np.asarray(pc.cast(digits, pa.int64()).to_numpy(), np.int64), verdict


if TYPE_CHECKING:
    from collections.abc import Callable

    _Reader = Callable[[pa.Array], tuple[NDArray[np.int64], Verdict]]
