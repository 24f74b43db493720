"""Count rows that are exactly equal, in bounded memory."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cellwarden.ingest.verdict import bytes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

MAX_KEPT = 1 << 25
"""Hashes kept (256 MiB); beyond, every second value is let go and the count becomes an estimate."""
_NULL, _SEED = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_BASE = 0x100000001B3
_LONG = 64
"""Octets from which a text is hashed by itself; identifiers and labels are shorter and go all at once."""


class DuplicateCounter:
    """Counts repetitions by a 64-bit hash a row: two different rows among a billion meet with probability 0.03."""

    def __init__(self, max_kept: int = MAX_KEPT) -> None:
        self._max_kept = max_kept
        self._kept: list[Hashes] = []
        self._count = 0
        self._bits = 0

    @property
    def is_estimate(self) -> bool:
        """Whether there were too many rows to keep all hashes."""
        return self._bits > 0

    def add(self, rows: pa.Table) -> None:
        """Take in some rows."""
        hashes = self._chosen(row_hashes(rows))
        self._kept.append(hashes)
        self._count += len(hashes)
        while self._count > self._max_kept:
            self._bits += 1
            self._kept = [self._chosen(each) for each in self._kept]
            self._count = sum(map(len, self._kept))

    def repeated(self) -> int:
        """Return how many rows repeat an earlier one."""
        if not self._kept:
            return 0
        hashes = np.concatenate(self._kept)
        hashes.sort()
        return int(np.count_nonzero(hashes[1:] == hashes[:-1])) << self._bits

    def _chosen(self, hashes: Hashes) -> Hashes:
        """Return those whose lowest bits are 0: equal rows stay or go together."""
        return hashes if not self._bits else hashes[hashes & np.uint64((1 << self._bits) - 1) == 0]


def row_hashes(rows: pa.Table) -> Hashes:
    """Return one 64-bit number a row; equal rows have equal numbers."""
    total = np.full(rows.num_rows, _SEED, np.uint64)
    for column in rows.columns:
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
        hashes = _text_hashes(array) if pa.types.is_string(array.type) else _number_hashes(array)
        if array.null_count:
            hashes = np.where(array.is_null().to_numpy(zero_copy_only=False), _NULL, hashes)
        total = _mixed(total * np.uint64(3) + hashes)
    return total


def _number_hashes(array: pa.Array) -> Hashes:
    width = array.type.bit_width
    numbers = array.view(pa.int32() if width == 32 else pa.int64()).fill_null(0).to_numpy().astype(np.int64)
    return _mixed(numbers.view(np.uint64))


def _text_hashes(array: pa.Array) -> Hashes:
    """Return a polynomial of the octets of each text; distinct values once where there are few."""
    known = array.dictionary_encode()
    data, bounds = bytes_of(known.dictionary)
    starts, lengths = bounds[:-1].astype(np.int64), np.diff(bounds)
    hashes = _mixed(lengths.astype(np.uint64))
    for place in range(min(int(lengths.max(initial=0)), _LONG)):
        rows = np.flatnonzero(lengths > place) if (lengths <= place).any() else slice(None)
        hashes[rows] = hashes[rows] * np.uint64(_BASE) + data[starts[rows] + place]
    for row in np.flatnonzero(lengths > _LONG).tolist():
        text = data[bounds[row] : bounds[row + 1]].tobytes()
        hashes[row] = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
    hashes = _mixed(hashes)
    if not len(hashes):
        return np.zeros(len(array), np.uint64)
    result: Hashes = hashes[known.indices.fill_null(0).to_numpy()]
    return result


def _mixed(values: Hashes) -> Hashes:
    """Spread every bit over all (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
