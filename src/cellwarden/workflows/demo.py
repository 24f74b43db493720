"""The main job, end to end, on a made-up city: generate, investigate, show where the report lies."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import UsageError
from cellwarden.simulate.city import build_city
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.load import quiet

if TYPE_CHECKING:
    from pathlib import Path

    from cellwarden.foundation.clock import Clock
    from cellwarden.workflows.load import Progress

MARK = ".cellwarden-demo"
"""Says that a folder is a demo's, so that only a demo is ever replaced."""


def demo(folder: Path, *, seed: int, clock: Clock, engine: str = "duckdb", progress: Progress = quiet) -> dict[str, Any]:
    """Make a city with a hidden rogue under `folder/city`, investigate it into `folder/result`, return the summary."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise UsageError(
            "this folder is not a demo's", where=folder.name, fix="Choose another --out, so that nothing of yours is replaced"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    build_city(folder / "city", seed=seed, progress=lambda stage, share: progress("city", share, 1, stage))
    return investigate(
        Request(records=folder / "city/records", out=folder / "result", engine=engine), clock=clock, progress=progress
    )
