"""Conduct: what a day's procedures did, cell by cell."""

import pytest
from made_up_records import HOME, MACRO, OTHER_HOME, at, minutes, touch

from cellwarden.detect.behaviour.conduct import CONDUCT, CONDUCT_DAY

START = at("05 10:00")
COUNTS = ("subscribers", "openings", "exposing", "forced", "chained", "responses", "unasked", "ciphered", "unciphered", "registrations", "unprotected")  # fmt: skip


def conduct(room, *access):
    """Return what is not zero of each cell's day."""
    room.fill(access=list(access))
    room.base()
    room.prepare()
    room.engine.run(CONDUCT_DAY)
    columns = ", ".join(f"c.{name} AS {name}" for name in ("cell", "day_at", *COUNTS))
    rows = room.engine.fetch(f"SELECT {columns} FROM conduct_day c").to_pylist()
    assert all(row["day_at"] == at("05 00:00") for row in rows)
    return {row["cell"]: {name: row[name] for name in COUNTS if row[name]} for row in rows}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, {}, id="an-update"),
        pytest.param({"identity": "imsi"}, {"exposing": 1}, id="an-update-in-clear"),
        pytest.param({"result": "reject", "cause": 9}, {}, id="an-update-refused-for-another-reason"),
        pytest.param({"result": "reject", "cause": 3}, {"exposing": 1, "forced": 1}, id="an-update-refused"),
        pytest.param({"procedure": "attach", "identity": "imsi", "result": "reject", "cause": 11}, {"exposing": 1, "forced": 1}, id="both-count-once"),
        pytest.param({"ciphering": 0}, {"ciphered": 1, "unciphered": 1}, id="null-ciphering"),
        pytest.param({"ciphering": 2}, {"ciphered": 1}, id="ciphering"),
    ],
)  # fmt: skip
def test_counts_what_an_opening_did(room, more, expected):
    assert conduct(room, touch(HOME, 1, START, **more)) == {HOME: {"subscribers": 1, "openings": 1, **expected}}


def test_counts_ims_registrations_apart(room):
    rows = [touch(HOME, 1, START + minutes(n), procedure="ims_register", identity="none", ims_protection=kind) for n, kind in enumerate(("encrypted", "none", "integrity_only", None))]  # fmt: skip
    assert conduct(room, *rows) == {HOME: {"subscribers": 1, "registrations": 3, "unprotected": 2}}


def chain(*, gap=5.0, first="reject", identity="imsi", where=OTHER_HOME):
    away = {"procedure": "detach"} if first == "detach" else {"result": first}
    return [touch(HOME, 1, START, **away), touch(where, 1, START + minutes(gap), procedure="attach", identity=identity)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, 1, id="rejected"),
        pytest.param({"first": "detach"}, 1, id="detached"),
        pytest.param({"gap": 10}, 1, id="ten-minutes"),
        pytest.param({"gap": 10.1}, 0, id="longer-ago"),
        pytest.param({"first": "abort"}, 0, id="aborted"),
        pytest.param({"identity": "guti"}, 0, id="known-elsewhere"),
        pytest.param({"where": HOME}, 0, id="the-same-cell"),
    ],
)
def test_a_chain_is_turned_away_here_and_in_clear_elsewhere(room, more, expected):
    assert conduct(room, *chain(**more))[HOME].get("chained", 0) == expected


def asked(cell=HOME, gap=0.5, procedure="tau"):
    return [
        touch(HOME, 1, START, procedure="identity", identity="imsi"),
        touch(cell, 1, START + minutes(gap), procedure=procedure),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(asked(), 0, id="beside-an-update"),
        pytest.param(asked(gap=-1), 0, id="a-minute-after-it"),
        pytest.param(asked(gap=1.1), 1, id="longer-before-it"),
        pytest.param(asked(cell=MACRO), 1, id="an-update-elsewhere"),
        pytest.param(asked(procedure="release"), 1, id="a-release-asks-nobody"),
        pytest.param(asked()[:1], 1, id="alone"),
    ],
)
def test_a_response_is_unasked_where_nothing_ran_that_asks(room, rows, expected):
    assert conduct(room, *rows)[HOME].get("unasked", 0) == expected


def test_its_table_has_the_columns_that_it_promises(room):
    assert conduct(room) == {}
    assert room.engine.fetch("SELECT * FROM conduct_all").column_names == CONDUCT.schema.names
