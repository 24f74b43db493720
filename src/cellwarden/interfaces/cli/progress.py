"""Progress on a terminal: what is being done, how far it is, how long it still takes."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from cellwarden.workflows.load import Progress as Told

_TITLES = {
    "city": "making a city",
    "drill": "living the days",
    "fingerprint": "fingerprinting files",
    "read": "reading records",
    "sort": "sorting and rolling up",
    "examine": "asking detectors",
    "census": "counting people",
    "write": "writing the result",
    "decode": "decoding",
}


@contextlib.contextmanager
def shown_progress(console: Console, *, is_quiet: bool) -> Iterator[Told]:
    """Give a callback that draws bars while it is called; nothing is drawn into a pipe or for `--json`."""
    if is_quiet or not console.is_terminal:
        yield lambda _stage, _done, _total, _unit: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def told(stage: str, done: float, total: float, unit: str) -> None:
            title = f"{_TITLES.get(stage, stage)} ({unit})"
            if stage not in tasks:
                tasks[stage] = bars.add_task(title, total=total or None, rate="")
            task = bars.tasks[bars.task_ids.index(tasks[stage])]
            rate = f"{task.speed:,.1f}/s" if task.speed else ""
            bars.update(tasks[stage], description=title, completed=done, total=total or None, rate=rate)

        yield told
