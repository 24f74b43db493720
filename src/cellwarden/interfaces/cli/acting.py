"""What commands of the response share: which store, who acts, and how the answer is printed."""

from __future__ import annotations

import contextlib
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case.command import plain
from cellwarden.workflows.investigate import utc_now
from cellwarden.workflows.respond import desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.incident.case.command import Command, Event
    from cellwarden.workflows.respond import Desk

Store = Annotated[
    str,
    typer.Option("--store", envvar="CELLWARDEN_STORE", help="Case store: a SQLite file, or postgresql://HOST/NAME."),
]
Me = Annotated[Path, typer.Option("--me", envvar="CELLWARDEN_ME", help="Your token file: who you are.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output, and nothing else.")]
Case = Annotated[str, typer.Argument(help="Case, as C-1.")]
Version = Annotated[
    int | None, typer.Option("--version", help="Version of the case that you read; refused if it changed since.")
]
DEFAULT_STORE = "cases.sqlite"


@contextlib.contextmanager
def at_desk(store: str, me: Path) -> Iterator[Desk]:
    """Open the store as the person of the token."""
    with desk(store, me, clock=utc_now) as opened:
        yield opened


def carry_out(store: str, me: Path, command: Command, *, as_json: bool) -> None:
    """Carry one command out and print what came of it."""
    with at_desk(store, me) as at:
        say(at.do(command), as_json=as_json)


def say(event: Event, *, as_json: bool) -> None:
    """Print what came of a command."""
    told = {"event": event.act, **{name: getattr(event, name) for name in event.__dataclass_fields__}}
    if as_json:
        print_json(told)
        return
    facts = "  ".join(
        f"{name}={_shown(value)}" for name, value in told.items() if name != "event" and value not in (None, "", {}, ())
    )
    sys.stdout.write(f"{event.act.replace('_', ' ')}: {facts}\n")


def print_json(content: Any) -> None:
    """Print JSON and nothing else."""
    sys.stdout.write(json.dumps(plain(content), ensure_ascii=False, indent=2, default=str) + "\n")


def print_rows(rows: list[dict[str, Any]], columns: dict[str, str], *, zone: str, as_json: bool) -> None:
    """Print rows as a table, times in the store's zone with its name; as JSON every column, times in UTC.

    Args:
        rows: What to print.
        columns: Heading by column, in order.
        zone: IANA name.
        as_json: Print JSON instead.
    """
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False)
    for name, heading in columns.items():
        table.add_column(heading, overflow="fold", no_wrap=name.endswith(("_at", "_id")))
    for row in rows:
        table.add_row(*(_shown(row.get(name), ZoneInfo(zone)) for name in columns))
    Console(highlight=False, markup=False).print(table)


def instant(text: str | None, *, option: str) -> datetime | None:
    """Read a time that states its zone.

    Raises:
        UsageError: It is no time, or states none.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no time", where=option, fix="Write 2025-08-05T12:00:00+09:00") from error
    if at.tzinfo is None:
        raise UsageError("a time without a zone", where=option, fix="Write 2025-08-05T12:00:00Z or with an offset")
    return at


def _shown(value: Any, zone: ZoneInfo | None = None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M %Z}" if zone else iso(value)
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(plain(value), ensure_ascii=False, default=str)
    return str(value)
