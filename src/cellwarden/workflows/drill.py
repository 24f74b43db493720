"""The drill: a scenario is played day by day, and a commander decides with what was known on each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from cellwarden.evaluate.drill import Block, Day, days_of_drill, obedient
from cellwarden.evaluate.drill import drill as play
from cellwarden.evaluate.found import read_result
from cellwarden.evaluate.judging import key_of, named_at
from cellwarden.evaluate.report import render_drill, to_json
from cellwarden.evaluate.truth import read_truth
from cellwarden.foundation.errors import UsageError
from cellwarden.lake.store import Lake
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.load import Progress, quiet
from cellwarden.workflows.result import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cellwarden.evaluate.judging import Key
    from cellwarden.evaluate.truth import Row
    from cellwarden.foundation.clock import Clock

DRILL = "drill"
BRIEFING = timedelta(hours=8)
"""After the local midnight: when the commander is told what was known, and decides."""
_MARK = ".cellwarden-drill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What a commander is told on one morning; nothing in it comes from the truth."""

    until: datetime
    accused: list[Row]
    """Cells of grade `rogue` or `suspect` that are not blocked yet, the surest first: rows of `suspects`."""
    people: int
    """Exposed so far, as the system counts them."""
    payments: int
    """Linked so far."""
    zone: ZoneInfo
    """In which the commander reads times."""


class Commander(Protocol):
    """Decides which cells to cut off."""

    def __call__(self, briefing: Briefing) -> Sequence[Key]:
        """Return the keys of the cells to block from that morning on."""


def blocks_all(briefing: Briefing) -> Sequence[Key]:
    """Return every cell that is accused: the commander who always believes the system."""
    return [key_of(row) for row in briefing.accused]


def play_scenario(
    city: Path,
    out: Path,
    *,
    clock: Clock,
    commander: Commander = blocks_all,
    every: int = 1,
    told: Callable[[Briefing], None] | None = None,
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Investigate a city as it was known on each morning, let a commander decide, and grade what that was worth.

    Args:
        city: `OUT` of `simulate`, with `records` and `truth`.
        out: Folder for `drill.json`, `drill.html` and the results of the days.
        clock: Stamps the investigations.
        commander: Asked on every morning, with the briefing alone.
        every: Days between two briefings.
        told: Shown each briefing before it is decided.
        progress: Told how far it is.

    Returns:
        What `evaluate.drill.drill` returns.

    Raises:
        UsageError: `out` holds something that is no drill, or `every` is below 1.
    """
    if every < 1:
        raise UsageError(f"{every} days between briefings", where="--every", fix="Say 1 or more")
    if out.exists() and any(out.iterdir()) and not (out / _MARK).exists():
        raise UsageError(
            "this folder is not a drill's", where=out.name, fix="Choose another --out, so that nothing is replaced"
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / _MARK).touch()
    truth = read_truth(city / "truth")
    zone = ZoneInfo(truth.scenario["time_zone"] or "UTC")
    lake = out / "lake"
    days: list[Day] = []
    decisions: list[Block] = []
    mornings = briefings(truth.manifest, every=every)
    for number, until in enumerate(mornings, start=1):
        progress("drill", number - 1, len(mornings), "days")
        result = out / "days" / f"{until:%Y-%m-%d}"
        investigate(Request(records=city / "records", out=result, lake=lake, until=until), clock=clock)
        known = days_of_drill(truth, [read_result(result, key=Lake(lake).key_path)])
        days += known
        briefing = _briefing(known[0], {block.cell for block in decisions}, zone)
        if told is not None:
            told(briefing)
        decisions += [Block(until, key) for key in commander(briefing)]
    played = play(truth, days, decisions)
    played["obedient_grade"] = play(truth, days, obedient(days))["grade"]
    write_text(out, f"{DRILL}.json", to_json(played))
    write_text(out, f"{DRILL}.html", render_drill(played))
    return played


def briefings(manifest: dict[str, Any], *, every: int = 1) -> list[datetime]:
    """Return the mornings of a scenario, from its second day to the one after its last."""
    first, last = (datetime.fromisoformat(manifest[name]) for name in ("from_at", "to_at"))
    return [first + timedelta(days=day) + BRIEFING for day in range(every, (last - first).days + 1, every)]


def _briefing(day: Day, blocked: set[Key], zone: ZoneInfo) -> Briefing:
    rows: dict[Key, Row] = {}
    for line in sorted(named_at(day.lines, "suspect"), key=lambda line: (-line.row["score"], str(line.key))):
        if line.key not in blocked:
            rows.setdefault(line.key, line.row)
    return Briefing(until=day.until, accused=list(rows.values()), people=day.people, payments=day.payments, zone=zone)
