"""A command is what a person asks of the store, an event what came of it; a work is the transaction in between."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import insert, or_, select, update

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import MalformedInputError, OutdatedError, RefusedError
from cellwarden.incident.case import schema
from cellwarden.incident.case.roles import ROLES, Permission

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table
    from sqlalchemy.engine import RowMapping


@dataclass(frozen=True, kw_only=True)
class Event:
    """What came of a command; its class name is the act in the log, its fields are the facts."""

    @property
    def act(self) -> str:
        """The name in the log: `CaseOpened` is `case_opened`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    def facts(self) -> dict[str, Any]:
        """Return the fields as the log writes them, without those that are None and the case, which the log names itself."""
        told = {each.name: plain(getattr(self, each.name)) for each in fields(self) if each.name != "case_id"}
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Command(ABC):
    """What a person asks of the store."""

    needs: ClassVar[Permission | None] = None
    """The permission it takes; None where being enrolled is enough."""

    @abstractmethod
    def carried_out(self, work: Work) -> Event:
        """Do it within the transaction, and say what came of it."""

    def needed(self, work: Work) -> Permission | None:  # noqa: ARG002 (commands on a request look up its kind)
        """Return the permission that this very command takes."""
        return self.needs

    def in_case(self, work: Work) -> str | None:  # noqa: ARG002 (commands that name an act look up its case)
        """Return the case in which the permission must hold; None: in the whole store."""
        return getattr(self, "case_id", None)


@dataclass(frozen=True, kw_only=True)
class CaseCommand(Command):
    """A command on one case."""

    case_id: str
    expected_version: int | None = None
    """Version of the case that the asker saw; None: whatever it is now."""


@dataclass(frozen=True)
class Work:
    """One transaction of one person: everything that a command does is in the store, or nothing."""

    connection: Connection
    by: str
    """Who acts."""
    at: datetime
    """When; of one store no act is earlier than the one before."""
    told: list[Event] = field(default_factory=list)
    """Events that a command of several acts adds to its own, in order."""

    def number(self, kind: str) -> str:
        """Return the next name of its kind: `C-1`, then `C-2`."""
        counter = schema.COUNTER
        last = self.connection.scalar(select(counter.c.last).where(counter.c.kind == kind))
        if last is None:
            self.connection.execute(insert(counter).values(kind=kind, last=1))
            return f"{kind}-1"
        self.connection.execute(update(counter).where(counter.c.kind == kind).values(last=last + 1))
        return f"{kind}-{last + 1}"

    def put(self, table: Table, **values: Any) -> None:
        """Insert one row."""
        self.connection.execute(insert(table).values(**values))

    def one(self, table: Table, key: str) -> RowMapping:
        """Return the row of that key.

        Raises:
            MalformedInputError: There is none.
        """
        (column,) = table.primary_key.columns
        row = self.connection.execute(select(table).where(column == key)).mappings().first()
        if row is None:
            raise MalformedInputError(
                f"there is no {table.name} {key!r}", where=column.name, fix="List them, and copy the name"
            )
        return row

    def open_case(self, case_id: str, *, expected_version: int | None = None) -> int:
        """Raise the version of an open case and return it.

        Raises:
            OutdatedError: The case is not at the version that the asker saw.
            RefusedError: The case is closed.
        """
        row = self.one(schema.CASES, case_id)
        if row["state"] != "open":
            raise RefusedError("the case is closed", where=case_id, fix="Reopen it with cellwarden case reopen")
        return self.raised(case_id, expected_version=expected_version)

    def raised(self, case_id: str, *, expected_version: int | None = None) -> int:
        """Raise the version of a case and return it."""
        version = int(self.one(schema.CASES, case_id)["version"])
        if expected_version not in (None, version):
            raise OutdatedError(
                f"the case is at version {version}, not {expected_version}", where=case_id, fix="Read it again, then repeat"
            )
        self.connection.execute(update(schema.CASES).where(schema.CASES.c.case_id == case_id).values(version=version + 1))
        return version + 1

    def may(self, permission: Permission, case_id: str | None = None) -> bool:
        """Say whether the acting person holds a permission, in this case or in all."""
        return permission in permissions_of(self.connection, self.by, at=self.at, case_id=case_id)


def permissions_of(connection: Connection, person: str, *, at: datetime, case_id: str | None = None) -> frozenset[Permission]:
    """Return what a person may do at an instant, by grants for the case and for all cases."""
    grant = schema.GRANT
    scope = grant.c.case_id.is_(None) if case_id is None else or_(grant.c.case_id.is_(None), grant.c.case_id == case_id)
    rows = connection.execute(
        select(grant.c.role).where(
            grant.c.person == person,
            grant.c.revoked_at.is_(None),
            or_(grant.c.until_at.is_(None), grant.c.until_at > at),
            scope,
        )
    )
    return frozenset().union(*(ROLES[row.role] for row in rows))


def plain(value: Any) -> Any:
    """Return a value as JSON can write it."""
    if isinstance(value, datetime):
        return iso(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    return value


def written(content: object) -> str:
    """Write JSON for one column: one line, sorted keys."""
    return json.dumps(plain(content), ensure_ascii=False, sort_keys=True)
