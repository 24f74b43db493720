"""A folder that is there as a whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def draft_of(out: Path) -> Path:
    """Return where a folder is written before it has its name."""
    return out.with_name(f".{out.name}.draft")


@contextlib.contextmanager
def drafted(out: Path) -> Iterator[Path]:
    """Give a folder to write into; it becomes `out` when the work is done, and vanishes when it fails.

    What a killed run left of it is removed first.

    Args:
        out: Nothing is there yet, or an empty folder.
    """
    draft = draft_of(out)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
        draft.replace(out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
