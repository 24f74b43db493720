"""Random numbers by counting: number `index` of a stream is a hash of both, so no draw depends on what was drawn before.

A stream is named by (seed, purpose, subscriber, day). It is SplitMix64 started at the stream's key; item `index` is output
`index` of that generator, reached in one step. Batches and threads may therefore come in any order.

References: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014 (constants of `mix64variant13`).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cellwarden.simulate.compiled import compiled

Narrow: TypeAlias = npt.NDArray[np.uint32]
Reals: TypeAlias = npt.NDArray[np.float64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11, _16 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11), np.uint64(16)
_LOW = np.uint64(0xFFFF)
_UNIT = 2.0**-53
_ROOT3 = 3.0**0.5

DIARY, PLACE, SIGNALLING, ATTRIBUTES = 1, 2, 3, 4
"""Purposes of streams."""


@compiled
def word(key: np.uint64, index: int) -> np.uint64:
    """Return item `index` (from 0) of the stream, 64 bits."""
    z = key + (np.uint64(index) + np.uint64(1)) * _GAMMA
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@compiled
def stream_key(seed: np.uint64, purpose: int, who: int, day: int) -> np.uint64:
    """Return the key of a stream; the four parts are hashed one after the other."""
    key = word(seed, purpose)
    key = word(key ^ np.uint64(who), 1)
    return word(key ^ np.uint64(day), 2)


@compiled
def uniform(key: np.uint64, index: int) -> float:
    """Return item `index` as a number in 0 <= u < 1."""
    return np.float64(word(key, index) >> _11) * _UNIT


@compiled
def normal(key: np.uint64, index: int) -> float:
    """Return item `index` as nearly normal, mean 0, deviation 1, never beyond 3.5: the sum of its four 16-bit parts."""
    z = word(key, index)
    parts = (z & _LOW) + ((z >> _16) & _LOW) + ((z >> (_16 + _16)) & _LOW) + (z >> (_16 + _16 + _16))
    return (np.float64(parts) / 65536.0 - 1.99996948) * _ROOT3


@compiled
def exponential(key: np.uint64, index: int) -> float:
    """Return item `index` as exponential, mean 1."""
    return -float(np.log(1.0 - uniform(key, index)))


@compiled
def _hash_all(key: np.uint64, first: Narrow, second: Narrow, drawn: Reals) -> None:
    for row in range(len(first)):
        drawn[row] = uniform(key ^ (np.uint64(first[row]) << _11), int(second[row]))


def hashes(key: np.uint64, first: Narrow, second: Narrow) -> Reals:
    """Return a number in 0 <= u < 1 for each pair, the same one wherever the pair is met."""
    drawn = np.empty(len(first))
    _hash_all(key, first.astype(np.uint32), second.astype(np.uint32), drawn)
    return drawn
