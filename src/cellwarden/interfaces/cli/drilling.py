"""`drill`: a scenario day by day, for people who want to know what they would have done."""

from __future__ import annotations

import json
import sys
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cellwarden.evaluate.judging import key_of
from cellwarden.evaluate.report import figure, to_json
from cellwarden.interfaces.cli.progress import shown_progress
from cellwarden.workflows.drill import Briefing, blocks_all, play_scenario
from cellwarden.workflows.investigate import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cellwarden.evaluate.judging import Key

_SHOWN = 12
"""Accused cells of a briefing that fit on a screen."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(drill)


def drill(
    scenario: Annotated[str, typer.Argument(help="S01 to S20.")],
    *,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the city, the results of the days, drill.html and drill.json.")
    ],
    seed: Annotated[int, typer.Option("--seed")] = 1,
    size: Annotated[str, typer.Option("--size", help="xs, s, m or l; see simulate.")] = "xs",
    every: Annotated[int, typer.Option("--every", help="Days between two briefings.")] = 1,
    ask: Annotated[bool, typer.Option("--ask", help="Ask before each cell is blocked; else every accused cell is.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON to standard output, and nothing else.")] = False,
) -> None:
    """Play a scenario day by day: what was known when, what could have been decided, what each day of delay cost; ends with a grade."""
    # The compiler behind the generator takes seconds to import, which no other command should wait for.
    from cellwarden.simulate.generator import simulate  # noqa: PLC0415

    console = Console(stderr=as_json, highlight=False)
    city = out.with_name(f"{out.name}.city")
    with shown_progress(console, is_quiet=as_json or ask) as progress:
        simulate(scenario, city, seed=seed, size=size, progress=lambda stage, share: progress("city", share, 1, stage))
        played = play_scenario(
            city,
            out,
            clock=utc_now,
            commander=_Asked(console) if ask else blocks_all,
            every=every,
            told=None if as_json else lambda briefing: _show(console, briefing),
            progress=progress,
        )
    if as_json:
        sys.stdout.write(json.dumps(json.loads(to_json(played)), ensure_ascii=False, indent=2) + "\n")
        return
    console.print(_days(played["days"], ZoneInfo(played["scenario"]["time_zone"] or "UTC")))
    console.print(
        "Known of what was so; acting blocks every cell accused so far, waiting does so one briefing later: people, money."
    )
    outcome = played["outcome"]
    console.print(
        f"{figure(outcome['people_saved'])} of {figure(outcome['people_exposed'])} people kept from exposure, "
        f"{figure(outcome['people_preventable'])} at best; money saved {figure(outcome['money_saved'])} of "
        f"{figure(outcome['money_preventable'])}; honest cells cut off: {figure(outcome['honest_cells_blocked'])}."
    )
    console.print(
        f"Grade {played['grade']}; with every accused cell blocked at once: {played['obedient_grade']}. {out / 'drill.html'}"
    )


class _Asked:
    """Asks a person about every accused cell."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, briefing: Briefing) -> Sequence[Key]:
        return [key_of(row) for row in briefing.accused if typer.confirm(f"Block {_name(row)}?", default=False)]


def _name(row: dict[str, Any]) -> str:
    return f"{row['cell_type']} {row['cell']} ({row['grade']}, {row['score']:.2f}: {', '.join(row['detectors'])})"


def _show(console: Console, briefing: Briefing) -> None:
    people, payments = figure(briefing.people), figure(briefing.payments)
    at = f"{briefing.until.astimezone(briefing.zone):%Y-%m-%d %H:%M} {briefing.zone.key}"
    console.print(f"{at}: exposed {people}, payments linked {payments}, cells newly accused {len(briefing.accused)}")
    for row in briefing.accused[:_SHOWN]:
        console.print(f"  {escape(_name(row))}")
    if len(briefing.accused) > _SHOWN:
        console.print(f"  and {len(briefing.accused) - _SHOWN} more")


def _days(rows: list[dict[str, Any]], zone: ZoneInfo) -> Table:
    """Return what a day was worth, within the 80 columns of a terminal."""
    table = Table(f"known until\n({zone.key})", box=SIMPLE, padding=(0, 1))
    for title in ("units", "cells", "honest\ncells", "exposed", "saved by\nacting", "lost by\nwaiting"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in rows:
        known, real = row["known"], row["real"]
        table.add_row(
            f"{row['until'].astimezone(zone):%m-%d %H:%M}",
            f"{len(known['units'])} of {len(real['units'])}",
            f"{figure(known['cells'])} of {figure(real['cells'])}",
            figure(known["honest_cells"]),
            f"{figure(known['people'])} of {figure(real['people'])}",
            *(f"{figure(row[name]['people'])}\n{figure(row[name]['money'])}" for name in ("saved_if_acted", "cost_of_a_day")),
        )
    return table
