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

_MEMORY = 2_000_000
"""Identifiers whose pseudonym is kept at hand; about 300 MB when full."""


class Pseudonyms:
    """Maps identifiers of one kind to pseudonyms.

    Kinds are kept apart by BLAKE2b's personalisation: the IMEI with the digits of an IMSI has another pseudonym.
    """

    def __init__(self, key: LakeKey, kind: str) -> None:
        self._key = key.derived("pseudonyms")
        self._kind = kind.encode()
        self._known: dict[str, int] = {}

    def of(self, identifier: str) -> int:
        """Return the pseudonym, a signed 64-bit integer."""
        known = self._known.get(identifier)
        if known is None:
            digest = hashlib.blake2b(identifier.encode(), digest_size=8, key=self._key, person=self._kind).digest()
            known = int.from_bytes(digest, "big", signed=True)
            if len(self._known) < _MEMORY:
                self._known[identifier] = known
        return known

    def of_all(self, identifiers: pa.Array) -> tuple[pa.Array, list[tuple[int, str]]]:
        """Map a column, each distinct identifier once.

        Returns:
            The pseudonyms (int64, null where null), and the distinct (pseudonym, identifier) for the directory.
        """
        encoded = identifiers.dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        distinct = encoded.dictionary.to_pylist()
        values = np.fromiter((self.of(each) for each in distinct), np.int64, len(distinct))
        return pc.take(pa.array(values), encoded.indices), list(zip(values.tolist(), distinct, strict=True))


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
