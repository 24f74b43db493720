"""`cellwarden case …`, evidence items and who held them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case import overview, schema
from cellwarden.incident.case.evidence_items import EnterEvidence, RecordCustody, custody_of
from cellwarden.incident.case.restatements import due_restatements
from cellwarden.interfaces.cli.acting import (
    DEFAULT_STORE,
    Case,
    Json,
    Me,
    Store,
    Version,
    at_desk,
    carry_out,
    instant,
    print_json,
    print_rows,
    say,
)
from cellwarden.interfaces.cli.progress import shown_progress
from cellwarden.workflows.regroup import enter_seized, places, restate_case

if TYPE_CHECKING:
    from cellwarden.incident.case.places import Places

Records = Annotated[
    Path | None, typer.Option("--records", help="Record folder of the result; default: as case open remembers.")
]
Result = Annotated[Path | None, typer.Option("--result", help="Newest result of the case; default: as the case remembers.")]
LakeFolder = Annotated[Path | None, typer.Option("--lake", help="Lake of the result; default: RESULT.lake.")]
Engine = Annotated[str, typer.Option("--engine", help="duckdb, sail, spark, spark://HOST:PORT or sc://HOST:PORT.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(seized)
    app.command()(evidence)
    app.command()(custody)
    app.command()(restate)


def evidence(
    case: Case,
    file: Annotated[
        Path, typer.Argument(help="File of the item, or the document that describes it; it is hashed, not copied.")
    ],
    *,
    kind: Annotated[
        str,
        typer.Option("--kind", help="records, result, query, seized_equipment, statement, external_list or document."),
    ],
    source: Annotated[str, typer.Option("--source", help="System or person it comes from.")],
    query: Annotated[str, typer.Option("--query", help="What was asked of the source.")] = "",
    rows: Annotated[int | None, typer.Option("--rows", help="Records in it.")] = None,
    first: Annotated[str | None, typer.Option("--first", help="Time of the first record.")] = None,
    last: Annotated[str | None, typer.Option("--last", help="Time of the last record.")] = None,
    place: Annotated[str, typer.Option("--place", help="Where it is kept.")] = "case store",
    serial: Annotated[list[str] | None, typer.Option("--serial", help="Serial of seized equipment; may repeat.")] = None,
    certificate: Annotated[
        list[str] | None, typer.Option("--certificate", help="SHA-256 of a certificate on it; may repeat.")
    ] = None,
    address: Annotated[list[str] | None, typer.Option("--address", help="Outer address it used; may repeat.")] = None,
    records: Records = None,
    result: Result = None,
    lake: LakeFolder = None,
    engine: Engine = "duckdb",
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Enter an evidence item; seized equipment groups the ids anew and restates the census, as a version that says who moved and why."""
    if not file.is_file():
        raise UsageError("there is no such file", where=file.name, fix="Name the file itself; a folder enters by its manifest")
    identifiers = {"serials": serial or [], "certificates": certificate or [], "addresses": address or []}
    command = EnterEvidence(
        case_id=case,
        expected_version=version,
        kind=kind,
        name=file.name,
        sha256=sha256_of(file),
        source=source,
        query=query,
        rows=rows,
        first_at=instant(first, option="--first"),
        last_at=instant(last, option="--last"),
        place=place,
        identifiers={name: values for name, values in identifiers.items() if values},
    )
    if kind != "seized_equipment":
        carry_out(store, me, command, as_json=as_json)
        return
    known = _places(records, result, lake)
    with at_desk(store, me) as at, shown_progress(Console(stderr=True), is_quiet=as_json) as progress:
        entered, *restated = enter_seized(at, command, where=known, engine=engine, progress=progress)
        with at.store.reading(at.me, case_id=case) as connection:
            due = [row["restatement_id"] for row in due_restatements(connection, case)]
        if as_json:
            print_json({"event": entered.act, **entered.facts(), "restated": [each.facts() for each in restated], "due": due})
            return
        for each in (entered, *restated):
            say(each, as_json=False)
        if due:
            typer.echo(f"restatement {due[0]} is due: cellwarden case restate {case} --records RECORDS --result RESULT")


def restate(
    case: Case,
    *,
    records: Records = None,
    result: Result = None,
    lake: LakeFolder = None,
    engine: Engine = "duckdb",
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Restate the census for seized equipment where it is still due: after a crash, or once the records are at hand."""
    known = _places(records, result, lake)
    with at_desk(store, me) as at, shown_progress(Console(stderr=True), is_quiet=as_json) as progress:
        say(restate_case(at, case, where=known, engine=engine, progress=progress), as_json=as_json)


def _places(records: Path | None, result: Path | None, lake: Path | None) -> Places | None:
    if records is None and result is None and lake is None:
        return None
    if records is None or result is None:
        raise UsageError(
            "half of what is needed", where="--records, --result", fix="Give both, or neither for what the case remembers"
        )
    return places(records, result, lake)


def custody(
    case: Case,
    evidence_id: Annotated[str, typer.Argument(help="Evidence item, as E-1.")],
    file: Annotated[Path | None, typer.Argument(help="The item's file, hashed anew; without it the steps are listed.")] = None,
    *,
    act: Annotated[str, typer.Option("--act", help="checked, copied, handed_over, returned or destroyed.")] = "checked",
    place: Annotated[str, typer.Option("--place", help="Where it is now, or who holds it.")] = "case store",
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Record a step of an item's custody, or list its steps."""
    if file is not None:
        command = RecordCustody(
            case_id=case, expected_version=version, evidence_id=evidence_id, custody=act, place=place, sha256=sha256_of(file)
        )
        carry_out(store, me, command, as_json=as_json)
        return
    with at_desk(store, me) as at, at.store.reading(at.me, case_id=case) as connection:
        columns = {"step": "step", "at": "at", "by_person": "by", "act": "act", "place": "place", "sha256": "SHA-256"}
        print_rows([dict(row) for row in custody_of(connection, evidence_id)], columns, zone=at.zone, as_json=as_json)


def seized(
    case: Case,
    *,
    out: Annotated[Path, typer.Option("--out", help="File to write, for investigate --seized.")],
    store: Store = DEFAULT_STORE,
    me: Me,
) -> None:
    """Write down what the seized equipment of a case is known by, for an investigation apart from the case."""
    with at_desk(store, me) as at, at.store.reading(at.me, case_id=case) as connection:
        items = overview.of_case(connection, schema.EVIDENCE, case)
    found = [(item["evidence_id"], item["identifiers"]) for item in items if item["kind"] == "seized_equipment"]
    if not found:
        raise UsageError(
            "no seized equipment is in evidence", where=case, fix="Enter it: cellwarden case evidence --kind seized_equipment"
        )
    parts = []
    for name, identifiers in found:
        lists = "".join(f"{kind} = {json.dumps(values, ensure_ascii=False)}\n" for kind, values in sorted(identifiers.items()))
        parts.append(f'[[seized]]\nevidence = "{name}"\n{lists}')
    out.write_text("\n".join(parts), encoding="utf-8")
    typer.echo(f"{len(found)} seizures: {out}")
