"""`bundle pack` and `bundle verify`: evidence that a third party checks alone."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated

import typer

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.bundle import check_bundle, pack_bundle
from cellwarden.workflows.investigate import utc_now

Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output, and nothing else.")]
bundle = typer.Typer(no_args_is_help=True, help="Evidence bundles: pack one, check one.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(bundle, name="bundle")


@bundle.command()
def pack(
    result: Annotated[Path, typer.Argument(help="Result folder of an investigation.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Bundle to make; it must not exist.")],
    records: Annotated[
        Path | None, typer.Option("--records", help="Record folder: put the records in too. They hold identifiers.")
    ] = None,
    log: Annotated[list[Path] | None, typer.Option("--log", help="Audit log; may repeat.")] = None,
    report: Annotated[list[Path] | None, typer.Option("--report", help="Report, or a folder of them; may repeat.")] = None,
    on: Annotated[str, typer.Option("--on", help="Bagging date; default: today in UTC.")] = "",
    as_json: Json = False,
) -> None:
    """Pack result, queries, logs, reports and a verifier into a BagIt folder; print the seal."""
    made = pack_bundle(result, out, on=_day(on), records=records, logs=log or [], reports=report or [])
    if as_json:
        _print_json(made)
    else:
        sys.stdout.write(f"{made['files']:,} files, {made['octets']:,} octets: {out}\nseal {made['seal']}\n")


@bundle.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="Bundle.")],
    *,
    seal: Annotated[str, typer.Option("--seal", help="Seal that you were told by another way.")] = "",
    key: Annotated[
        str, typer.Option("--key", help="Public key of the log, as log checkpoint printed it: signatures are checked.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Check a bundle; `python3 verify.py` inside it does the same without Cellwarden. Exit code 1: something does not hold."""
    told = check_bundle(folder, seal=seal, key=key)
    if as_json:
        _print_json(told)
    else:
        sys.stdout.write("".join(f"{line}\n" for line in told["found"]) or "everything holds\n")
        sys.stdout.write(f"seal {told['seal']}\n")
    if told["found"]:
        raise typer.Exit(1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else utc_now().date()
    except ValueError as error:
        raise UsageError(f"{text!r} is no date", where="--on", fix="Write 2025-09-11") from error


def _print_json(content: object) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
