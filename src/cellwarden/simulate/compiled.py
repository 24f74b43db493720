"""Machine code for the inner loops: numba behind one typed decorator.

Numba keeps machine code by the text of a function's own file alone, so that a change in a function that it calls would go
unnoticed. Here the folder of kept code is named after all files with compiled functions, and after the vocabulary they use.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

from cellwarden.records import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

_Function = TypeVar("_Function", bound="Callable[..., Any]")


def _digest() -> str:
    """Return a name for the present text of everything that is compiled."""
    files = [Path(vocabulary.__file__), *sorted(Path(__file__).parent.glob("*.py"))]
    texts = [file.read_bytes() for file in files]
    return hashlib.sha256(b"".join(text for text in texts if b"@compiled" in text or text is texts[0])).hexdigest()[:16]


numba.config.CACHE_DIR = str(Path(__file__).parent / "__pycache__" / f"compiled-{_digest()}")  # type: ignore[attr-defined]  # set by numba from its environment


def compiled(function: _Function) -> _Function:
    """Compile at the first call and keep the machine code; the caller's other threads go on meanwhile."""
    return cast("_Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
