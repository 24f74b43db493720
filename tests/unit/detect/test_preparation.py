"""Day-wise tables: each day once, whoever reads them, and the steps of one may be read by the next."""

import pyarrow as pa
from made_up_records import HOME, at, touch, touches

from cellwarden.detect.preparation import Preparation, in_order, prepare
from cellwarden.engines.port import Script

SCHEMA = pa.schema([("cell", pa.int64()), ("events", pa.int64())])
COUNTED = Preparation(
    name="counted_all",
    row="cell",
    script=Script(
        "made-up",
        "-- @table counted\nSELECT a.cell AS cell, CAST(count(*) AS BIGINT) AS events FROM access_day a GROUP BY a.cell\n"
        "-- @result\nSELECT c.cell AS cell, c.events AS events FROM counted c",
    ),
    schema=SCHEMA,
)
BUSY = Preparation(
    name="busy_all",
    row="busy cell",
    script=Script("made-up", "-- @result\nSELECT c.cell AS cell, c.events AS events FROM counted c WHERE c.events > :least"),
    schema=SCHEMA,
    after=(COUNTED,),
    values={"least": 1},
)


def made(room, name):
    return room.engine.fetch(f"SELECT t.events AS events FROM {name} t ORDER BY t.events")["events"].to_pylist()


def test_what_is_read_by_another_comes_first_and_nothing_twice():
    assert [each.name for each in in_order((BUSY, COUNTED, BUSY))] == ["counted_all", "busy_all"]


def test_the_days_are_one_table_and_a_day_is_read_once_for_all(room):
    room.fill(access=[*touches(HOME, 3, at("04 10:00")), touch(HOME, 1, at("05 10:00"))])
    read = []

    def read_day(day):
        read.append(day)
        room.read_day(day)

    prepare(room.engine, (BUSY,), days=room.days(), read_day=read_day)
    assert (made(room, "counted_all"), made(room, "busy_all")) == ([1, 3], [3])
    assert read == ["2025-08-04", "2025-08-05"]


def test_no_day_makes_an_empty_table_and_no_wish_reads_nothing(room):
    prepare(room.engine, (COUNTED,), days=[], read_day=room.read_day)
    assert made(room, "counted_all") == []
    prepare(room.engine, (), days=["2025-08-04"], read_day=[].index)
