"""Merkle trees over the lines of a log: roots, and proofs that a line is in it or that an older log is its beginning.

References: RFC 6962, 2.1; the verifying algorithms are those of RFC 9162, 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the tree hash of entries; of none, the hash of nothing."""
    return _root([leaf_hash(leaf) for leaf in leaves])


def inclusion_proof(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """Return the audit path of the entry at `place` (from 0), nearest sibling first."""
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    return _path([leaf_hash(leaf) for leaf in leaves], place)


def is_included(leaf: bytes, place: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Say whether a proof shows that `leaf` is the entry at `place` of the log of `size` entries with that root."""
    if not 0 <= place < size:
        return False
    node, last, found = place, size - 1, leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = _pair(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = _pair(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == expected


def consistency_proof(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Return the proof that the first `size` entries are the beginning of all; `0 < size <= len(leaves)`."""
    if not 0 < size <= len(leaves):
        raise IndexError(size)
    return _subproof([leaf_hash(leaf) for leaf in leaves], size, is_whole=True)


def is_consistent(older: int, newer: int, proof: Sequence[bytes], older_root: bytes, newer_root: bytes) -> bool:
    """Say whether a proof shows that the log of `older` entries is the beginning of that of `newer`."""
    if older == newer:
        return not proof and older_root == newer_root
    if not 0 < older < newer or not proof:
        return False
    path = list(proof) if older & (older - 1) else [older_root, *proof]
    node, last = older - 1, newer - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = _pair(sibling, first), _pair(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = _pair(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == older_root and second == newer_root


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """Return the largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


def _root(hashes: Sequence[bytes]) -> bytes:
    """Fold level by level: an odd node goes up as it is, which gives the same tree as splitting at powers of two."""
    if not hashes:
        return hashlib.sha256().digest()
    level = list(hashes)
    while len(level) > 1:
        paired = [_pair(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def _path(hashes: Sequence[bytes], place: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    split = _split(len(hashes))
    if place < split:
        return [*_path(hashes[:split], place), _root(hashes[split:])]
    return [*_path(hashes[split:], place - split), _root(hashes[:split])]


def _subproof(hashes: Sequence[bytes], size: int, *, is_whole: bool) -> list[bytes]:
    if size == len(hashes):
        return [] if is_whole else [_root(hashes)]
    split = _split(len(hashes))
    if size <= split:
        return [*_subproof(hashes[:split], size, is_whole=is_whole), _root(hashes[split:])]
    return [*_subproof(hashes[split:], size - split, is_whole=False), _root(hashes[:split])]
