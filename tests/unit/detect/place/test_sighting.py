"""Sightings: the neighbours of visitors within ten minutes place a home cell; nothing else does."""

import pytest
from made_up_records import HOME, MACRO, at, mast, minutes, touch

from cellwarden.detect.place.sighting import SIGHTING

START = at("05 10:00")


def sighted(room, *, before, imsi=1, **more):
    access = [
        touch(MACRO, imsi, START - before, cell_type="macro", source=None, **more),
        touch(HOME, imsi, START),
    ]
    room.fill(access=access, equipment=[mast(MACRO, 37.5, 127.0)])
    room.base()
    room.prepare()
    return room.engine.fetch("SELECT s.cell AS cell, s.lat AS lat, s.visitors AS visitors FROM sighting_all s").to_pylist()


def test_its_table_has_the_columns_that_it_promises(room):
    room.fill()
    room.base()
    room.prepare()
    assert room.engine.fetch("SELECT * FROM sighting_all").column_names == SIGHTING.schema.names


@pytest.mark.parametrize(
    ("gap", "seen"), [pytest.param(minutes(10), 1, id="ten-minutes"), pytest.param(minutes(10.1), 0, id="longer-ago")]
)
def test_a_neighbour_counts_within_ten_minutes(room, gap, seen):
    assert [row["lat"] for row in sighted(room, before=gap)] == [37.5] * seen
