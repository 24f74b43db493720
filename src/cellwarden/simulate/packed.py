"""Access rows in sixteen bytes each: codes packed in one word, and how they are put in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from cellwarden.records import vocabulary as v
from cellwarden.simulate.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Narrow = npt.NDArray[np.uint32]
_Columns: TypeAlias = tuple[Narrow, Narrow, Narrow, Narrow]

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
CUT = 1 << 25
"""The identifier was cut short on its way (fault F9)."""
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
    "cut": (25, 1),
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

    def put(self, first: int, rows: Packed) -> None:
        """Overwrite the rows from there on."""
        last = first + len(rows)
        self.at[first:last], self.who[first:last] = rows.at, rows.who
        self.station[first:last], self.code[first:last] = rows.station, rows.code

    def field(self, name: str) -> npt.NDArray[np.uint8]:
        """Return the codes of one field."""
        first, bits = FIELDS[name]
        return ((self.code >> np.uint32(first)) & np.uint32((1 << bits) - 1)).astype(np.uint8)

    def by_hour(self) -> list[Packed]:
        """Return the rows of each of the 24 hours, in the order in which they are here."""
        sorted_rows = Packed.room(len(self.at))
        cuts = _part(
            (self.at, self.who, self.station, self.code),
            (sorted_rows.at, sorted_rows.who, sorted_rows.station, sorted_rows.code),
        )
        return [sorted_rows.cut(int(cuts[hour]), int(cuts[hour + 1])) for hour in range(24)]

    def in_time_order(self) -> Packed:
        """Return rows of one hour by time, then subscriber, station and code: the order in which they came does not matter."""
        ordered = Packed.room(len(self.at))
        _sort((self.at, self.who, self.station, self.code), (ordered.at, ordered.who, ordered.station, ordered.code))
        return ordered

    def __len__(self) -> int:
        return len(self.at)


class Day:
    """The rows of a day as they gather, each hour in one piece: many small ones would leave holes in the memory."""

    def __init__(self, parts: int = 1) -> None:
        """Begin without rows; `parts` like the first are expected, so that there is room for them at once."""
        self._room = [Packed.room(0) for _ in range(24)]
        self._count = [0] * 24
        self._parts = parts

    def add(self, hours: Sequence[Packed]) -> None:
        """Take the rows of each of the 24 hours."""
        for hour, rows in enumerate(hours):
            first, last = self._count[hour], self._count[hour] + len(rows)
            if last > len(self._room[hour]):
                grown = Packed.room(2 * last if first else int(1.15 * self._parts * last))
                grown.put(0, self._room[hour].cut(0, first))
                self._room[hour] = grown
            self._room[hour].put(first, rows)
            self._count[hour] = last

    def in_time_order(self) -> Iterator[Packed]:
        """Yield each hour in time order and let go of it, since a day may fill the memory."""
        for hour, count in enumerate(self._count):
            rows = self._room[hour].cut(0, count).in_time_order()
            self._room[hour], self._count[hour] = Packed.room(0), 0
            yield rows
            del rows


@compiled
def _part(rows: _Columns, parted: _Columns) -> npt.NDArray[np.int64]:
    """Copy the rows hour by hour and return where each hour begins, and the end."""
    at = rows[0]
    cuts, place = np.zeros(25, dtype=np.int64), np.zeros(24, dtype=np.int64)
    hour_ms = np.uint32(3_600_000)
    for row in range(len(at)):
        cuts[at[row] // hour_ms + 1] += 1
    for hour in range(24):
        cuts[hour + 1] += cuts[hour]
        place[hour] = cuts[hour]
    for row in range(len(at)):
        hour = at[row] // hour_ms
        spot = place[hour]
        parted[0][spot], parted[1][spot] = at[row], rows[1][row]
        parted[2][spot], parted[3][spot] = rows[2][row], rows[3][row]
        place[hour] = spot + 1
    return cuts


@compiled
def _sort(rows: _Columns, ordered: _Columns) -> None:
    """Sort by time within the hour in two passes of eleven bits, then put the few ties in order."""
    at, who, station, code = rows
    count = len(at)
    keys, spare = np.empty(count, dtype=np.uint64), np.empty(count, dtype=np.uint64)
    hour_ms = np.uint32(3_600_000)
    for row in range(count):
        keys[row] = (np.uint64(at[row] % hour_ms) << np.uint64(32)) | np.uint64(row)
    for turn in range(2):
        shift = np.uint64(32 + 11 * turn)
        place = np.zeros(2049, dtype=np.int64)
        for row in range(count):
            place[int((keys[row] >> shift) & np.uint64(2047)) + 1] += 1
        for bucket in range(2048):
            place[bucket + 1] += place[bucket]
        for row in range(count):
            bucket = int((keys[row] >> shift) & np.uint64(2047))
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
def _later(rows: _Columns, first: int, second: int) -> bool:
    if rows[1][first] != rows[1][second]:
        return bool(rows[1][first] > rows[1][second])
    if rows[2][first] != rows[2][second]:
        return bool(rows[2][first] > rows[2][second])
    return bool(rows[3][first] > rows[3][second])
