"""One access row under construction in the inner loops: what is not given is drawn, and all is packed in one word."""

# ruff: noqa: PLR0917 -- inner loops: numba wants plain arguments, and a split would cost speed

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cellwarden.simulate.compiled import compiled
from cellwarden.simulate.packed import (
    ABORT,
    ATTACH,
    GUTI,
    IMS_REGISTER,
    IMSI,
    NULL_RESULT,
    OK,
    RELEASE,
    UNKNOWN,
)

if TYPE_CHECKING:
    from cellwarden.simulate.packed import Narrow

DAY = 86_400.0
_SHIFT_IDENTITY, _SHIFT_RESULT, _SHIFT_CAUSE, _SHIFT_CIPHERING, _SHIFT_INTEGRITY, _SHIFT_IMS = 4, 7, 9, 17, 19, 21
_SHIFT_IMEI, _SHIFT_NAMELESS = 23, 24
_NO_ALGORITHM = 3


class Out(NamedTuple):
    """Where rows go; `who` is one number for all of a subscriber's rows."""

    at: Narrow
    """Milliseconds of the local day."""
    who: Narrow
    station: Narrow
    code: Narrow


@compiled
def dress(bits: np.uint64, procedure: int, identity: int, result: int, cause: int, clear: int, ims: int) -> int:
    """Pack one row; what is not given is drawn from `bits`, the same way for honest rows and others.

    Result 98.4 % ok, 0.7 % abort; algorithms not logged in 16 %; null ciphering in 4 of 10,000; 0.4 % of attaches and releases
    without subscriber; device known in 45 %: assumptions.
    """
    first, second = int(bits & np.uint64(0x3FFF)), int((bits >> np.uint64(14)) & np.uint64(0x3FFF))
    third, fourth = int((bits >> np.uint64(28)) & np.uint64(0x3FFF)), int((bits >> np.uint64(42)) & np.uint64(0x3FFF))
    if result < 0:
        result = OK if first < 16122 else ABORT if first < 16237 else NULL_RESULT
    if identity == GUTI and second < 33:
        identity = UNKNOWN
    ciphering = integrity = _NO_ALGORITHM
    if third >= 2621:
        ciphering = 0 if clear else 2 if third < 15828 else 1 if third < 16378 else 0
        integrity = 1 if fourth < 655 else 2
    nameless = (procedure in (ATTACH, RELEASE)) and second > 16318 and identity != IMSI
    device = fourth % 100 < 45 and not nameless
    if procedure != IMS_REGISTER:
        ims = 3
    elif ims < 0:
        spread = int(bits >> np.uint64(56))
        ims = 0 if spread < 238 else 1 if spread < 240 else 2 if spread < 241 else 3
    return (
        procedure
        | identity << _SHIFT_IDENTITY
        | result << _SHIFT_RESULT
        | cause << _SHIFT_CAUSE
        | ciphering << _SHIFT_CIPHERING
        | integrity << _SHIFT_INTEGRITY
        | ims << _SHIFT_IMS
        | int(device) << _SHIFT_IMEI
        | int(nameless) << _SHIFT_NAMELESS
    )


@compiled
def put(out: Out, count: int, at: float, who: int, station: int, code: int) -> int:
    """Write one row if it falls in the day, and return how many there are now; `at` is in seconds of the day."""
    if at < 0.0 or at >= DAY:
        return count
    out.at[count], out.who[count], out.station[count], out.code[count] = int(at * 1000.0), who, station, code
    return count + 1
