"""The day in numbers: one number a place, whatever the rows leave out, and only those rows told in full that tell."""

from made_up_records import HOME, MACRO, OTHER_MACRO, at, mast, touch, version

from cellwarden.detect.preparation import prepare
from cellwarden.detect.trace import TRACE


def traced(room, *access, registry=()):
    room.fill(access=list(access), equipment=list(registry))
    room.base()
    prepare(room.engine, [TRACE], days=room.days(), read_day=room.read_day)
    return room.engine.fetch(
        "SELECT p.cell AS cell, p.cell_type AS cell_type, p.source AS source, t.imsi AS imsi, p.is_sought AS is_sought "
        "FROM trace t JOIN place p ON p.place = t.place ORDER BY t.at, t.imsi"
    ).to_pylist()


def test_rows_that_leave_out_their_kind_or_address_are_at_the_place_that_the_registry_knows(room):
    rows = [
        touch(HOME, 1, at("05 10:00")),
        touch(HOME, 2, at("05 10:01"), cell_type=None),
        touch(HOME, 3, at("05 10:02"), source=None, tac=7),
        touch(HOME, None, at("05 10:03")),
    ]
    assert [(row["imsi"], row["cell_type"], row["source"]) for row in traced(room, *rows, registry=[version(HOME)])] == [
        (1, "home", "10.0.0.1"),
        (2, "home", "10.0.0.1"),
        (3, "home", "tac 7"),
    ]


def test_what_the_registry_places_is_a_landmark_and_everything_else_is_sought(room):
    rows = [
        touch(cell, 1, at("05 10:00"), cell_type=kind)
        for cell, kind in ((HOME, "home"), (MACRO, "macro"), (OTHER_MACRO, "macro"))
    ]
    found = traced(room, *rows, registry=[version(HOME, lat=37.5, lon=127.0), mast(MACRO, 37.5, 127.0)])
    assert {row["cell"]: row["is_sought"] for row in found} == {HOME: 1, MACRO: 0, OTHER_MACRO: 1}


def test_only_rows_that_tell_something_are_kept_in_full(room):
    told = (
        {"identity": "imsi"},
        {"result": "reject"},
        {"procedure": "detach"},
        {"procedure": "ims_register", "ims_protection": "none"},
    )
    traced(room, *(touch(HOME, number, at("05 10:00"), **more) for number, more in enumerate(({}, {"result": "ok"}, *told))))
    rows = room.engine.fetch(
        "SELECT t.imsi AS imsi, t.is_identified AS is_identified, t.is_opening AS is_opening FROM telling t ORDER BY t.imsi"
    )
    assert [tuple(row.values()) for row in rows.to_pylist()] == [(2, 1, 1), (3, 0, 1), (4, 0, 0), (5, 0, 0)]
