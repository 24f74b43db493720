"""`cellwarden reveal …`, `forget …` and `receipt`: identifiers under approvals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case.store import opened_store
from cellwarden.incident.privacy.forgetting import AskForgetting
from cellwarden.incident.privacy.reveals import AskReveal
from cellwarden.interfaces.cli.acting import DEFAULT_STORE, Case, Json, Me, Store, at_desk, carry_out, instant, print_json, say
from cellwarden.interfaces.cli.requests import Request  # noqa: TC001 (typer reads the annotations)
from cellwarden.lake.store import Lake
from cellwarden.workflows import privacy
from cellwarden.workflows.investigate import utc_now

reveal = typer.Typer(
    no_args_is_help=True, help="Identifiers: asked for a purpose, agreed by counsel or privacy officer, opened, logged."
)
forget = typer.Typer(no_args_is_help=True, help="Forgetting a subscriber: agreed by two, done, and shown to be done.")
LakeFolder = Annotated[Path, typer.Option("--lake", help="Lake of the records.")]
Key = Annotated[Path | None, typer.Option("--key", help="Key of the lake; default: the one beside it.")]
Until = Annotated[str, typer.Option("--until", help="Until when the approval may be used.")]
Purpose = Annotated[str, typer.Option("--purpose", help="What it is for.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(reveal, name="reveal")
    app.add_typer(forget, name="forget")
    app.command()(receipt)


@reveal.command()
def bind(lake: Annotated[Path, typer.Argument(help="Lake to bind.")], *, store: Store = DEFAULT_STORE) -> None:
    """Let identifiers of a lake be revealed under approvals of a case store, and no other way."""
    opened = opened_store(store, clock=utc_now)
    try:
        privacy.bind(Lake(lake), opened)
    finally:
        opened.close()


@reveal.command("ask")
def ask_reveal(
    case: Case,
    *,
    purpose: Purpose,
    until: Until,
    people: Annotated[Path | None, typer.Option("--people", help="File of pseudonyms, one a line.")] = None,
    most: Annotated[
        int | None, typer.Option("--most", help="Instead: at most so many people whom an investigation finds.")
    ] = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Ask to see identifiers; another person agrees with cellwarden case approve."""
    until_at = instant(until, option="--until")
    assert until_at is not None  # noqa: S101 (the option is required)
    command = AskReveal(case_id=case, purpose=purpose, until_at=until_at, people=_people(people), most_people=most)
    carry_out(store, me, command, as_json=as_json)


@reveal.command("open")
def open_(
    request: Request,
    *,
    people: Annotated[Path, typer.Option("--people", help="File of pseudonyms, one a line.")],
    out: Annotated[Path, typer.Option("--out", help="File for the identifiers: CSV, mode 0600.")],
    lake: LakeFolder,
    key: Key = None,
    store: Store = DEFAULT_STORE,
    me: Me,
) -> None:
    """Write the identifiers that were agreed; the opening is logged before."""
    if out.exists():
        raise UsageError("the file exists", where=out.name, fix="Choose a new one")
    with at_desk(store, me) as at:
        named = privacy.open_identifiers(at, request, Lake(lake), _people(people), out.name, key=key)
    out.touch(mode=0o600, exist_ok=False)
    out.write_text("pseudonym,imsi\n" + "".join(f"{each},{name}\n" for each, name in sorted(named.items())), encoding="utf-8")
    typer.echo(f"{len(named):,} identifiers: {out}")


@forget.command()
def pseudonym(*, lake: LakeFolder, key: Key = None) -> None:
    """Read an IMSI from standard input and print its pseudonym; a number on the command line would stay in the shell's history."""
    typer.echo(privacy.pseudonym_of(Lake(lake), sys.stdin.readline().strip(), key=key))


@forget.command("ask")
def ask_forgetting(
    case: Case,
    person: Annotated[str, typer.Argument(help="Pseudonym of the person, 16 hex digits.")],
    *,
    purpose: Purpose,
    until: Until,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Ask to forget a person; another person agrees with cellwarden case approve."""
    until_at = instant(until, option="--until")
    assert until_at is not None  # noqa: S101 (the option is required)
    carry_out(store, me, AskForgetting(case_id=case, purpose=purpose, until_at=until_at, pseudonym=person), as_json=as_json)


@forget.command("do")
def do_forget(
    request: Request,
    person: Annotated[str, typer.Argument(help="Pseudonym of the person, 16 hex digits.")],
    *,
    lake: LakeFolder,
    key: Key = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Remove the person's rows from the directory, and show that they are gone."""
    with at_desk(store, me) as at:
        say(privacy.forget(at, request, Lake(lake), person, key=key), as_json=as_json)


def receipt(
    *,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default: standard output.")] = None,
    lake: Annotated[
        list[Path] | None, typer.Option("--lake", help="Lake: what was revealed by its key is listed too; may repeat.")
    ] = None,
    store: Store = DEFAULT_STORE,
    me: Me,
) -> None:
    """Print every reveal and forgetting with its proof, as JSON."""
    with at_desk(store, me) as at:
        found = privacy.privacy_receipt(at, [Lake(each) for each in lake or []])
    if out is None:
        print_json(found)
    else:
        out.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _people(path: Path | None) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").split()) if path else ()
