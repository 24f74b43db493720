"""Rules that the database itself keeps, against whoever writes into it; both databases know triggers, each in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import DDL, event

from cellwarden.incident.case.schema import CUSTODY, DECISION, ENTRY, EVIDENCE, LOG, METADATA, OPENING, REQUEST, RESTATEMENT

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.schema import ExecutableDDLElement

UNCHANGING = (LOG, ENTRY, DECISION, EVIDENCE, CUSTODY, OPENING)
"""Tables whose rows are never changed or removed."""
FIXED_OF_REQUEST = ("request_id", "case_id", "kind", "purpose", "content", "digest", "asked_by", "asked_at", "expires_at")


def _guard(table: Table, when: str, name: str, saying: str, condition: str = "") -> None:
    """Let the database refuse an act on a table, always or on a condition."""
    only = f"WHEN ({condition}) " if condition else ""
    statements = {
        "sqlite": [f"CREATE TRIGGER {name} BEFORE {when} ON {table.name} {only}BEGIN SELECT RAISE(ABORT, '{saying}'); END"],
        "postgresql": [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{saying}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {name} BEFORE {when} ON {table.name} FOR EACH ROW {only}EXECUTE FUNCTION {name}()",
        ],
    }
    for dialect, written in statements.items():
        for each in written:
            guard: ExecutableDDLElement = DDL(each)  # type: ignore[no-untyped-call] # SQLAlchemy's own constructor has no annotations
            event.listen(table, "after_create", guard.execute_if(dialect=dialect))


def _guard_against_emptying(table: Table) -> None:
    """Refuse TRUNCATE, which PostgreSQL has beside DELETE and which fires no trigger of a row."""
    name = f"no_truncate_of_{table.name}"
    kept = f"RAISE EXCEPTION 'rows of {table.name} are kept as they are' USING ERRCODE = 'integrity_constraint_violation'"
    for each in (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {kept}; END $$",
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table.name} EXECUTE FUNCTION {name}()",
    ):
        guard: ExecutableDDLElement = DDL(each)  # type: ignore[no-untyped-call] # as above
        event.listen(table, "after_create", guard.execute_if(dialect="postgresql"))


def kept_as_written(table: Table) -> None:
    """Let the database refuse to change or remove rows of a table; other parts of the response call it for theirs."""
    _guard_against_emptying(table)
    for act in ("UPDATE", "DELETE"):
        _guard(table, act, f"no_{act.lower()}_of_{table.name}", f"rows of {table.name} are kept as they are")


for _table in UNCHANGING:
    kept_as_written(_table)
_guard(RESTATEMENT, "DELETE", "no_delete_of_restatement", "a restatement is written, not removed")
_guard(RESTATEMENT, "UPDATE", "no_other_restatement", "this restatement was written already", "OLD.state = 'written'")
_guard(REQUEST, "DELETE", "no_delete_of_request", "a request is withdrawn, not removed")
_guard(REQUEST, f"UPDATE OF {', '.join(FIXED_OF_REQUEST)}", "no_other_request", "what was asked stays as it was asked")
_guard(
    REQUEST,
    "UPDATE",
    "no_second_decision",
    "this request was decided already",
    "OLD.state <> 'asked' AND NEW.state <> OLD.state",
)
_guard(
    REQUEST,
    "UPDATE OF decided_by, decided_at, decision",
    "no_other_decider",
    "this request was decided already",
    "OLD.decided_by IS NOT NULL",
)
_guard(
    REQUEST,
    "UPDATE OF reviewed_by, reviewed_at, review",
    "no_other_reviewer",
    "this act was reviewed already",
    "OLD.reviewed_by IS NOT NULL",
)

GUARDED = METADATA
"""The tables with their guards: what a store is made of."""
