"""A case as a folder for others: `case.json` for machines, `case.html` for people, masked unless a reveal for this case was agreed."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2

from cellwarden.foundation.clock import iso
from cellwarden.foundation.digest import canonical_json, sha256_of
from cellwarden.foundation.drafted import draft_of, drafted
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case import overview, schema
from cellwarden.incident.case.command import plain
from cellwarden.incident.case.exports import CaseExported, ExportCase
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.containment.acts import containments
from cellwarden.incident.privacy.masking import Mask
from cellwarden.workflows.privacy import open_identifiers

if TYPE_CHECKING:
    from pathlib import Path

    from cellwarden.incident.case.command import Event
    from cellwarden.lake.store import Lake
    from cellwarden.workflows.respond import Desk

Row = dict[str, Any]
SECTIONS = {
    "timeline": ("타임라인", "Timeline"),
    "tasks": ("할 일", "Tasks"),
    "decisions": ("결정", "Decisions"),
    "evidence": ("증거", "Evidence"),
    "restatements": ("집계 정정", "Restatements"),
    "clocks": ("법정 기한", "Legal clocks"),
    "requests": ("두 사람의 승인이 필요한 행위", "Acts that need a second person"),
    "containments": ("차단·제한 조치", "Containment"),
    "log": ("감사 기록", "Audit log"),
}
"""What a case consists of, with its heading in Korean and English."""


def export_case(
    at: Desk, case_id: str, out: Path, *, approval: str | None = None, lake: Lake | None = None, key: Path | None = None
) -> Event:
    """Write a case into a new folder.

    The line of the log comes before the folder has its name, so that no export is without one. Asked again after a kill in between, the folder
    that was logged is given its name, and nothing is logged twice.

    Args:
        at: Who takes it.
        case_id: Which case.
        out: A folder that is not there yet.
        approval: Request of a reveal of this case; the people whom it names are shown under their identifiers, and nobody else.
        lake: Whose directory holds them; needed with an approval.
        key: Key of the lake; None: the one beside it.

    Raises:
        UsageError: `out` is there, or an approval without a lake.
        RefusedError: The approval is of another case, not approved, somebody else's, or over.
    """
    if out.exists():
        raise UsageError("this is there already", where=out.name, fix="Choose a new --out, so that nothing is replaced")
    if (logged := _logged(at, case_id, draft_of(out), out.name, approval)) is not None:
        draft_of(out).replace(out)
        return logged
    held = _held(at, case_id)
    mask = Mask()
    mask(held)
    named: dict[str, str] = {}
    if approval is not None:
        named = _revealed(at, case_id, approval, people=set(mask.people), lake=lake, key=key)
        mask = Mask(revealed=named)
    content = {
        "exported": {
            "case": case_id,
            "at": iso(at.now()),
            "by": at.me.name,
            "masked": not named,
            "people": len(mask.people),
            "people_named": len(named),
            "approval": approval,
            "purpose": mask(_purpose(held, approval)),
        },
        **mask(held),
    }
    with drafted(out) as draft:
        (draft / "case.json").write_text(canonical_json(content), encoding="utf-8")
        (draft / "case.html").write_text(_html(content), encoding="utf-8")
        command = ExportCase(
            case_id=case_id,
            name=out.name,
            sha256=sha256_of(draft / "case.json"),
            people=len(mask.people),
            people_named=len(named),
            approval=approval,
        )
        return at.do(command)


def _logged(at: Desk, case_id: str, draft: Path, name: str, approval: str | None) -> Event | None:
    """Return the export that a kill kept from its name: the same person's, of the same case under the same approval, with these bytes."""
    if not (draft / "case.json").is_file():
        return None
    asked = {"act": "case_exported", "by": at.me.name, "case": case_id, "name": name, "sha256": sha256_of(draft / "case.json")}
    for line in map(json.loads, at.store.log_lines()):
        if asked.items() <= line.items() and line.get("approval") == approval:
            facts = {each.name: line.get(each.name) for each in fields(CaseExported)}
            return CaseExported(**facts)
    return None


def _held(at: Desk, case_id: str) -> Row:
    """Return everything of a case as JSON can hold it, with the lines of the log about it for whoever may read the log."""
    with at.store.reading(at.me, case_id=case_id) as connection:
        held = overview.overview(connection, case_id)
        held["containments"] = [{**row, "target": json.loads(row["target"])} for row in containments(connection, case_id)]
    may_read_log = Permission.READ_LOG in at.store.permissions(at.me, case_id)
    lines = [json.loads(line) for line in at.store.log_lines()] if may_read_log else []
    held["log"] = [line for line in lines if line.get("case") == case_id]
    plain_held: Row = plain(held)
    return plain_held


def _revealed(
    at: Desk, case_id: str, approval: str, *, people: set[str], lake: Lake | None, key: Path | None
) -> dict[str, str]:
    if lake is None:
        raise UsageError("an approval without the lake whose directory it opens", where="--approval", fix="Say --lake too")
    with at.store.reading(at.me, case_id=case_id) as connection:
        asked = connection.execute(schema.REQUEST.select().where(schema.REQUEST.c.request_id == approval)).mappings().first()
    if asked is None or asked["kind"] != "reveal" or asked["case_id"] != case_id:
        raise RefusedError("no reveal of this case", where=approval, fix="Ask for one in it: cellwarden reveal ask")
    agreed = people & set(json.loads(asked["content"]).get("people", ()))
    if not agreed:
        raise RefusedError("this reveal names nobody", where=approval, fix="Ask for one that names people: reveal ask --people")
    return open_identifiers(at, approval, lake, sorted(agreed), "case export", key=key)


def _purpose(held: Row, approval: str | None) -> str:
    return next((row["purpose"] for row in held["requests"] if row["request_id"] == approval), "")


def _html(content: Row) -> str:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(
            {"case": (files("cellwarden.incident") / "templates/case.html.j2").read_text(encoding="utf-8")}
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = [(name, *headings, content[name]) for name, headings in SECTIONS.items()]
    return environment.get_template("case").render(case=content, sections=sections, spelt=_spelt)


def _spelt(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
