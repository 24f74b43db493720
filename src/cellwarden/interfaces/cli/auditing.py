"""`audit registry`: who wrote which row of the registry, and which rows look written for somebody."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cellwarden.foundation.clock import iso
from cellwarden.interfaces.cli.acting import instant
from cellwarden.lake.store import Lake
from cellwarden.workflows.audit_registry import audit_registry

Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output, and nothing else.")]
_AT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)\S*Z")
audit = typer.Typer(no_args_is_help=True, help="Questions to the operator's own house.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(audit, name="audit")


@audit.callback()
def _group() -> None:
    """Keep `audit` a group while it has one command."""


@audit.command()
def registry(
    lake: Annotated[Path, typer.Argument(help="Lake that holds the registry.")],
    *,
    zone: Annotated[str, typer.Option("--zone", help="Zone of the operator's working day; default: its country's.")] = "",
    until: Annotated[
        str | None, typer.Option("--until", help="Ignore what was not known by then (ISO 8601 with zone).")
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", help="duckdb, sail, spark, spark://HOST:PORT or sc://HOST:PORT.")
    ] = "duckdb",
    as_json: Json = False,
) -> None:
    """Compare those who record equipment, and name rows whose marks do not go together by chance."""
    told = audit_registry(Lake(lake), engine=engine, zone=zone, until=instant(until, option="--until"))
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2, default=iso) + "\n")
        return
    console = Console(highlight=False, markup=False)
    console.print(
        f"{len(told['rows_named'])} rows named, {told['rows_marked']} carry a mark; hours are those of {told['time_zone']}"
    )
    if told["rows_named"]:
        console.print(
            _table(
                told["rows_named"],
                ("equipment_id", "cell", "recorded_by", "recorded_at", "valid_from", "marks", "found", "expected"),
            )
        )
    rates = [
        {"recorded_by": hand["recorded_by"], "of": hand["rows"], **rate}
        for hand in told["hands"]
        for rate in hand["rates"]
        if rate["rows"]
    ]
    if rates:
        console.print(_table(rates, ("recorded_by", "of", "mark", "rows", "expected", "peers", "q", "differs")))
    if told["imports"]:
        console.print(_table(told["imports"], ("recorded_by", "import_at", "row_count", "excused")))
    for name in ("common", "few", "lacking"):
        if told[name]:
            console.print(f"{name}: {json.dumps(told[name])}")


def _table(rows: list[dict[str, Any]], names: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_spelt(row[name]) for name in names))
    return table


def _spelt(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, str) and (at := _AT.fullmatch(value)):
        return f"{at[1]} {at[2]}Z"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
