"""One command is one transaction: all of it and its line in the log, or nothing; on both databases."""

import json
import threading
from datetime import timedelta

import pytest
from response import START, Response
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from cellwarden.evidence.log import first_break
from cellwarden.foundation.errors import MalformedInputError, OutdatedError, RefusedError, UsageError
from cellwarden.incident.case import overview
from cellwarden.incident.case.cases import OpenCase
from cellwarden.incident.case.decisions import TakeDecision
from cellwarden.incident.case.store import CaseStore, opened_store
from cellwarden.incident.case.timeline import RecordEntry
from cellwarden.incident.case.token import Token


def acts(response):
    return [json.loads(line)["act"] for line in response.store.log_lines()]


def raw(response):
    """Return a connection past all our code, as an administrator has one."""
    return create_engine(response.store.url)


def test_every_command_leaves_one_line_that_fits_the_chain(response):
    before = len(response.store.log_lines())
    case_id = response.case()
    response.do("han", RecordEntry(case_id=case_id, happened_at=START, kind="note", what="first look"))
    assert acts(response)[before:] == ["case_opened", "entry_recorded"]
    assert first_break(response.store.log_lines()) is None
    last = json.loads(response.store.log_lines()[-1])
    assert (last["by"], last["case"], last["version"], last["entry_id"]) == ("han", "C-1", 2, "N-1")


def test_a_command_that_fails_leaves_nothing(response):
    case_id, before = response.case(), len(response.store.log_lines())
    with pytest.raises(MalformedInputError):
        response.do("han", RecordEntry(case_id=case_id, happened_at=START, kind="note", what="x", evidence_id="E-9"))
    assert len(response.store.log_lines()) == before
    with response.store.reading(response.tokens["han"], case_id=case_id) as connection:
        assert overview.case_row(connection, case_id)["version"] == 1


def test_a_refused_command_leaves_who_tried_what(response):
    case_id = response.case()
    with pytest.raises(RefusedError, match="han may not decide in C-1"):
        response.do("han", TakeDecision(case_id=case_id, what="block it", why="because it is rogue"))
    last = json.loads(response.store.log_lines()[-1])
    assert (last["act"], last["by"], last["command"], last["case"]) == ("command_refused", "han", "TakeDecision", "C-1")


def test_a_stranger_is_refused_and_not_named_as_the_person(response):
    with pytest.raises(RefusedError, match="token is not known"):
        response.store.handle(OpenCase(title="mine"), Token.made("kim"))
    last = json.loads(response.store.log_lines()[-1])
    assert last["act"] == "command_refused"
    assert "by" not in last


def test_who_read_an_older_version_may_not_write_over_it(response):
    case_id = response.case()
    first = RecordEntry(case_id=case_id, happened_at=START, kind="note", what="one of two", expected_version=1)
    response.do("han", first)
    with pytest.raises(OutdatedError, match="version 2, not 1"):
        response.do("kim", first)
    response.do("kim", RecordEntry(case_id=case_id, happened_at=START, kind="note", what="after reading", expected_version=2))


def test_two_who_write_at_once_follow_each_other(response):
    case_id, problems = response.case(), []

    def write(who):
        store = CaseStore(response.store.url.render_as_string(hide_password=False), clock=response.clock)
        try:
            for number in range(10):
                store.handle(
                    RecordEntry(case_id=case_id, happened_at=START, kind="note", what=f"note {number}"), response.tokens[who]
                )
        except Exception as error:  # noqa: BLE001 (whatever it is, the test shows it)
            problems.append(error)
        finally:
            store.close()

    writers = [threading.Thread(target=write, args=(who,)) for who in ("kim", "han", "noh")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert problems == []
    with response.store.reading(response.tokens["han"], case_id=case_id) as connection:
        held = overview.overview(connection, case_id)
    assert len(held["timeline"]) == 30
    assert held["version"] == 31
    assert first_break(response.store.log_lines()) is None


def test_a_clock_that_is_set_back_does_not_reorder_what_was_done(response):
    case_id = response.case()
    response.clock.turn(hours=-5)
    response.do("han", RecordEntry(case_id=case_id, happened_at=START - timedelta(days=1), kind="note", what="later"))
    times = [json.loads(line)["at"] for line in response.store.log_lines()]
    assert times == sorted(times)


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE log_line SET line = '{}' WHERE number = 1",
        "DELETE FROM log_line WHERE number = 1",
        "UPDATE decision SET why = 'another reason'",
        "DELETE FROM decision",
        "UPDATE timeline_entry SET known_at = happened_at",
        "DELETE FROM timeline_entry",
    ],
)
def test_the_database_itself_keeps_what_was_written(response, act):
    case_id = response.case()
    response.do("kim", TakeDecision(case_id=case_id, what="block it", why="because it is rogue"))
    response.do("kim", RecordEntry(case_id=case_id, happened_at=START - timedelta(days=1), kind="note", what="seen"))
    engine = raw(response)
    with pytest.raises(DBAPIError, match="kept as they are"), engine.begin() as connection:
        connection.execute(text(act))
    engine.dispose()


def test_a_store_has_two_founders_and_is_made_once(response):
    with pytest.raises(UsageError, match="already"):
        response.store.make(("x", "y"))


def test_one_founder_is_not_enough(tmp_path):
    store = CaseStore(str(tmp_path / "cases.sqlite"), clock=lambda: START)
    with pytest.raises(UsageError, match="two founders"):
        store.make(("kim", " kim "))
    store.close()


def test_a_store_that_is_not_there_is_not_made_by_opening_it(tmp_path):
    with pytest.raises(UsageError, match="no case store"):
        opened_store(str(tmp_path / "none.sqlite"), clock=lambda: START)
    assert list(tmp_path.iterdir()) == []


def test_an_opened_store_has_everything_again(response):
    response.case()
    again = opened_store(response.store.url.render_as_string(hide_password=False), clock=response.clock)
    assert again.log_lines() == response.store.log_lines()
    assert again.facts()["time_zone"] == "Asia/Seoul"
    again.close()


def test_a_password_is_not_told():
    store = CaseStore("postgresql://somebody:secret@127.0.0.1:1/cases", clock=lambda: START)
    assert "secret" not in store.name
    store.close()


def test_another_database_is_refused_by_name():
    with pytest.raises(UsageError, match="oracle is no database we know"):
        CaseStore("oracle://127.0.0.1/x", clock=lambda: START)


def test_both_databases_write_the_same_log(tmp_path, postgres):
    """Tokens and the store's own name apart, a log does not tell which database kept it."""
    import psycopg  # noqa: PLC0415 (only where PostgreSQL is)

    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE same_log")
    logs = []
    for url in (str(tmp_path / "cases.sqlite"), f"{postgres}/same_log"):
        response = Response.made(url, {"kim": "commander"})
        response.do("kim", RecordEntry(case_id=response.case(), happened_at=START, kind="note", what="첫 기록"))
        lines = [json.loads(line) for line in response.store.log_lines()]
        logs.append([{k: v for k, v in line.items() if k not in ("origin", "digest", "previous")} for line in lines])
        response.store.close()
    assert logs[0] == logs[1]
