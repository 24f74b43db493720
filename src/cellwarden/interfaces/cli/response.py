"""The commands of the response, each group under its word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.interfaces.cli import auditing, case, clock, contain, logbook, privacy

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
    auditing.register(app)
    app.add_typer(case.app, name="case")
    app.add_typer(clock.app, name="clock")
    app.add_typer(contain.app, name="contain")
    app.add_typer(logbook.app, name="log")
    privacy.register(app)
