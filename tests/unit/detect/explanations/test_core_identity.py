from datetime import timedelta

from made_up_records import HOME, MACRO, at, touch, version

from cellwarden.detect.explanations.core_identity import CORE_IDENTITY
from cellwarden.detect.preparation import prepare


def test_one_row_an_hour_of_a_cell_and_core_with_identities(room):
    start = at("05 10:00")
    access = [
        touch(HOME, 1, start, identity="imsi", core="core-a", cell_type=None),
        touch(HOME, 2, start, identity="suci_null", core="core-a"),
        touch(HOME, 3, start, core="core-a"),
        touch(HOME, 4, start, identity="imsi", procedure="detach", core="core-a"),
        touch(HOME, 5, start + timedelta(hours=1), identity="imsi", core="core-b"),
        touch(MACRO, None, start, identity="imsi", cell_type="macro", source=None),
    ]
    room.fill(access=access, equipment=[version(HOME)])
    room.base()
    prepare(room.engine, [CORE_IDENTITY], days=room.days(), read_day=room.read_day)
    rows = room.engine.fetch(
        "SELECT i.cell_type AS cell_type, i.source AS source, i.core AS core, i.hour_at AS hour_at, i.identified AS identified FROM core_identity_all i ORDER BY cell_type, hour_at"
    ).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("home", "10.0.0.1", "core-a", at("05 10:00"), 2),
        ("home", "10.0.0.1", "core-b", at("05 11:00"), 1),
        ("macro", "tac 1", None, at("05 10:00"), 1),
    ]
