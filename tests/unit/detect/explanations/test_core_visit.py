from datetime import timedelta

from made_up_records import HOME, MACRO, at, touch, version

from cellwarden.detect.explanations.core_visit import CORE_VISIT
from cellwarden.detect.preparation import prepare


def test_one_row_an_hour_of_a_home_cell_through_a_core(room):
    start = at("05 23:50")
    access = [
        touch(HOME, 1, start, core="core-a"),
        touch(HOME, 2, start + timedelta(minutes=5), core="core-a", cell_type=None),
        touch(HOME, 3, start + timedelta(minutes=6), core="core-b"),
        touch(HOME, 1, start + timedelta(minutes=15), core="core-a"),
        touch(HOME, 4, start, core=None),
        touch(MACRO, 1, start, core="core-a", cell_type="macro"),
    ]
    room.fill(access=access, equipment=[version(HOME)])
    room.base()
    prepare(room.engine, [CORE_VISIT], days=room.days(), read_day=room.read_day)
    rows = room.engine.fetch("SELECT v.core AS core, v.first_at AS first_at, v.last_at AS last_at FROM core_visit_all v ORDER BY first_at, core").to_pylist()  # fmt: skip
    assert [tuple(row.values()) for row in rows] == [
        ("core-a", start, start + timedelta(minutes=5)),
        ("core-b", start + timedelta(minutes=6), start + timedelta(minutes=6)),
        ("core-a", start + timedelta(minutes=15), start + timedelta(minutes=15)),
    ]
