"""`cellwarden log …`: the audit log written out, signed, time-stamped and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cellwarden.interfaces.cli.acting import DEFAULT_STORE, Json, Me, Store, at_desk, print_json
from cellwarden.workflows import logbook
from cellwarden.workflows.investigate import utc_now

app = typer.Typer(no_args_is_help=True, help="The audit log: hash-chained, with signed checkpoints and time stamps.")
Log = Annotated[Path, typer.Argument(help="Log file, as export writes it, or LAKE.audit.jsonl.")]


@app.command()
def export(log: Log, *, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """Write the log of a case store to a file; a file that holds the beginning of it goes on."""
    with at_desk(store, me) as at:
        size = logbook.export(at, log)
    if as_json:
        print_json({"lines": size})
    else:
        typer.echo(f"{size:,} lines: {log}")


@app.command()
def checkpoint(
    log: Log,
    *,
    key: Annotated[Path, typer.Option("--key", help="Signing key (Ed25519); made if missing. Keep it away from the log.")],
    origin: Annotated[str, typer.Option("--origin", help="Name of the log in its notes.")],
    as_json: Json = False,
) -> None:
    """Sign the log as it stands; give note and verifier to somebody outside."""
    made, verifier = logbook.sign(log, key, origin=origin, clock=utc_now)
    if as_json:
        print_json({**made, "verifier": verifier})
    else:
        typer.echo(f"{made['note']}\nverifier: {verifier}")


@app.command()
def verify(
    log: Log,
    *,
    verifier: Annotated[str | None, typer.Option("--verifier", help="Public key, as checkpoint printed it.")] = None,
    roots: Annotated[Path | None, typer.Option("--roots", help="Certificates (PEM) of time-stamp authorities.")] = None,
    store: Annotated[
        str | None, typer.Option("--store", help="Case store that the log is of: its tables are held against it.")
    ] = None,
    me: Annotated[Path | None, typer.Option("--me", envvar="CELLWARDEN_ME", help="Your token file; with --store.")] = None,
    as_json: Json = False,
) -> None:
    """Check chain, checkpoints, signatures and stamps; exit code 1: something does not hold."""
    trusted = roots.read_bytes() if roots else None
    if store is not None:
        with at_desk(store, me or Path("missing.token")) as at:
            found = logbook.verify(log, verifier=verifier, roots=trusted, at=at)
    else:
        found = logbook.verify(log, verifier=verifier, roots=trusted)
    if as_json:
        print_json(found)
    else:
        typer.echo("\n".join(found) or "everything holds")
    if found:
        raise typer.Exit(1)


@app.command("stamp-request")
def stamp_request(
    log: Log, *, out: Annotated[Path, typer.Option("--out", help="Request to send to an authority (DER).")]
) -> None:
    """Write an RFC 3161 request for the last checkpoint; no connection is made."""
    out.write_bytes(logbook.stamp_request(log))


@app.command()
def stamp(
    log: Log,
    answer: Annotated[Path, typer.Argument(help="The authority's answer (DER).")],
    *,
    roots: Annotated[Path, typer.Option("--roots", help="Certificates (PEM) of time-stamp authorities.")],
) -> None:
    """Keep an authority's answer with the last checkpoint, if it holds."""
    typer.echo(f"stamped {logbook.stamp_answer(log, answer.read_bytes(), roots.read_bytes())}")
