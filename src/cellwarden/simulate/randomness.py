"""Random numbers: one independent stream a purpose, so that a change in one part leaves the others as they were."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

Reals: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]
Truths: TypeAlias = npt.NDArray[np.bool_]

DAY_S = 86_400.0
HOUR_S = 3_600.0


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Return the generator of this purpose: the same seed and purpose give the same numbers, on every machine."""
    key = int.from_bytes(hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=16).digest(), "little")
    return np.random.Generator(np.random.Philox(key=key))


def pick(rng: np.random.Generator, shares: Mapping[int, float], count: int) -> Whole:
    """Draw `count` codes with these shares; the shares need not add up to 1."""
    weights = np.cumsum(np.fromiter(shares.values(), dtype=np.float64))
    codes = np.fromiter(shares.keys(), dtype=np.int64)
    return np.asarray(codes[np.searchsorted(weights / weights[-1], rng.random(count), side="right").clip(0, len(codes) - 1)])


def runs(counts: Whole) -> Whole:
    """Number the items of each run from 0: counts 2, 3 give 0 1 0 1 2."""
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(np.arange(int(counts.sum()), dtype=np.int64) - starts)
