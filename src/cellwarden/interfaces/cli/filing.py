"""`cellwarden report …`: the next report of the chain, and the press sheet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.privacy.suppression import K
from cellwarden.interfaces.cli.acting import Json, instant, print_json
from cellwarden.interfaces.cli.notices import On, Result, day
from cellwarden.workflows.filing import Asked, file_report, make_press_sheet
from cellwarden.workflows.investigate import utc_now

report = typer.Typer(no_args_is_help=True, help="Reports to the regulator in a numbered chain, and the press sheet.")
FactsFile = Annotated[Path, typer.Option("--facts", help="notice.toml: whom to ask, what is done, who is responsible.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(report, name="report")


@report.command()
def file(
    result: Result,
    *,
    facts: FactsFile,
    chain: Annotated[Path, typer.Option("--chain", help="Folder of the chain; made by the first report.")],
    kind: Annotated[str, typer.Option("--kind", help="first, supplement or final.")],
    known_at: Annotated[str, typer.Option("--known-at", help="When it became known (ISO 8601 with zone).")],
    at: Annotated[str | None, typer.Option("--at", help="When this is filed; default: now.")] = None,
    because: Annotated[
        list[str] | None, typer.Option("--because", help="Why a figure changed: FIGURE=reason, or all=reason; may repeat.")
    ] = None,
    late_because: Annotated[str, typer.Option("--late-because", help="Why it comes after the limit.")] = "",
    law: Annotated[str, typer.Option("--law", help="Whose limit counts: pipa (72 hours) or network (24 hours).")] = "pipa",
    notices: Annotated[Path | None, typer.Option("--notices", help="Round of notices to report about.")] = None,
    before: Annotated[
        Path | None, typer.Option("--before", help="Result of the report before: say who moved since, and why.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the next report as PDF/A and HWPX; a figure that changed needs a reason."""
    known, filed = instant(known_at, option="--known-at"), instant(at, option="--at") or utc_now()
    if known is None:
        raise UsageError("no time", where="--known-at", fix="Write a time with its zone")
    told = file_report(
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
    if as_json:
        print_json(told)
    else:
        sys.stdout.write(f"report no. {told['number']} ({told['kind']}), {told['changes']} figures changed\n")
        sys.stdout.write("".join(f"{name}  {digest}\n" for name, digest in told["files"].items()))


@report.command()
def press(
    result: Result,
    *,
    facts: FactsFile,
    out: Annotated[Path, typer.Option("--out", help="Folder for press.pdf, press.json and census.csv.")],
    on: On = "",
    k: Annotated[int, typer.Option("--k", min=2, help="Counts of people below this are withheld.")] = K,
    as_json: Json = False,
) -> None:
    """Write what may be published: figures that reconcile, each with its query and sentence, and census tables without small counts."""
    told = make_press_sheet(result, facts, out, on=day(on), k=k)
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
