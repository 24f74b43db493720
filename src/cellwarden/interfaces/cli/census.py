"""`census diff`: who moved between two results, and why."""

from __future__ import annotations

import json
import sys
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cellwarden.workflows.restate import restate

Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output, and nothing else.")]
census = typer.Typer(no_args_is_help=True, help="Who was exposed, and how a later count restates an earlier one.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(census, name="census")


@census.callback()
def _group() -> None:
    """Keep `census` a group while it has one command."""


@census.command()
def diff(
    before: Annotated[Path, typer.Argument(help="Result folder of the earlier investigation.")],
    after: Annotated[Path, typer.Argument(help="Result folder of the later one.")],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="New folder for restatement.parquet and restatement.json; they hold pseudonyms."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say who was added, removed, upgraded or downgraded between two results, and why."""
    told = restate(before, after, out=out)
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        _print(Console(highlight=False), told)


def _print(console: Console, told: dict[str, Any]) -> None:
    grades = list(told["before"]["people"])
    people = Table(title="People", show_edge=False)
    for name in ("census", *grades):
        people.add_column(name, justify="left" if name == "census" else "right")
    for side in ("before", "after"):
        people.add_row(told[side]["result"], *(f"{told[side]['people'][grade]:,}" for grade in grades))
    console.print(people)
    console.print(", ".join(f"{count:,} {change}" for change, count in told["changed"].items()))
    if told["cells"]:
        ids = Table(title="Ids accused in one census only", show_edge=False)
        for name in ("cell", "change", "people", "causes", "because of"):
            ids.add_column(name)
        for row in told["cells"]:
            name = f"{row['plmn']} {row['rat']} {row['cell_type'] or 'unknown type'} {row['cell']}"
            ids.add_row(name, row["change"], f"{row['people']:,}", ", ".join(row["causes"]), ", ".join(row["because"]))
        console.print(ids)
    if not told["reconciles"]:
        console.print("These numbers do not reconcile: please report this with both manifests")
    console.print(told["sentence"]["ko"])
    console.print(told["sentence"]["en"])
