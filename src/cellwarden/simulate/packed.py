"""Access rows in sixteen bytes each: codes packed in one word, and how they are put in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cellwarden.records import vocabulary as v
from cellwarden.simulate.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

Narrow = npt.NDArray[np.uint32]

(
    ATTACH,
    TAU,
    PERIODIC_TAU,
    SERVICE_REQUEST,
    HANDOVER_IN,
    HANDOVER_OUT,
    IDENTITY_PROCEDURE,
    DETACH,
    RELEASE,
    PAGING_RESPONSE,
    IMS_REGISTER,
) = range(len(v.PROCEDURES))
"""As in the vocabulary."""
IMSI, IMEI, SUCI, SUCI_NULL, GUTI, NONE, UNKNOWN = range(len(v.IDENTITIES))
OK, REJECT, ABORT = range(len(v.RESULTS))
NULL_RESULT = 3
NAMELESS = 1 << 24
"""The core never learnt the subscriber."""
NO_CAUSE, NO_CODE = 255, 3
FIELDS = {
    "procedure": (0, 4),
    "identity": (4, 3),
    "result": (7, 2),
    "cause": (9, 8),
    "ciphering": (17, 2),
    "integrity": (19, 2),
    "ims": (21, 2),
    "imei": (23, 1),
    "nameless": (24, 1),
}
"""First bit and number of bits; the highest code of `result`, `cause`, `ciphering`, `integrity` and `ims` means null."""
HOUR_MS = 3_600_000


@dataclass(slots=True)
class Packed:
    """Columns of equal length."""

    at: Narrow
    """Milliseconds of the local day."""
    who: Narrow
    station: Narrow
    code: Narrow

    @classmethod
    def room(cls, count: int) -> Packed:
        """Return rows to be filled in."""
        return cls(*(np.empty(count, dtype=np.uint32) for _ in range(4)))

    @classmethod
    def joined(cls, parts: Sequence[Packed]) -> Packed:
        """Return all rows in one."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def cut(self, first: int, last: int) -> Packed:
        """Return a span of the rows, without copying."""
        return Packed(self.at[first:last], self.who[first:last], self.station[first:last], self.code[first:last])

    def field(self, name: str) -> npt.NDArray[np.uint8]:
        """Return the codes of one field."""
        first, bits = FIELDS[name]
        return ((self.code >> np.uint32(first)) & np.uint32((1 << bits) - 1)).astype(np.uint8)

    def in_time_order(self) -> Packed:
        """Return the rows by time, then subscriber, then code: the order in which they came does not matter."""
        ordered = Packed.room(len(self.at))
        _sort((self.at, self.who, self.station, self.code), (ordered.at, ordered.who, ordered.station, ordered.code))
        return ordered

    def __len__(self) -> int:
        return len(self.at)


@compiled
def _sort(rows: tuple[Narrow, Narrow, Narrow, Narrow], ordered: tuple[Narrow, Narrow, Narrow, Narrow]) -> None:
    """Sort by time in three passes of nine bits, then put the few ties in order."""
    at, who, station, code = rows
    count = len(at)
    keys, spare = np.empty(count, dtype=np.uint64), np.empty(count, dtype=np.uint64)
    for row in range(count):
        keys[row] = (np.uint64(at[row]) << np.uint64(32)) | np.uint64(row)
    for turn in range(3):
        shift = np.uint64(32 + 9 * turn)
        place = np.zeros(513, dtype=np.int64)
        for row in range(count):
            place[int((keys[row] >> shift) & np.uint64(511)) + 1] += 1
        for bucket in range(512):
            place[bucket + 1] += place[bucket]
        for row in range(count):
            bucket = int((keys[row] >> shift) & np.uint64(511))
            spare[place[bucket]] = keys[row]
            place[bucket] += 1
        keys, spare = spare, keys
    for row in range(count):
        source = int(keys[row] & np.uint64(0xFFFFFFFF))
        ordered[0][row], ordered[1][row] = at[source], who[source]
        ordered[2][row], ordered[3][row] = station[source], code[source]
    for row in range(1, count):
        spot = row
        while spot > 0 and ordered[0][spot] == ordered[0][spot - 1] and _later(ordered, spot - 1, spot):
            for column in range(4):
                one = ordered[column][spot]
                ordered[column][spot] = ordered[column][spot - 1]
                ordered[column][spot - 1] = one
            spot -= 1


@compiled
def _later(rows: tuple[Narrow, Narrow, Narrow, Narrow], first: int, second: int) -> bool:
    if rows[1][first] != rows[1][second]:
        return bool(rows[1][first] > rows[1][second])
    if rows[2][first] != rows[2][second]:
        return bool(rows[2][first] > rows[2][second])
    return bool(rows[3][first] > rows[3][second])
