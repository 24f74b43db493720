"""The guards are in the database itself, under each database's own rules."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from cellwarden.incident.case.guards import GUARDED, UNCHANGING


def test_every_table_of_what_was_said_and_done_has_a_guard_against_each_change(response):
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    engine = create_engine(response.store.url)
    with engine.connect() as connection:
        guards = set(connection.execute(text(sql[engine.dialect.name])).scalars())
    engine.dispose()
    for table in UNCHANGING:
        assert {f"no_update_of_{table.name}", f"no_delete_of_{table.name}"} <= guards
    assert "no_delete_of_request" in guards
    assert set(UNCHANGING) <= set(GUARDED.tables.values())


def test_emptying_a_table_is_refused_too(response):
    engine = create_engine(response.store.url)
    word = "TRUNCATE" if engine.dialect.name == "postgresql" else "DELETE FROM"
    with pytest.raises(DBAPIError, match="kept as they are"), engine.begin() as connection:
        connection.execute(text(f"{word} log_line"))
    engine.dispose()
