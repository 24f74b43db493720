"""The case store: SQLite by default, PostgreSQL by URL. One command is one transaction, its line of the audit log included."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, func, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from cellwarden.evidence.log import START, line_after
from cellwarden.foundation.errors import BusyError, CellwardenError, MissingPartError, RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import CaseCommand, Command, Event, Work, permissions_of
from cellwarden.incident.case.guards import GUARDED
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.token import Token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

    from cellwarden.foundation.clock import Clock

_WAIT_S = 30
"""How long a command waits for the one before it: none takes longer than a moment."""


class CaseStore:
    """A store that is open; everything in it is done by a known person."""

    def __init__(self, url: str, *, clock: Clock) -> None:
        self.url = _parsed(url)
        self.name = self.url.render_as_string(hide_password=True)
        self._clock = clock
        self._engine = _engine(self.url)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def make(self, founders: tuple[str, str], *, time_zone: str = "UTC") -> tuple[Token, Token]:
        """Make the tables and the two people who grant everybody else their roles, themselves included.

        Args:
            founders: Two stewards: alone, one could approve what the same person asked.
            time_zone: IANA name of the operator's zone, for local days and for reading.

        Raises:
            UsageError: The founders are one person, or there is a store already.
        """
        first, second = (Token.made(name.strip()) for name in founders)
        if first.name == second.name or not first.name or not second.name:
            raise UsageError("a store needs two founders", where="case init", fix="Name two people, --founder A --founder B")
        GUARDED.create_all(self._engine)
        with self._transaction() as connection:
            if connection.scalar(select(func.count()).select_from(schema.FACT)):
                raise UsageError("there is a case store already", where=self.name, fix="Use it, or choose another --store")
            at = self._clock()
            facts = {"schema": str(schema.VERSION), "origin": f"cellwarden-{secrets.token_hex(8)}", "time_zone": time_zone}
            connection.execute(insert(schema.FACT), [{"name": name, "value": value} for name, value in facts.items()])
            for place, token in enumerate((first, second), start=1):
                connection.execute(
                    insert(schema.PERSON).values(name=token.name, token_digest=token.digest, has_own_token=0, enrolled_at=at)
                )
                connection.execute(
                    insert(schema.GRANT).values(grant_id=f"G-{place}", person=token.name, role="steward", granted_at=at)
                )
            connection.execute(insert(schema.COUNTER).values(kind="G", last=2))
            _log(connection, "store_made", at=at, founders=[first.name, second.name], **facts)
        return first, second

    def facts(self) -> dict[str, str]:
        """Return what holds for the whole store: `origin`, `time_zone`, `schema`."""
        with self._engine.connect() as connection:
            return {row.name: row.value for row in connection.execute(select(schema.FACT))}

    def handle(self, command: Command, by: Token) -> Event:
        """Carry a command out: all of it and its line in the log, or nothing.

        A command that is refused leaves a line of its own: who tried what, and why it was refused.

        Raises:
            RefusedError: The person is not known, or lacks the permission; or a rule of the act itself refuses.
            OutdatedError: The case was changed since the person read it.
        """
        try:
            with self._transaction() as connection:
                work = Work(connection, _known(connection, by), _instant(connection, self._clock))
                case_id = command.in_case(work)
                _require(work, command.needed(work), case_id)
                version = None
                if isinstance(command, CaseCommand):
                    version = work.open_case(command.case_id, expected_version=command.expected_version)
                done = command.carried_out(work)
                about = case_id or getattr(done, "case_id", None)
                for each in (done, *work.told):
                    _log(connection, each.act, at=work.at, by=work.by, case=about, version=version, **each.facts())
        except RefusedError as refused:
            self._refused(command, by, refused)
            raise
        except IntegrityError as error:
            by_rule = RefusedError(
                "the database refuses this act", where=type(command).__name__, fix="Another person has to decide it, once"
            )
            self._refused(command, by, by_rule)
            raise by_rule from error
        return done

    @contextlib.contextmanager
    def reading(
        self, by: Token, permission: Permission | None = Permission.READ, case_id: str | None = None
    ) -> Iterator[Connection]:
        """Give a connection to read with.

        Raises:
            RefusedError: The person is not known, or may not read this.
        """
        with self._engine.connect() as connection:
            _require(Work(connection, _known(connection, by), self._clock()), permission, case_id)
            yield connection

    def permissions(self, by: Token, case_id: str | None = None) -> frozenset[Permission]:
        """Return what a person may do now."""
        with self._engine.connect() as connection:
            return permissions_of(connection, _known(connection, by), at=self._clock(), case_id=case_id)

    def log_lines(self) -> list[str]:
        """Return the lines of the audit log, oldest first, without line feeds."""
        with self._engine.connect() as connection:
            return list(connection.scalars(select(schema.LOG.c.line).order_by(schema.LOG.c.number)))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Hold the store: commands follow each other, as the lines of the log do."""
        try:
            with self._engine.execution_options(writes=True).begin() as connection:
                if self._engine.dialect.name == "postgresql":
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(2025090503)")
                yield connection
        except IntegrityError:
            raise
        except DBAPIError as error:
            if "locked" in str(error.orig) or "lock timeout" in str(error.orig):
                raise BusyError("somebody else holds the case store", where=self.name, fix="Try again") from error
            raise CellwardenError(
                f"the database answers {type(error.orig).__name__}", where=self.name, fix="Look into the log of the database"
            ) from error

    def _refused(self, command: Command, by: Token, refused: RefusedError) -> None:
        """Write down who tried what; a stranger's attempt carries no name, for it was not shown to be theirs."""
        with self._transaction() as connection:
            known = connection.scalar(select(schema.PERSON.c.token_digest).where(schema.PERSON.c.name == by.name)) == by.digest
            _log(
                connection,
                "command_refused",
                at=_instant(connection, self._clock),
                by=by.name if known else None,
                command=type(command).__name__,
                case=getattr(command, "case_id", None),
                request=getattr(command, "request_id", None),
                because=refused.what,
            )


def opened_store(url: str, *, clock: Clock) -> CaseStore:
    """Open a store that is there; tables that a newer version added are made.

    Raises:
        UsageError: There is none, or a newer version made it.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite" and not _file_of(parsed):
        raise UsageError("there is no case store", where=str(parsed.database), fix="Make it with cellwarden case init")
    store = CaseStore(url, clock=clock)
    try:
        GUARDED.create_all(store._engine)  # noqa: SLF001 (one module)
        version = store.facts().get("schema")
    except DBAPIError as error:
        raise CellwardenError(
            f"the database answers {type(error.orig).__name__}", where=store.name, fix="Check the URL, and that it runs"
        ) from error
    if version != str(schema.VERSION):
        raise UsageError(
            "no case store of this version",
            where=store.name,
            fix="Make it with cellwarden case init" if version is None else "Use the newer cellwarden",
        )
    return store


def _parsed(url: str) -> URL:
    """Read a URL, or the path of a SQLite file."""
    parsed = make_url(url if "://" in url else f"sqlite:///{url}")
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise UsageError(
            f"{parsed.get_backend_name()} is no database we know", where="--store", fix="Say FILE or postgresql://HOST/NAME"
        )
    return parsed


def _file_of(url: URL) -> bool:
    return bool(url.database) and os.path.exists(str(url.database))  # noqa: PTH110 (a URL's path, not ours)


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url, connect_args={"timeout": _WAIT_S} if url.get_backend_name() == "sqlite" else {})
    except ImportError as error:
        raise MissingPartError("psycopg is not installed", where="--store", fix="pip install 'cellwarden[postgres]'") from error
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _prepared(connection: Any, _record: Any) -> None:
            connection.isolation_level = None  # the driver's own begin comes too late to keep two writers apart
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")

        @event.listens_for(engine, "begin")
        def _begun(connection: Connection) -> None:
            writes = connection.get_execution_options().get("writes", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _known(connection: Connection, by: Token) -> str:
    """Return the name of a person whose token fits."""
    digest = connection.scalar(select(schema.PERSON.c.token_digest).where(schema.PERSON.c.name == by.name))
    if digest is None or not secrets.compare_digest(digest, by.digest):
        raise RefusedError("this token is not known here", where="--me", fix="Ask a steward to enrol you, or renew your token")
    return by.name


def _require(work: Work, needs: Permission | None, case_id: str | None) -> None:
    if needs is not None and not work.may(needs, case_id):
        scope = f"in {case_id}" if case_id else "in this store"
        raise RefusedError(
            f"{work.by} may not {needs} {scope}", where="roles", fix="Ask somebody who may, or a steward for the role"
        )


def _instant(connection: Connection, clock: Clock) -> datetime:
    """Return the present, but never before the last act: a clock that was set back must not reorder what was done."""
    now = clock()
    last = connection.scalar(select(schema.FACT.c.value).where(schema.FACT.c.name == "last_at"))
    return max(now, now.fromisoformat(last)) if last else now


def _log(connection: Connection, act: str, *, at: datetime, **facts: Any) -> None:
    """Append the line of an act; the transaction makes it durable together with the act."""
    row = connection.execute(
        select(schema.LOG.c.number, schema.LOG.c.digest).order_by(schema.LOG.c.number.desc()).limit(1)
    ).first()
    number, previous = (row.number, row.digest) if row else (0, START)
    line, digest = line_after(previous, act, at=at, **{name: value for name, value in facts.items() if value is not None})
    connection.execute(insert(schema.LOG).values(number=number + 1, line=line, digest=digest))
    changed = connection.execute(
        update(schema.FACT).where(schema.FACT.c.name == "last_at").values(value=at.isoformat())
    ).rowcount
    if not changed:
        connection.execute(insert(schema.FACT).values(name="last_at", value=at.isoformat()))
