"""`cellwarden notices …`: make a round, ask for it, send it; and answer *was I affected?*."""

from __future__ import annotations

import secrets
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case.requests import Ask
from cellwarden.incident.notices.delivery import Folder, Smtp, Webhook
from cellwarden.incident.notices.release import KIND, Release
from cellwarden.interfaces.cli.acting import DEFAULT_STORE, Json, Store, at_desk, instant, print_json, say
from cellwarden.interfaces.cli.progress import shown_progress
from cellwarden.workflows.answering import answer_question, code_for, hand_over, owed_to_all
from cellwarden.workflows.investigate import utc_now
from cellwarden.workflows.notify import INDEX, Order, make_notices, send_notices

notices = typer.Typer(no_args_is_help=True, help="Notices to the people touched: make, ask, send, answer.")
Result = Annotated[Path, typer.Argument(help="Result folder of an investigation.")]
Round = Annotated[Path, typer.Argument(help="Round of notices: an --out of notices make.")]
On = Annotated[str, typer.Option("--on", help="Local date; default: today in UTC.")]
Out = Annotated[Path, typer.Option("--out", help="New folder.")]
Lake = Annotated[Path | None, typer.Option("--lake", help="Lake of the result; default: RESULT.lake.")]
Secret = Annotated[Path, typer.Option("--secret", help="Key of the look-up; made if it is not there.")]
MaybeMe = Annotated[Path | None, typer.Option("--me", envvar="CELLWARDEN_ME", help="Your token file.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(notices, name="notices")


@notices.command()
def make(
    result: Result,
    *,
    facts: Annotated[Path, typer.Option("--facts", help="notice.toml: whom to ask, what is done, who is responsible.")],
    out: Out,
    on: On = "",
    case: Annotated[str, typer.Option("--case", help="Number of the case; part of every reference.")] = "",
    lake: Lake = None,
    earlier: Annotated[list[Path] | None, typer.Option("--earlier", help="Earlier round; may repeat, oldest first.")] = None,
    under: Annotated[
        list[str] | None, typer.Option("--under", help="Law, by its key; may repeat; default: those of Korea in force.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that draw.")] = 1,
    as_json: Json = False,
) -> None:
    """Write a notice for everybody who must be told, and hold each against the law."""
    order = Order(
        result=result,
        facts=facts,
        out=out,
        on=day(on),
        case=case,
        lake=lake,
        earlier=tuple(earlier or ()),
        under=tuple(under or ()),
        workers=workers,
    )
    with shown_progress(Console(stderr=True, highlight=False), is_quiet=as_json) as progress:
        told = make_notices(order, progress=progress)
    if as_json:
        print_json(told)
    else:
        classes = ", ".join(f"{count:,} {name}" for name, count in told["by_class"].items()) or "nobody"
        sys.stdout.write(f"{told['notices']:,} notices ({classes}), {told['faults']:,} faults: {out}\n")
    if told["faults"]:
        raise typer.Exit(1)


@notices.command()
def ask(
    folder: Round,
    *,
    case: Annotated[str, typer.Option("--case", help="Case, as C-1.")],
    purpose: Annotated[str, typer.Option("--purpose", help="Why they must go.")],
    until: Annotated[str, typer.Option("--until", help="Until when an approval may be used (ISO 8601 with zone).")],
    store: Store = DEFAULT_STORE,
    me: Annotated[Path, typer.Option("--me", envvar="CELLWARDEN_ME", help="Your token file: who you are.")],
    as_json: Json = False,
) -> None:
    """Ask a second person to approve a round; `case approve` answers."""
    end = instant(until, option="--until")
    if end is None:
        raise UsageError("no end", where="--until", fix="Write a time with its zone")
    content = {"what": "notices", "sha256": sha256_of(folder / INDEX)}
    with at_desk(store, me) as at:
        say(at.do(Ask(kind=KIND, purpose=purpose, expires_at=end, content=content, case_id=case)), as_json=as_json)


@notices.command()
def send(
    folder: Round,
    *,
    to: Annotated[str, typer.Option("--to", help="file:FOLDER, smtp://HOST:PORT, smtp+plain://HOST:PORT, or https://…")],
    addresses: Annotated[Path | None, typer.Option("--addresses", help="CSV with subject and address.")] = None,
    sender: Annotated[str, typer.Option("--sender", help="From address of mail.")] = "",
    token: Annotated[str, typer.Option("--token", envvar="CELLWARDEN_WEBHOOK_TOKEN", help="Bearer token of the webhook.")] = "",
    request: Annotated[str, typer.Option("--request", help="Approved request, as R-1.")] = "",
    on: On = "",
    store: Store = DEFAULT_STORE,
    me: MaybeMe = None,
    as_json: Json = False,
) -> None:
    """Deliver a round; repeat it to try those again that failed. Exit code 1: some failed."""
    adapter = _adapter(to, sender, token)
    if not request or me is None:  # a folder too: what is printed is posted
        raise RefusedError(
            "sending needs an approved request",
            where="--request",
            fix="Say notices ask, let another approve, name the request",
        )
    with at_desk(store, me) as at:
        at.do(Release(request_id=request, what="notices", sha256=sha256_of(folder / INDEX)))
    told = send_notices(folder, adapter, addresses=addresses, clock=utc_now, on=day(on))
    if as_json:
        print_json(told)
    else:
        sys.stdout.write(
            "{delivered:,} delivered, {failed:,} failed, {already:,} before, {on_the_web:,} on the web until {until}\n".format(
                **told
            )
        )
    if told["failed"]:
        raise typer.Exit(1)


@notices.command()
def code(subject: Annotated[str, typer.Argument(help="Subscriber as the result names them.")], *, secret: Secret) -> None:
    """Print the code of a line for the program that sends it to the line; never show it to whoever asks."""
    sys.stdout.write(code_for(_secret(secret), subject, at=utc_now()) + "\n")


@notices.command()
def answer(
    subject: Annotated[str, typer.Argument(help="Subscriber as the result names them.")],
    typed: Annotated[str, typer.Argument(help="Code that was typed.")],
    *,
    result: Annotated[Path, typer.Option("--result", help="Result folder.")],
    rounds: Annotated[list[Path], typer.Option("--round", help="Round of notices; may repeat, oldest first.")],
    secret: Secret,
    language: Annotated[str, typer.Option("--language", help="ko or en.")] = "ko",
    tries: Annotated[
        Path | None, typer.Option("--tries", help="File that counts wrong codes; default: beside the key. It names no line.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer *was I affected?* to whoever typed the right code. A stranger's answer is always the same; after five wrong codes a line waits ten minutes. Exit code 4: no fit."""
    told = answer_question(
        result,
        rounds,
        _secret(secret),
        subject,
        typed,
        at=utc_now(),
        language=language,
        tries=tries or secret.with_name(f"{secret.name}.tries"),
    )
    if as_json:
        print_json({"is_proven": told.is_proven, "text": told.text})
    else:
        sys.stdout.write(told.text.rstrip("\n") + "\n")
    if not told.is_proven:
        raise typer.Exit(RefusedError.exit_code)


@notices.command()
def owed(
    result: Result,
    *,
    out: Annotated[Path, typer.Option("--out", help="CSV to write.")],
    on: On = "",
    rules: Annotated[Path | None, typer.Option("--rules", help="Rules; default: those of the public case.")] = None,
    leavers: Annotated[
        Path | None, typer.Option("--leavers", help="CSV with subject, left_on and ex_officio (yes or no): who left.")
    ] = None,
    lake: Lake = None,
    as_json: Json = False,
) -> None:
    """List what is owed to whom on a day: swaps, refunds, waivers, each with what speaks against it."""
    told = owed_to_all(result, out, on=day(on), rules=rules, lake=lake, leavers=leavers)
    if as_json:
        print_json(told)
    else:
        sys.stdout.write("".join(f"{rule}: {count:,}\n" for rule, count in told.items()))


@notices.command("hand-over")
def hand_over_command(
    result: Result,
    *,
    facts: Annotated[Path, typer.Option("--facts", help="notice.toml: whom to ask, who is responsible.")],
    out: Out,
    on: On = "",
    lake: Lake = None,
    as_json: Json = False,
) -> None:
    """Make the packs, each with a letter, for other controllers (MVNOs) and for the services whose log-ins are concerned."""
    told = hand_over(result, out, facts=facts, on=day(on), lake=lake)
    if as_json:
        print_json(told)
    else:
        sys.stdout.write("".join(f"{name}: {count:,}\n" for name, count in told.items()) or "nobody else is concerned\n")


def _adapter(to: str, sender: str, token: str) -> Folder | Smtp | Webhook:
    scheme, _, rest = to.partition(":")
    if scheme == "file" and rest:
        return Folder(Path(rest))
    if scheme in ("smtp", "smtp+plain"):
        host, _, port = rest.strip("/").rpartition(":")
        if not host or not port.isdigit() or "@" not in sender:
            raise UsageError(
                "no relay or no sender", where="--to", fix="Write smtp://HOST:PORT and --sender care@mobile.example"
            )
        return Smtp(host, int(port), sender, starttls=scheme == "smtp")
    if scheme in ("http", "https"):
        return Webhook(to, token)
    raise UsageError(f"{scheme!r} is no way to deliver", where="--to", fix="Write file:FOLDER, smtp://HOST:PORT or https://…")


def _secret(path: Path) -> bytes:
    """Read the key of the look-up, or make one that only its owner can read."""
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    key = path.read_bytes()
    if len(key) < 32:
        raise UsageError("too short for a key", where=path.name, fix="Remove the file; a new one is made")
    return key


def day(text: str) -> date:
    """Read a date of the command line; empty: today."""
    try:
        return date.fromisoformat(text) if text else utc_now().date()
    except ValueError as error:
        raise UsageError(f"{text!r} is no date", where="--on", fix="Write 2025-09-11") from error
