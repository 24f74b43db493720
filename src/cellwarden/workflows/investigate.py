"""From a record folder to a verdict, a census and a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cellwarden import __version__
from cellwarden.detect import examination, registry_audit
from cellwarden.detect.catalogue import CARDS, DETECTORS, EXPLANATIONS
from cellwarden.detect.detector import CellKey, Surroundings
from cellwarden.detect.families import OUTSIDERS, SECOND, SLIPS, SUPPORT
from cellwarden.detect.fusion import GRADES, PRIOR, UNCHECKED
from cellwarden.detect.place.tracks import tracks
from cellwarden.detect.unit_membership import LIFT
from cellwarden.evidence import log
from cellwarden.exposure.census import ACTIVITY, CENSUS, graded
from cellwarden.exposure.people import count_people
from cellwarden.foundation.clock import iso, naive
from cellwarden.foundation.digest import canonical_json
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.report import render_html, render_pdf
from cellwarden.lake.directory import Directory
from cellwarden.lake.key import LakeKey
from cellwarden.lake.pseudonyms import in_hex
from cellwarden.lake.reading import open_records
from cellwarden.lake.store import Lake
from cellwarden.linkage.complaints import link_complaints
from cellwarden.linkage.differences import differences
from cellwarden.linkage.logins import link_logins
from cellwarden.linkage.tips import link_tips
from cellwarden.records.countries import ZONE_OF_MCC
from cellwarden.records.tables import ACCESS
from cellwarden.records.vocabulary import ACCUSING
from cellwarden.workflows import accused as accused_tables
from cellwarden.workflows.bootstrap import opened_engine
from cellwarden.workflows.dossier import make_dossier
from cellwarden.workflows.explain import EXCUSES, excuses_of
from cellwarden.workflows.investigated import Investigated
from cellwarden.workflows.linking import link_everything
from cellwarden.workflows.load import Loaded, Progress, load, quiet, refuse_lake_inside
from cellwarden.workflows.result import result_folder, write_manifest, write_table, write_text
from cellwarden.workflows.summary import make_summary
from cellwarden.workflows.tables import result_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cellwarden.detect.seized import Seizure
    from cellwarden.engines.port import Engine
    from cellwarden.foundation.clock import Clock

FOREVER = datetime(2999, 1, 1)  # noqa: DTZ001 (naive UTC, as the lake keeps times)
"""Stands for "no end" where a query wants an instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an investigation is asked."""

    records: Path
    out: Path
    lake: Path | None = None
    """None: RESULT + `.lake`, which then holds this folder and nothing else."""
    engine: str = "duckdb"
    until: datetime | None = None
    """Aware; ignore whatever was not known by then."""
    reveal: str = ""
    """Reason for writing real identifiers; empty: pseudonyms."""
    authorise: Callable[[list[int]], None] | None = None
    """Called with the people before the directory is opened; logs, or refuses. Needed where the lake is bound to a case store."""
    seized: tuple[Seizure, ...] = ()
    """Equipment that was seized; ids are grouped by it, and the manifest names it."""
    key: Path | None = None
    mapping: Path | None = None


def investigate(request: Request, *, clock: Clock, progress: Progress = quiet) -> dict[str, Any]:
    """Investigate a record folder and write the result folder; return its summary.

    Raises:
        MalformedInputError: A file cannot be read as what it is.
        RefusedError: A reveal without the key.
        UsageError: The call contradicts itself.
    """
    if request.until is not None and request.until.tzinfo is None:
        raise UsageError("a time without a zone", where="--until", fix="Write 2025-08-05T12:00:00Z or with an offset")
    lake = Lake(request.lake or request.out.with_name(request.out.name + ".lake"))
    if request.reveal and request.authorise is None and lake.approvals_path.exists():
        raise RefusedError(
            "identifiers of this lake are revealed under an approval",
            where=lake.folder.name,
            fix="Ask for one: cellwarden reveal ask",
        )
    for folder in (lake.folder, request.out):
        refuse_lake_inside(request.records, folder)
    with lake.locked(), result_folder(request.out) as draft:
        with opened_engine("duckdb", lake.scratch) as sorter:
            loaded = load(
                request.records,
                lake,
                sorter,
                mapping=request.mapping,
                key=request.key,
                mirror=request.lake is None,
                progress=progress,
            )
        with opened_engine(request.engine, lake.scratch) as engine:
            investigated = _examined(request, lake, engine, loaded, progress)
        names = _revealed(request, lake, investigated, clock) if request.reveal else {}
        progress("write", 0, 1, "result")
        summary = _write(draft, request=request, lake=lake, loaded=loaded, investigated=investigated, names=names)
        progress("write", 1, 1, "result")
    return summary


def _examined(request: Request, lake: Lake, engine: Engine, loaded: Loaded, progress: Progress) -> Investigated:
    """Run every question on the engine."""
    until = naive(request.until) if request.until else FOREVER
    holdings = open_records(engine, lake, until=request.until)
    spans = accused_tables.spans(engine, until)
    operator = loaded.operator.completed(frequent_plmn=accused_tables.frequent_plmn(engine), zone_of_mcc=ZONE_OF_MCC)
    days = [day for day in lake.days("access") if day <= until.strftime("%Y-%m-%d")]
    stages = len(DETECTORS) + len(EXPLANATIONS) + 2 + len(days)
    told: list[str] = []

    def ask(stage: str) -> None:
        told.append(stage)
        progress("examine", min(len(told), stages), stages, stage)

    def read_day(day: str) -> None:
        if day < until.strftime("%Y-%m-%d"):
            lake.read_into(engine, "access", name="access_day", day=day)
            return
        lake.read_into(engine, "access", name="access_whole_day", day=day)
        columns = ", ".join(f"a.{name} AS {name}" for name in ACCESS.schema.names)
        engine.step("access_day", f"SELECT {columns} FROM access_whole_day a WHERE a.at <= :until", until=until)

    surroundings = Surroundings(operator=operator, until=until, seized=request.seized)
    examined = examination.examine(
        engine,
        surroundings,
        missing=holdings.missing,
        days=days,
        read_day=read_day,
        until=until,
        progress=ask,
    )
    registry = registry_audit.audit(
        engine, zone=operator.zone, lacking=holdings.missing((*registry_audit.NEEDS, *registry_audit.HELPS))
    )
    suspects = [each for each in examined.suspects if each.grade in ACCUSING]
    progress("census", 0, 1, "people")
    accused_tables.put_accused(engine, suspects)
    rows = engine.run(CENSUS, until=until).to_pylist()
    exposures = [graded(row, has_usage=holdings.has("usage")) for row in rows]
    people = count_people(engine, exposures, span=spans.get("access"), zone=operator.zone)
    linkage, further = link_everything(
        engine,
        accused_tables.exposed(exposures, suspects),
        has_usage=holdings.has("usage"),
        span=spans.get("payments"),
        until=until,
        zone=operator.zone,
    )
    sources: dict[tuple[CellKey, str], set[str]] = {}
    hand_units = {(each.spell.key, hand): each.spell.unit for each in suspects for hand in each.spell.hands}
    for hand in examined.hands:
        unit = hand_units.get((CellKey.of(hand), hand["hand"]))
        if unit is not None:
            sources.setdefault((CellKey.of(hand), unit), set()).add(hand["source"])
    steps = [] if holdings.missing(examination.PLACED) else accused_tables.steps(engine)
    borders = accused_tables.borders(engine, steps) if steps else []
    seen = {(row["near_cell"], row["lat"], row["lon"]) for row in steps} | {
        (row["cell"], row["lat"], row["lon"]) for row in borders
    }
    positions = tracks(suspects, steps, seen, borders, sources)
    return Investigated(
        operator=operator,
        holdings=holdings,
        examination=examined,
        registry=registry,
        exposures=exposures,
        people=people,
        linkage=linkage,
        further=further,
        complaint_links=link_complaints(engine),
        login_links=link_logins(engine),
        tip_links=link_tips(engine),
        differences=differences(engine),
        positions=positions,
        activity=engine.run(ACTIVITY).to_pylist(),
        spans=spans,
        days=days,
        places=accused_tables.places(engine),
        calibration=surroundings.calibration.rows(),
    )


def _revealed(request: Request, lake: Lake, investigated: Investigated, clock: Clock) -> dict[int, str]:
    """Open the directory for the people of this result, and log that it was done."""
    linked = [each.imsi for each in investigated.linkage.links]
    linked += [each.imsi for each in (*investigated.complaint_links, *investigated.login_links) if each.imsi is not None]
    people = sorted({*linked, *(each.imsi for each in investigated.exposures)})
    secret = LakeKey.read(request.key or lake.key_path)
    if request.authorise is not None and people:
        request.authorise(people)
    with Directory(lake.directory_path, secret) as directory:
        names = directory.reveal("imsi", people)
    log.append(
        lake.audit_path, "identifiers_revealed", at=clock(), reason=request.reveal, people=len(people), result=request.out.name
    )
    return names


def _write(
    folder: Path, *, request: Request, lake: Lake, loaded: Loaded, investigated: Investigated, names: dict[int, str]
) -> dict[str, Any]:
    manifest = lake.manifest()
    rejected = accused_tables.rejected(lake)

    def name_of(imsi: int) -> str:
        return names.get(imsi) or in_hex(imsi)

    tables = result_tables(investigated, name_of)
    for name, rows in tables.items():
        write_table(folder, name, rows)
    write_table(folder, "rejected", rejected)
    summary = make_summary(
        investigated, loaded, manifest.inputs, until=request.until, engine=request.engine, revealed=bool(request.reveal)
    )
    write_text(folder, "summary.json", canonical_json(summary))
    write_text(folder, EXCUSES, canonical_json({"excuses": excuses_of(investigated.examination.suspects)}))
    write_text(folder, "calibration.json", canonical_json({"learnt": investigated.calibration}))
    dossier = make_dossier(investigated, summary, tables, rejected, name_of)
    write_text(folder, "report.html", render_html(dossier))
    write_text(folder, "report.pdf", render_pdf(dossier))
    write_manifest(
        folder,
        {
            "version": __version__,
            "engine": request.engine,
            "settings": loaded.settings,
            "until": iso(request.until) if request.until else None,
            "revealed": bool(request.reveal),
            "seized": [
                {"evidence": each.evidence}
                | {name: sorted(getattr(each, name)) for name in ("serials", "certificates", "addresses")}
                for each in request.seized
            ],
            "key": manifest.key,
            "operator": {
                "name": investigated.operator.name,
                "time_zone": investigated.operator.time_zone,
                "own_plmns": list(investigated.operator.own_plmns),
            },
            "inputs": summary["inputs"],
            "rules": {
                **{f"{each.name}.{name}": limit.value for each in CARDS for name, limit in each.thresholds.items()},
                **{f"grade.{grade}": least for grade, least in GRADES.items()},
                "prior": PRIOR.value,
                "family.second": SECOND.value,
                "family.outsiders": OUTSIDERS.value,
                "family.slips": SLIPS.value,
                "family.support": SUPPORT.value,
                "unchecked": UNCHECKED.value,
                "unit_membership.lift": LIFT.value,
            },
            "detectors": {each.name: each.version for each in CARDS},
            "seed": None,
        },
    )
    return summary


def utc_now() -> datetime:
    """Return the present instant: the one clock that workflows are handed by the interfaces."""
    return datetime.now(UTC)  # noqa: TID251 (the clock itself)
