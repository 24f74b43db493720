"""`cellwarden case …`, people: who works with the store, as whom, and with which role."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated

import typer

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case import overview as reading
from cellwarden.incident.case.people import Enrol, GrantRole, RenewToken, RevokeRole
from cellwarden.incident.case.requests import Ask
from cellwarden.incident.case.store import CaseStore
from cellwarden.incident.case.token import Token
from cellwarden.interfaces.cli.acting import (
    DEFAULT_STORE,
    Json,
    Me,
    Store,
    at_desk,
    carry_out,
    instant,
    print_rows,
    say,
)
from cellwarden.workflows.investigate import utc_now

Request = Annotated[str, typer.Argument(help="Request, as R-1.")]
GRANT_VALID = timedelta(days=7)
"""How long stewards have to approve a role."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(init)
    app.command()(enrol)
    app.command()(renew)
    app.command("ask-role")(ask_role)
    app.command()(grant)
    app.command()(revoke)
    app.command()(people)


def init(
    *,
    founder: Annotated[list[str], typer.Option("--founder", help="Name of a steward; give it twice.")],
    tokens: Annotated[Path, typer.Option("--tokens", help="Folder for the two token files.")],
    store: Store = DEFAULT_STORE,
    time_zone: Annotated[str, typer.Option("--time-zone", help="IANA name of the operator's zone.")] = "UTC",
) -> None:
    """Make a case store and the tokens of its two founders."""
    if len(founder) != 2:
        raise UsageError(f"{len(founder)} founders", where="case init", fix="Name two people, --founder A --founder B")
    tokens.mkdir(parents=True, exist_ok=True)
    opened = CaseStore(store, clock=utc_now)
    try:
        for token in opened.make((founder[0], founder[1]), time_zone=time_zone):
            token.write(tokens / f"{token.name}.token")
            typer.echo(f"{tokens / f'{token.name}.token'}: give it to {token.name}, who renews it with cellwarden case renew")
    finally:
        opened.close()


def enrol(
    name: Annotated[str, typer.Argument(help="Name of the person.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Token file to write.")],
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Make a person known to the store; roles are asked for apart."""
    token = Token.made(name)
    with at_desk(store, me) as at:
        done = at.do(Enrol(name=name, token_digest=token.digest))
        token.write(out)
        say(done, as_json=as_json)


def renew(*, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """Replace your token by one that nobody else has seen; nothing can be approved before."""
    with at_desk(store, me) as at:
        token = Token.made(at.me.name)
        token.write(me.with_name(f"{me.name}.new"))  # before the store forgets the old one: a kill in between loses neither
        done = at.do(RenewToken(token_digest=token.digest))
        me.with_name(f"{me.name}.new").replace(me)
        say(done, as_json=as_json)


def ask_role(
    name: Annotated[str, typer.Argument(help="Who gets the role.")],
    role: Annotated[str, typer.Argument(help="commander, analyst, network, care, counsel, dpo, auditor or steward.")],
    *,
    purpose: Annotated[str, typer.Option("--purpose", help="Why.")],
    case: Annotated[str | None, typer.Option("--case", help="Only in this case.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="When the role ends; default: never.")] = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Ask for a role; another steward approves it, then it is granted."""
    ends = instant(until, option="--until")
    command = Ask(
        kind="grant",
        purpose=purpose,
        expires_at=utc_now() + GRANT_VALID,
        content={"person": name, "role": role, "until": ends},
        case_id=case,
    )
    carry_out(store, me, command, as_json=as_json)


def grant(request: Request, *, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """Grant an approved role."""
    carry_out(store, me, GrantRole(request_id=request), as_json=as_json)


def revoke(
    grant_id: Annotated[str, typer.Argument(help="Grant, as case people shows it.")],
    *,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Take a role away."""
    carry_out(store, me, RevokeRole(grant_id=grant_id), as_json=as_json)


def people(*, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """List who holds which role."""
    with at_desk(store, me) as at, at.store.reading(at.me, permission=None) as connection:
        columns = {
            "name": "name",
            "role": "role",
            "case_id": "case",
            "until_at": "until",
            "revoked_at": "revoked",
            "grant_id": "grant",
        }
        print_rows(reading.people(connection), columns, zone=at.zone, as_json=as_json)
