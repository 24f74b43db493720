"""Whether the tables say what the log says: a row that somebody wrote past the store has no line, and is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cellwarden.incident.case import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def unlogged(connection: Connection, lines: Sequence[str]) -> list[str]:
    """Return one line for each request, decision, grant or opening that the log does not know as the table has it."""
    entries = [json.loads(line) for line in lines]
    asked = {each["request_id"]: each for each in entries if each["act"] == "requested"}
    decided = {each["request_id"]: each for each in entries if each["act"] in ("request_approved", "request_refused")}
    broken = {each["request_id"]: each for each in entries if each["act"] == "glass_broken"}
    granted = {each["grant_id"] for each in entries if each["act"] == "role_granted"}
    opened = {each["opening_id"] for each in entries if each["act"] == "identifiers_opened"}
    founders = {name for each in entries if each["act"] == "store_made" for name in each["founders"]}
    found = []
    for row in connection.execute(select(schema.REQUEST).order_by(schema.REQUEST.c.asked_at)).mappings():
        name = row["request_id"]
        if not _agrees(asked.get(name), by=row["asked_by"], content_sha256=row["digest"], kind=row["kind"]):
            found.append(f"{name}: the log does not know this request as it stands")
        if row["decided_by"] is not None and not _agrees(decided.get(name), by=row["decided_by"]):
            found.append(f"{name}: the log does not know that {row['decided_by']} decided it")
        if row["state"] == "approved" and not _agrees(decided.get(name), act="request_approved", content_sha256=row["digest"]):
            found.append(f"{name}: the log does not know this approval")
        if row["state"] == "glass" and not _agrees(broken.get(name), by=row["asked_by"], content_sha256=row["digest"]):
            found.append(f"{name}: the log does not know this broken glass")
    for row in connection.execute(select(schema.GRANT)).mappings():
        is_founding = row["role"] == "steward" and row["person"] in founders and row["case_id"] is None
        if row["grant_id"] not in granted and not is_founding:
            found.append(f"{row['grant_id']}: the log does not know that {row['person']} became {row['role']}")
    openings = connection.scalars(select(schema.OPENING.c.opening_id))
    return found + [f"{each}: the log does not know this opening of the directory" for each in openings if each not in opened]


def _agrees(entry: dict[str, Any] | None, **facts: Any) -> bool:
    return entry is not None and all(entry.get(name) == value for name, value in facts.items())
