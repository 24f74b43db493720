"""Access rows under construction: columns of codes, times in seconds since the first local midnight."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cellwarden.records import vocabulary as v

if TYPE_CHECKING:
    from cellwarden.simulate.randomness import Reals, Truths, Whole

PROCEDURE = {name: code for code, name in enumerate(v.PROCEDURES)}
IDENTITY = {name: code for code, name in enumerate(v.IDENTITIES)}
RESULT = {name: code for code, name in enumerate(v.RESULTS)}
PROTECTION = {name: code for code, name in enumerate(v.IMS_PROTECTIONS)}
OPEN = -9
"""A code that is drawn later, the same way for every row."""
NULL = -1
"""A code that ends as null."""

SENT = np.array(
    [
        IDENTITY["none" if name in ("handover_in", "handover_out", "release", "ims_register") else "guti"]
        for name in v.PROCEDURES
    ],
    dtype=np.int64,
)
"""The identity that each procedure shows as a rule (TS 24.301: GUTI where the phone holds one)."""


@dataclass(slots=True)
class Rows:
    """Columns of equal length; any order."""

    at: Reals
    who: Whole
    station: Whole
    procedure: Whole
    identity: Whole
    result: Whole
    cause: Whole
    ciphering: Whole
    ims: Whole

    @classmethod
    def of(
        cls,
        at: Reals,
        who: Whole,
        station: npt.ArrayLike,
        procedure: npt.ArrayLike,
        *,
        identity: npt.ArrayLike = OPEN,
        result: npt.ArrayLike = OPEN,
        cause: npt.ArrayLike = NULL,
        ciphering: npt.ArrayLike = OPEN,
        ims: npt.ArrayLike = OPEN,
    ) -> Rows:
        """Make rows; single codes are repeated."""

        def column(codes: npt.ArrayLike) -> Whole:
            return np.broadcast_to(np.asarray(codes, dtype=np.int64), at.shape).copy()

        return cls(at, who, *(column(codes) for codes in (station, procedure, identity, result, cause, ciphering, ims)))

    @classmethod
    def joined(cls, parts: list[Rows]) -> Rows:
        """Return all rows in one."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))

    def where(self, chosen: Truths | Whole) -> Rows:
        """Return some of the rows, by mask or by index."""
        return Rows(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.at)


@dataclass(slots=True)
class Stays:
    """Spells that subscribers spend at a given station, whatever their ordinary day says."""

    who: Whole
    from_at: Reals
    to_at: Reals
    station: Whole

    @classmethod
    def joined(cls, parts: list[Stays]) -> Stays:
        """Return all spells in one, by subscriber and time."""
        stays = cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))
        order = np.lexsort((stays.from_at, stays.who))
        return cls(*(getattr(stays, field.name)[order] for field in fields(cls)))

    def find(self, who: Whole, at: Reals, *, margin_s: float = 0.0) -> Whole:
        """Return the index of the spell in which each instant lies, -1 for none; spells are sorted and do not overlap."""
        if not len(self.who):
            return np.full(len(who), -1, dtype=np.int64)
        span = 1e8
        index = np.searchsorted(self.who * span + self.from_at - margin_s, who * span + at, side="right") - 1
        index = index.clip(0)
        inside = (self.who[index] == who) & (at >= self.from_at[index] - margin_s) & (at <= self.to_at[index] + margin_s)
        return np.asarray(np.where(inside, index, -1))
