"""A case as rows to show: each list in its own order, values as they stand in the store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.case import schema
from cellwarden.incident.case.timeline import timeline

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_JSON = {"alternatives", "identifiers", "content", "told"}


def case_row(connection: Connection, case_id: str) -> dict[str, Any]:
    """Return title, state and version of a case.

    Raises:
        MalformedInputError: There is none.
    """
    row = connection.execute(select(schema.CASES).where(schema.CASES.c.case_id == case_id)).mappings().first()
    if row is None:
        raise MalformedInputError("there is no such case", where=case_id, fix="List them: cellwarden case list")
    return dict(row)


def cases(connection: Connection) -> list[dict[str, Any]]:
    """Return every case, newest first."""
    return [dict(row) for row in connection.execute(select(schema.CASES).order_by(schema.CASES.c.opened_at.desc())).mappings()]


def overview(connection: Connection, case_id: str) -> dict[str, Any]:
    """Return everything of a case: the rows of each of its tables."""
    return {
        **case_row(connection, case_id),
        "timeline": [dict(row) for row in timeline(connection, case_id)],
        "tasks": of_case(connection, schema.TASK, case_id),
        "decisions": of_case(connection, schema.DECISION, case_id),
        "evidence": of_case(connection, schema.EVIDENCE, case_id),
        "restatements": of_case(connection, schema.RESTATEMENT, case_id),
        "clocks": of_case(connection, schema.CLOCK, case_id),
        "requests": of_case(connection, schema.REQUEST, case_id),
    }


def of_case(connection: Connection, table: Table, case_id: str) -> list[dict[str, Any]]:
    """Return the rows of a case in one table, in order of their numbers."""
    (key,) = table.primary_key.columns
    rows = connection.execute(select(table).where(table.c.case_id == case_id)).mappings()
    return sorted((_read(row) for row in rows), key=lambda row: _number(row[key.name]))


def requests(connection: Connection, *, case_id: str | None = None, state: str | None = None) -> list[dict[str, Any]]:
    """Return requests, oldest first; of a case those of the whole store too, for they hold in it."""
    request = schema.REQUEST
    chosen = select(request)
    if case_id is not None:
        chosen = chosen.where(or_(request.c.case_id == case_id, request.c.case_id.is_(None)))
    if state is not None:
        chosen = chosen.where(request.c.state == state)
    return sorted((_read(row) for row in connection.execute(chosen).mappings()), key=lambda row: _number(row["request_id"]))


def people(connection: Connection) -> list[dict[str, Any]]:
    """Return who holds which role where, without tokens; somebody without a role has one row without it."""
    person, grant = schema.PERSON, schema.GRANT
    rows = connection.execute(
        select(
            person.c.name,
            person.c.has_own_token,
            grant.c.grant_id,
            grant.c.role,
            grant.c.case_id,
            grant.c.until_at,
            grant.c.revoked_at,
        )
        .join_from(person, grant, person.c.name == grant.c.person, isouter=True)
        .order_by(person.c.name, grant.c.granted_at)
    ).mappings()
    return [dict(row) for row in rows]


def _read(row: Any) -> dict[str, Any]:
    return {name: json.loads(value) if name in _JSON and value else value for name, value in row.items()}


def _number(key: str) -> int:
    return int(key.rpartition("-")[2])
