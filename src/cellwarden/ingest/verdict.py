"""Which rows of a column cannot be read, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


class Verdict:
    """One reason a row at most: the first that was found stays."""

    __slots__ = ("_codes", "_reasons", "_rows")

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._codes: NDArray[np.uint8] | None = None
        self._reasons: list[str] = []

    @property
    def codes(self) -> NDArray[np.uint8]:
        """A number a row: 0 is readable, others are one more than the index in `reasons`."""
        return np.zeros(self._rows, np.uint8) if self._codes is None else self._codes

    @property
    def reasons(self) -> tuple[str, ...]:
        """The texts behind `codes`, without the column's name."""
        return tuple(self._reasons)

    @property
    def failed(self) -> Mask | None:
        """Which rows cannot be read; None: all can."""
        return None if self._codes is None else self._codes > 0

    def fail(self, rows: Mask, why: str) -> None:
        """Fail these rows, unless they have failed already."""
        if not rows.any():
            return
        if self._codes is None:
            self._codes = np.zeros(self._rows, np.uint8)
        if why not in self._reasons:
            self._reasons.append(why)
        self._codes[rows & (self._codes == 0)] = self._reasons.index(why) + 1

    def fail_at(self, rows: NDArray[np.int64], other: Verdict) -> None:
        """Take over what another verdict says of some of our rows; `rows[i]` is its row i."""
        codes = other.codes
        for number, why in enumerate(other.reasons, start=1):
            mask = np.zeros(self._rows, np.bool_)
            mask[rows[codes == number]] = True
            self.fail(mask, why)

    def taken(self, indices: NDArray[np.int64], is_null: Mask | None) -> Verdict:
        """Return the verdict of a column whose row i is our row `indices[i]`."""
        result = Verdict(len(indices))
        if self._codes is not None and self._rows:
            codes = self._codes[indices]
            if is_null is not None:
                codes[is_null] = 0
            if codes.any():
                result._codes, result._reasons = codes, list(self._reasons)
        return result


def mask_of(flags: Any) -> Mask:
    """Return an Arrow array of booleans as numpy's; null is false."""
    if flags.null_count:
        flags = pc.fill_null(flags, fill_value=False)
    return np.asarray(flags.to_numpy(zero_copy_only=False), np.bool_)


def nulled(values: pa.Array, rows: Mask | None) -> pa.Array:
    """Return the array with these rows null."""
    return values if rows is None else pc.if_else(pa.array(rows), pa.scalar(None, values.type), values)


def bytes_of(text: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return the octets of a string array and its n+1 offsets into them, without copying."""
    _, offsets, data = text.buffers()
    bounds = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1] if offsets else np.zeros(1, np.int32)
    return (np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)), bounds
