"""`cellwarden contain …`: try an act on the records, ask, agree, put into force, lift, send, and see whether it worked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case.command import plain
from cellwarden.incident.case.glass import BreakGlass, Review
from cellwarden.incident.containment.acts import AskLifting, ExpireContainments, Lift, containments
from cellwarden.incident.containment.catalogue import ACTS
from cellwarden.incident.containment.deliveries import deliveries
from cellwarden.incident.containment.targets import read_targets
from cellwarden.interfaces.cli.acting import (
    DEFAULT_STORE,
    Case,
    Json,
    Me,
    Store,
    at_desk,
    carry_out,
    instant,
    print_json,
    print_rows,
    say,
)
from cellwarden.interfaces.cli.requests import Request  # noqa: TC001 (typer reads the annotations)
from cellwarden.lake.store import Lake
from cellwarden.workflows import contain as workflow

app = typer.Typer(no_args_is_help=True, help="Containment: acts with a dry run, two people, an end and a proof.")
LakeFolder = Annotated[Path, typer.Option("--lake", help="Lake of the records.")]
Result = Annotated[Path, typer.Option("--result", help="Result folder, with pseudonyms.")]
Act = Annotated[str, typer.Argument(help="Act; see contain acts.")]
Aim = Annotated[list[str] | None, typer.Option("--target", help="NAME=VALUE that the act aims at; may repeat.")]
Targets = Annotated[Path, typer.Option("--targets", envvar="CELLWARDEN_TARGETS", help="Targets file (TOML).")]
Engine = Annotated[str, typer.Option("--engine", help="duckdb, sail, spark, spark://HOST:PORT or sc://HOST:PORT.")]


@app.command()
def acts(*, as_json: Json = False) -> None:
    """List the acts: what each aims at, does, and how it is undone."""
    rows = [
        {"act": act.name, "target": " or ".join(act.aims_at) if act.name == "restrict_payments" else ", ".join(act.aims_at)}
        | {"does": act.does, "undone": act.undone_by}
        for act in ACTS.values()
    ]
    print_rows(
        rows, {"act": "act", "target": "target", "does": "what it does", "undone": "undone by"}, zone="UTC", as_json=as_json
    )


@app.command("dry-run")
def dry_run(
    act: Act, *, target: Aim = None, lake: LakeFolder, result: Result, engine: Engine = "duckdb", as_json: Json = False
) -> None:
    """Say what an act would have stopped and whom it would have hurt; nothing is asked or done."""
    tried = workflow.dry_run(Lake(lake), result, act, _aimed(target), engine=engine)
    if as_json:
        print_json({**tried.shown, "list": tried.list})
        return
    for name, value in tried.shown.items():
        typer.echo(f"{name}: {_line(value)}")


@app.command()
def ask(
    case: Case,
    act: Act,
    *,
    target: Aim = None,
    until: Annotated[str, typer.Option("--until", help="When the act ends.")],
    purpose: Annotated[str, typer.Option("--purpose", help="What it is for.")],
    to: Annotated[list[str], typer.Option("--to", help="Name of a target of the targets file; may repeat.")],
    lake: LakeFolder,
    result: Result,
    engine: Engine = "duckdb",
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Ask for an act; its dry run goes with it, and another person agrees with cellwarden case approve."""
    until_at = instant(until, option="--until")
    assert until_at is not None  # noqa: S101 (the option is required)
    aimed = _aimed(target)
    tried = workflow.dry_run(Lake(lake), result, act, aimed, engine=engine)
    with at_desk(store, me) as at:
        asked = workflow.ask(
            at, tried, case_id=case, act=act, target=aimed, until_at=until_at, purpose=purpose, deliver_to=tuple(to)
        )
        say(asked, as_json=as_json)


@app.command()
def apply(request: Request, *, targets: Targets, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """Put an agreed act into force and send it to its targets."""
    with at_desk(store, me) as at:
        _told(workflow.contain(at, request, read_targets(targets)), as_json=as_json)


@app.command("break-glass")
def break_glass(
    request: Request,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why nobody else can be asked.")],
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Take your own request without the second person, for 24 hours at most; it is told, and another person reviews it."""
    carry_out(store, me, BreakGlass(request_id=request, reason=reason), as_json=as_json)


@app.command()
def review(
    request: Request,
    *,
    words: Annotated[str, typer.Option("--words", help="What you found.")],
    wrong: Annotated[bool, typer.Option("--wrong", help="It should not have been done.")] = False,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Judge a broken glass of somebody else."""
    carry_out(store, me, Review(request_id=request, words=words, was_right=not wrong), as_json=as_json)


@app.command("ask-lift")
def ask_lift(
    case: Case,
    request: Request,
    *,
    purpose: Annotated[str, typer.Option("--purpose", help="Why it is to end early.")],
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Ask to take an act back before its end."""
    carry_out(store, me, AskLifting(case_id=case, lifts=request, purpose=purpose), as_json=as_json)


@app.command()
def lift(request: Request, *, targets: Targets, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """Take an act back, as two people agreed; REQUEST is that of ask-lift."""
    with at_desk(store, me) as at:
        _told([at.do(Lift(request_id=request)), *workflow.deliver(at, read_targets(targets))], as_json=as_json)


@app.command()
def run(
    *,
    targets: Targets,
    even_failed: Annotated[bool, typer.Option("--even-failed", help="Try again what was given up.")] = False,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """End acts whose time is over, and send whatever is due; call it every minute."""
    with at_desk(store, me) as at:
        over = at.do(ExpireContainments()) if workflow.has_expired(at) else None
        sent = workflow.deliver(at, read_targets(targets), even_failed=even_failed)
        _told([*([over] if over else []), *sent], as_json=as_json)


@app.command()
def effect(
    request: Request,
    *,
    lake: LakeFolder,
    engine: Engine = "duckdb",
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Search the records made under an act for what it should have done: holds, fails, partly, not_yet or cannot_tell."""
    with at_desk(store, me) as at:
        found = workflow.measure_effect(at, Lake(lake), request, engine=engine)
    if as_json:
        print_json(found)
    else:
        typer.echo("\n".join(f"{name}: {_line(value)}" for name, value in found.items()))


@app.command("list")
def list_(case: Case, *, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """List the acts of a case that came into force, with what is still to be sent."""
    with at_desk(store, me) as at, at.store.reading(at.me, case_id=case) as connection:
        rows = [
            {
                **row,
                "target": json.loads(row["target"]),
                "deliveries": [
                    {name: each[name] for name in ("delivery_id", "step", "target", "state", "attempts", "next_at", "problem")}
                    for each in deliveries(connection, row["request_id"])
                ],
            }
            for row in containments(connection, case)
        ]
        if as_json:
            print_json(rows)
            return
        zone = ZoneInfo(at.zone)
        for row in rows:
            aim = " ".join(f"{name}={value}" for name, value in row["target"].items())
            times = " to ".join(f"{row[name].astimezone(zone):%Y-%m-%d %H:%M %Z}" for name in ("applied_at", "until_at"))
            typer.echo(f"{row['request_id']} {row['act']} {aim}: {row['state']}, {times}")
            for each in row["deliveries"]:
                typer.echo(
                    f"  {each['step']} {each['target']} {each['state']} after {each['attempts']} attempts {each['problem']}".rstrip()
                )


def _told(events: list[Any], *, as_json: bool) -> None:
    if as_json:
        print_json([{"event": each.act, **each.facts()} for each in events])
        return
    for each in events:
        say(each, as_json=False)


def _aimed(words: list[str] | None) -> dict[str, Any]:
    target = {}
    for each in words or []:
        name, is_said, value = each.partition("=")
        if not is_said:
            raise UsageError(f"{each!r} is no target", where="--target", fix="Write NAME=VALUE, as cell=1001")
        target[name] = value
    return target


def _line(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)
