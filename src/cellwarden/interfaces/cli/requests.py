"""`cellwarden case …`, acts that need a second person: what was asked, and what another says to it."""

from __future__ import annotations

from typing import Annotated

import typer

from cellwarden.incident.case import overview as reading
from cellwarden.incident.case.requests import Decide, Withdraw
from cellwarden.incident.privacy.masking import Mask
from cellwarden.interfaces.cli.acting import (
    DEFAULT_STORE,
    Json,
    Me,
    Store,
    at_desk,
    carry_out,
    print_rows,
)

Request = Annotated[str, typer.Argument(help="Request, as R-1.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(requests)
    app.command()(approve)
    app.command()(refuse)
    app.command()(withdraw)


def requests(
    *,
    state: Annotated[str | None, typer.Option("--state", help="asked, approved, refused, withdrawn or glass.")] = None,
    case: Annotated[str | None, typer.Option("--case", help="Only those that hold in this case.")] = None,
    unmasked: Annotated[
        bool,
        typer.Option("--unmasked", help="With pseudonyms, serials and addresses as they were asked, to decide about them."),
    ] = False,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """List acts that need a second person, masked; people go by names of this answer alone."""
    with at_desk(store, me) as at, at.store.reading(at.me, permission=None) as connection:
        columns = {
            "request_id": "request",
            "case_id": "case",
            "kind": "kind",
            "state": "state",
            "asked_by": "asked by",
            "decided_by": "decided by",
            "expires_at": "ends",
            "purpose": "purpose",
            "digest": "digest",
        }
        rows = [row for row in reading.requests(connection, case_id=case, state=state) if at.may_read(row)]
        print_rows(rows if unmasked else Mask()(rows), columns, zone=at.zone, as_json=as_json)


def approve(
    request: Request,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why you agree.")],
    digest: Annotated[str | None, typer.Option("--digest", help="Digest of what you read; refused if it is another.")] = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Agree to what somebody else asked."""
    carry_out(store, me, Decide(request_id=request, reason=reason, digest=digest), as_json=as_json)


def refuse(
    request: Request,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why you do not agree.")],
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Refuse what somebody else asked."""
    carry_out(store, me, Decide(request_id=request, reason=reason, is_approved=False), as_json=as_json)


def withdraw(request: Request, *, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """Take back what you asked."""
    carry_out(store, me, Withdraw(request_id=request), as_json=as_json)
