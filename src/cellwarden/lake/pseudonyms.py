"""Pseudonyms: 64-bit keyed BLAKE2b (RFC 7693), the same for the same key, and of no use without it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cellwarden.lake.key import LakeKey

_MEMORY = 4_000_000
"""Identifiers whose pseudonym is kept at hand, about 100 bytes each; the others are computed again."""


class Pseudonyms:
    """Maps identifiers of one kind to pseudonyms.

    Kinds are kept apart by BLAKE2b's personalisation: the IMEI with the digits of an IMSI has another pseudonym.
    """

    def __init__(self, key: LakeKey, kind: str) -> None:
        self._key = key.derived("pseudonyms")
        self._kind = kind.encode()
        self._known = pa.array([], pa.string())
        self._pseudonyms = np.empty(0, np.int64)

    def of(self, identifier: str) -> int:
        """Return the pseudonym, a signed 64-bit integer."""
        digest = hashlib.blake2b(identifier.encode(), digest_size=8, key=self._key, person=self._kind).digest()
        return int.from_bytes(digest, "big", signed=True)

    def of_all(self, identifiers: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, list[tuple[int, str]]]:
        """Map a column; each identifier is computed once a run, so that a column costs a look-up.

        Returns:
            The pseudonyms (int64, null where null), and the (pseudonym, identifier) not met before, for the directory.
        """
        encoded = identifiers.dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        distinct = encoded.dictionary
        places = pc.index_in(distinct, value_set=self._known)
        fresh = distinct.filter(pc.is_null(places))
        computed = np.fromiter((self.of(each) for each in fresh.to_pylist()), np.int64, len(fresh))
        values = np.empty(len(distinct), np.int64)
        is_fresh = pc.is_null(places).to_numpy(zero_copy_only=False)
        values[is_fresh] = computed
        values[~is_fresh] = self._pseudonyms[places.drop_null().to_numpy()]
        if len(self._known) + len(fresh) <= _MEMORY:
            self._known = pa.concat_arrays([self._known, fresh])
            self._pseudonyms = np.concatenate([self._pseudonyms, computed])
        return pc.take(pa.array(values), encoded.indices), list(zip(computed.tolist(), fresh.to_pylist(), strict=True))


def in_hex(pseudonym: int) -> str:
    """Write a pseudonym as text of 16 hex digits.

    >>> in_hex(-1)
    'ffffffffffffffff'
    """
    return f"{pseudonym & 0xFFFF_FFFF_FFFF_FFFF:016x}"


def from_hex(text: str) -> int:
    """Read a pseudonym that `in_hex` wrote."""
    value = int(text, 16)
    return value - (1 << 64) if value >> 63 else value


def column_in_hex(pseudonyms: Iterable[int | None]) -> pa.Array:
    """Write a column of pseudonyms as text."""
    return pa.array([None if each is None else in_hex(each) for each in pseudonyms], pa.string())
