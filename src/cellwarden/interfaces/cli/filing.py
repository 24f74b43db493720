"""`cellwarden report …`: draft, ask for and file the next report of the chain; the press sheet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case.requests import Ask
from cellwarden.incident.notices.release import KIND, Release
from cellwarden.incident.privacy.suppression import K
from cellwarden.interfaces.cli.acting import DEFAULT_STORE, Json, Me, Store, at_desk, instant, print_json, say
from cellwarden.interfaces.cli.notices import On, Result, day
from cellwarden.workflows.filing import Asked, draft_report, file_report, to_approve
from cellwarden.workflows.investigate import utc_now
from cellwarden.workflows.press import draft_press_sheet, press_to_approve, publish_press_sheet

report = typer.Typer(no_args_is_help=True, help="Reports to the regulator in a numbered chain, and the press sheet.")
Drafted = Annotated[Path, typer.Argument(help="Folder with a draft in it: a chain of reports, or a press sheet.")]
Agreed = Annotated[str, typer.Option("--request", help="Approved request, as R-1.")]
Chain = Annotated[Path, typer.Argument(help="Folder of the chain, with a draft in it.")]
FactsFile = Annotated[Path, typer.Option("--facts", help="notice.toml: whom to ask, what is done, who is responsible.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(report, name="report")


@report.command()
def draft(
    result: Result,
    *,
    facts: FactsFile,
    chain: Annotated[Path, typer.Option("--chain", help="Folder of the chain; made by the first draft.")],
    kind: Annotated[str, typer.Option("--kind", help="first, supplement or final.")],
    known_at: Annotated[str, typer.Option("--known-at", help="When it became known (ISO 8601 with zone).")],
    at: Annotated[str | None, typer.Option("--at", help="When this is to be filed; default: now.")] = None,
    because: Annotated[
        list[str] | None,
        typer.Option(
            "--because", help="Why a figure changed: FIGURE=reason, or all=reason; may repeat. FIGURE.ko= is the Korean reason."
        ),
    ] = None,
    late_because: Annotated[str, typer.Option("--late-because", help="Why it comes after the limit.")] = "",
    law: Annotated[str, typer.Option("--law", help="Whose limit counts: pipa (72 hours) or network (24 hours).")] = "pipa",
    notices: Annotated[Path | None, typer.Option("--notices", help="Round of notices to report about.")] = None,
    before: Annotated[
        Path | None, typer.Option("--before", help="Result of the report before: say who moved since, and why.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Draft the next report as PDF/A and HWPX, in CHAIN/draft; a figure that changed needs a reason."""
    known, filed = instant(known_at, option="--known-at"), instant(at, option="--at") or utc_now()
    if known is None:
        raise UsageError("no time", where="--known-at", fix="Write a time with its zone")
    told = draft_report(
        Asked(
            result=result,
            facts=facts,
            chain=chain,
            kind=kind,
            known_at=known,
            at=filed,
            because=_reasons(because or []),
            late_because=late_because,
            law=law,
            notices=notices,
            before=before,
        )
    )
    _tell(told, "draft of report", as_json=as_json)


@report.command()
def ask(
    place: Drafted,
    *,
    case: Annotated[str, typer.Option("--case", help="Case, as C-1.")],
    purpose: Annotated[str, typer.Option("--purpose", help="Why it must be filed or published.")],
    until: Annotated[str, typer.Option("--until", help="Until when an approval may be used (ISO 8601 with zone).")],
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Ask a second person to approve the draft of a report or press sheet; `case approve` answers."""
    end = instant(until, option="--until")
    if end is None:
        raise UsageError("no end", where="--until", fix="Write a time with its zone")
    with at_desk(store, me) as at:
        content = press_to_approve(place) or to_approve(place)
        say(at.do(Ask(kind=KIND, purpose=purpose, expires_at=end, content=content, case_id=case)), as_json=as_json)


@report.command()
def file(
    chain: Chain,
    *,
    request: Agreed,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """File the draft that another person approved: it becomes the next report of the chain."""
    with at_desk(store, me) as at:
        told = file_report(
            chain,
            at=utc_now(),
            release=lambda what, sha256: at.do(Release(request_id=request, what=what, sha256=sha256)),
        )
    _tell(told, "report", as_json=as_json)


def _tell(told: dict[str, Any], name: str, *, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        sys.stdout.write(f"{name} no. {told['number']} ({told['kind']}), {told['changes']} figures changed\n")
        sys.stdout.write("".join(f"{file}  {digest}\n" for file, digest in told["files"].items()))


@report.command()
def press(
    result: Result,
    *,
    facts: FactsFile,
    out: Annotated[Path, typer.Option("--out", help="Folder for press.pdf, press.json and census.csv, in OUT/draft at first.")],
    on: On = "",
    k: Annotated[int, typer.Option("--k", min=2, help="Counts of people below this are withheld.")] = K,
    as_json: Json = False,
) -> None:
    """Draft what may be published: figures that reconcile, each with its query and sentence, and census tables without small counts."""
    _tell_press(draft_press_sheet(result, facts, out, on=day(on), k=k), as_json=as_json)


@report.command()
def publish(
    place: Annotated[Path, typer.Argument(help="Folder of the press sheet, with a draft in it.")],
    *,
    request: Agreed,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Publish the press sheet that another person approved: it leaves the draft, and the log says so first."""
    with at_desk(store, me) as at:
        told = publish_press_sheet(
            place, release=lambda what, sha256: at.do(Release(request_id=request, what=what, sha256=sha256))
        )
    _tell_press(told, as_json=as_json)


def _tell_press(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        sys.stdout.write("".join(f"{sentence}\n" for sentence in told["sentences"]["en"]))


def _reasons(texts: list[str]) -> dict[str, str]:
    reasons = {}
    for text in texts:
        name, mark, reason = text.partition("=")
        if not mark or not reason.strip():
            raise UsageError(f"{text!r} gives no reason", where="--because", fix="Write people_imsi='grades were mended'")
        reasons[name.strip()] = reason.strip()
    return reasons
