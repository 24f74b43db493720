"""Machine code for the inner loops: numba behind one typed decorator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

_Function = TypeVar("_Function", bound="Callable[..., Any]")


def compiled(function: _Function) -> _Function:
    """Compile at the first call and keep the machine code beside the source; the caller's other threads go on meanwhile."""
    return cast("_Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
