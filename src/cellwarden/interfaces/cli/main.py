"""`cellwarden`: arguments in, one workflow, lines out."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from cellwarden import __version__
from cellwarden.detect.seized import read_seizures
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import CellwardenError, UsageError
from cellwarden.ingest.check import check as check_records
from cellwarden.interfaces.cli import acting, bundling, census, decoding, exercise, filing, gate, notices, response, tables
from cellwarden.interfaces.cli.progress import shown_progress
from cellwarden.lake.store import Lake
from cellwarden.workflows import catalogue
from cellwarden.workflows.bootstrap import opened_engine
from cellwarden.workflows.demo import demo as run_demo
from cellwarden.workflows.explain import cell_number
from cellwarden.workflows.explain import explain as explain_cell
from cellwarden.workflows.investigate import Request, utc_now
from cellwarden.workflows.investigate import investigate as run_investigation
from cellwarden.workflows.load import load, read_mapping, refuse_lake_inside
from cellwarden.workflows.privacy import authorised

INTERRUPTED = 130
"""Exit code of Ctrl-C, as shells give it."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Find the base station that should not be there, whom it touched and what was stolen through it, from an operator's own records.",
    epilog="Exit codes: 0 done · 1 failed · 2 usage · 3 unreadable input · 4 refused · 5 lake in use · 6 part not installed · 7 damaged lake · 8 case changed meanwhile · 130 interrupted",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output, and nothing else.")]
Records = Annotated[Path, typer.Argument(help="Record folder (see the record contract).", exists=False)]
Engine = Annotated[str, typer.Option("--engine", help="duckdb, sail, spark, spark://HOST:PORT or sc://HOST:PORT.")]
MappingFile = Annotated[Path | None, typer.Option("--mapping", help="Mapping file; default: mapping.toml of the folder.")]
KeyFile = Annotated[Path | None, typer.Option("--key", help="Key of the lake; default: the one beside it, made if missing.")]


def _console(*, is_json: bool = False) -> Console:
    # No markup: what we print quotes files and TOML, whose [brackets] are theirs.
    return Console(stderr=is_json, highlight=False, markup=False)


def _print_json(content: Any) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=_spelt) + "\n")


def _spelt(value: object) -> str:
    return iso(value) if isinstance(value, datetime) else str(value)


@app.command()
def version(*, as_json: Json = False) -> None:
    """Print the version."""
    if as_json:
        _print_json({"version": __version__})
    else:
        _console().print(f"cellwarden {__version__}")


@app.command()
def detectors(*, as_json: Json = False) -> None:
    """List every detector and explanation with its innocent causes and references."""
    entries = catalogue.entries()
    if as_json:
        _print_json(entries)
    else:
        _console().print(tables.detectors(entries))


@app.command()
def check(records: Records, *, mapping: MappingFile = None, as_json: Json = False) -> None:
    """Validate a record folder; nothing is written."""
    found = check_records(records, read_mapping(records, mapping))
    if as_json:
        _print_json([tables.plain(each) for each in found])
    else:
        tables.print_checks(_console(), found)
    if any(each.problem for each in found):
        raise typer.Exit(3)


@app.command()
def ingest(
    records: Records,
    *,
    lake: Annotated[Path, typer.Option("--lake", help="Lake that the records are added to.")],
    mapping: MappingFile = None,
    key: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Add a record folder to a lake; what the lake already holds is left out."""
    refuse_lake_inside(records, lake)
    store = Lake(lake)
    console = _console(is_json=as_json)
    with (
        store.locked(),
        shown_progress(console, is_quiet=as_json) as progress,
        opened_engine("duckdb", store.scratch) as engine,
    ):
        loaded = load(records, store, engine, mapping=mapping, key=key, progress=progress)
    inputs = [
        {"file": each.file, "read": each.read, "accepted": each.accepted, "rejected": each.rejected}
        for each in store.manifest().inputs
    ]
    if as_json:
        _print_json({"inputs": inputs, "repeated": loaded.repeated, "ignored": loaded.ignored})
    else:
        console.print(tables.inputs(inputs))


@app.command()
def investigate(
    records: Records,
    *,
    out: Annotated[Path, typer.Option("--out", help="Result folder; an older result there is replaced.")],
    lake: Annotated[
        Path | None,
        typer.Option("--lake", help="Lake to add to and to search; default: OUT.lake, which holds this folder alone."),
    ] = None,
    engine: Engine = "duckdb",
    until: Annotated[
        str | None, typer.Option("--until", help="Ignore whatever was not known by then (ISO 8601 with zone).")
    ] = None,
    reveal: Annotated[str, typer.Option("--reveal", help="Write real identifiers, for this reason; it is logged.")] = "",
    approval: Annotated[str | None, typer.Option("--approval", help="Approved reveal, as R-1; with --store and --me.")] = None,
    store: acting.Store = acting.DEFAULT_STORE,
    me: Annotated[Path | None, typer.Option("--me", envvar="CELLWARDEN_ME", help="Your token file; with --approval.")] = None,
    seized: Annotated[
        Path | None, typer.Option("--seized", help="Seized equipment, as case seized writes it; ids are grouped by it.")
    ] = None,
    key: KeyFile = None,
    mapping: MappingFile = None,
    as_json: Json = False,
) -> None:
    """Find rogue cells, count whom they touched, link the payments, write the report."""
    console = _console(is_json=as_json)
    asked = Request(
        records=records,
        out=out,
        lake=lake,
        engine=engine,
        until=_instant(until),
        reveal=reveal,
        key=key,
        mapping=mapping,
        seized=read_seizures(seized) if seized else (),
    )
    with contextlib.ExitStack() as stack:
        if approval is not None:
            at = stack.enter_context(acting.at_desk(store, me or Path("missing.token")))
            authorise = authorised(at, approval, Lake(lake or out.with_name(f"{out.name}.lake")), out.name)
            asked = dataclasses.replace(asked, authorise=authorise, reveal=reveal or f"approval {approval}")
        progress = stack.enter_context(shown_progress(console, is_quiet=as_json))
        summary = run_investigation(asked, clock=utc_now, progress=progress)
    if as_json:
        _print_json(summary)
    else:
        tables.print_verdict(console, out, summary)


@app.command()
def explain(
    result: Annotated[Path, typer.Argument(help="Result folder of an investigation.")],
    cell: Annotated[str, typer.Argument(help="Cell as 19753073, 0x12d6871 or 77158-113.")],
    *,
    as_json: Json = False,
) -> None:
    """Say what speaks for and against a cell."""
    told = explain_cell(result, cell_number(cell))
    if as_json:
        _print_json(told)
    else:
        tables.print_explanation(_console(), told)


@app.command()
def decode(
    files: Annotated[list[Path] | None, typer.Argument(help="Captures: pcap or pcapng, plain, .gz or .zst.")] = None,
    *,
    fields: Annotated[str, typer.Option("--fields", help="Columns, comma separated; default: all.")] = "",
    where: Annotated[
        str, typer.Option("--where", help="Condition, such as: nas_type = 'attach_request' and imsi is not null")
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default: standard output.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="RFC 4180 with a header.")] = False,
    as_parquet: Annotated[bool, typer.Option("--parquet", help="A Parquet file; needs --out.")] = False,
    user_link: Annotated[list[str] | None, typer.Option("--user-link", help="What a user link type holds: 150=s1ap.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes for several files.")] = 1,
    columns: Annotated[bool, typer.Option("--columns", help="List the columns with their meaning, and end.")] = False,
) -> None:
    """Decode captures: one row a NAS message or PDU, with the identities that it shows in clear."""
    if columns:
        sys.stdout.write("\n".join(decoding.column_lines()) + "\n")
        return
    chosen = [form for form, is_chosen in (("json", as_json), ("csv", as_csv), ("parquet", as_parquet)) if is_chosen]
    if len(chosen) > 1:
        raise UsageError(f"--{' and --'.join(chosen)} contradict each other", where="decode", fix="Choose one")
    if not files:
        raise UsageError("no capture named", where="decode", fix="Say cellwarden decode FILE…, or --columns")
    with shown_progress(_console(is_json=True), is_quiet=out is None and sys.stdout.isatty()) as progress:
        decoding.run(
            files,
            form=chosen[0] if chosen else "table",
            out=out,
            fields=[name.strip() for name in fields.split(",") if name.strip()],
            where=where,
            workers=workers,
            links=decoding.user_links(user_link or []),
            progress=lambda done, total: progress("decode", done, total, "octets"),
        )


@app.command()
def demo(
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder of the demo; an older demo there is replaced.")] = Path("demo"),
    seed: Annotated[int, typer.Option("--seed", help="Another seed, another city.")] = 1,
    engine: Engine = "duckdb",
    as_json: Json = False,
) -> None:
    """Make a small city with a hidden rogue, investigate it, and print the verdict."""
    console = _console(is_json=as_json)
    with shown_progress(console, is_quiet=as_json) as progress:
        summary = run_demo(out, seed=seed, clock=utc_now, engine=engine, progress=progress)
    if as_json:
        _print_json(summary)
    else:
        tables.print_verdict(console, out / "result", summary)


bundling.register(app)
census.register(app)
exercise.register(app)
gate.register(app)
filing.register(app)
notices.register(app)
response.register(app)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no time", where="--until", fix="Write 2025-08-05T12:00:00Z") from error


def main() -> None:
    """Run the command line; every error of ours becomes one line and its exit code."""
    try:
        app()
    except CellwardenError as error:
        sys.stderr.write(f"cellwarden: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer catches Ctrl-C itself and says nothing
            _interrupted()
        raise
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe left: nobody to tell
        sys.exit(1)
    except Exception:
        logging.getLogger("cellwarden").exception("unexpected")
        sys.stderr.write("cellwarden: an error of ours, told above. Please report it with this text.\n")
        sys.exit(CellwardenError.exit_code)


def _interrupted() -> NoReturn:
    sys.stderr.write("cellwarden: interrupted. Nothing half-written was left behind.\n")
    sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
