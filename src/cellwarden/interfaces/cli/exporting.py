"""`cellwarden case export`: a case for others, masked."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated

import typer

from cellwarden.interfaces.cli.acting import DEFAULT_STORE, Case, Json, Me, Store, at_desk, say
from cellwarden.lake.store import Lake
from cellwarden.workflows.case_export import export_case


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    case: Case,
    *,
    out: Annotated[Path, typer.Option("--out", help="New folder for case.json and case.html.")],
    approval: Annotated[
        str | None, typer.Option("--approval", help="Approved reveal of this case, as R-3; the people it names are shown.")
    ] = None,
    lake: Annotated[Path | None, typer.Option("--lake", help="Lake whose directory is opened; with --approval.")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Key of the lake; default: the one beside it.")] = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Write a case into a folder, masked: people under names of this export alone; bundle pack --report takes it along."""
    with at_desk(store, me) as at:
        told = export_case(at, case, out, approval=approval, lake=Lake(lake) if lake else None, key=key)
        say(told, as_json=as_json)
