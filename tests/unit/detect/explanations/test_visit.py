from datetime import timedelta

from made_up_records import HOME, MACRO, at, touch, version

from cellwarden.detect.explanations.visit import VISIT
from cellwarden.detect.preparation import prepare


def test_one_row_an_hour_of_a_subscriber_on_a_home_cell(room):
    start = at("05 23:50")
    access = [
        touch(HOME, 1, start),
        touch(HOME, 1, start + timedelta(minutes=5), procedure="attach", identity="imsi"),
        touch(HOME, 1, start + timedelta(minutes=15), procedure="detach", identity="imsi"),
        touch(HOME, None, start),
        touch(HOME, 2, start, cell_type=None),
        touch(MACRO, 1, start, cell_type="macro"),
    ]
    room.fill(access=access, equipment=[version(HOME)])
    room.base()
    prepare(room.engine, [VISIT], days=room.days(), read_day=room.read_day)
    rows = room.engine.fetch("SELECT v.imsi AS imsi, v.hour_at AS hour_at, v.events AS events, v.openings AS openings, v.identified AS identified FROM visit_all v ORDER BY imsi, hour_at").to_pylist()  # fmt: skip
    assert [tuple(row.values()) for row in rows] == [
        (1, at("05 23:00"), 2, 2, 1),
        (1, at("06 00:00"), 1, 0, 0),
        (2, at("05 23:00"), 1, 1, 0),
    ]
