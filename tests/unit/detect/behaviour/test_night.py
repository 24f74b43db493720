from made_up_records import HOME, at, touches

from cellwarden.detect.behaviour import night
from cellwarden.detect.explanations.visit import VISIT
from cellwarden.detect.preparation import prepare


def test_a_night_is_the_operators_quietest_hours_and_belongs_to_the_day_it_begins(room):
    """Busy from 4 to 22 h: of the hours in between, night begins with the first."""
    busy = [row for hour in range(4, 22) for row in touches(HOME, 3, at(f"05 {hour:02}:00"))]
    late = touches(HOME, 1, at("06 00:30"), first=50)
    room.fill(access=[*busy, *late])
    room.base()
    prepare(room.engine, [VISIT], days=room.days(), read_day=room.read_day)
    script = night.beside(night.__file__, "night_activity.sql")
    steps = dict(script.steps())
    for name in ("clock", "hour_activity", "trough", "night_visit"):
        room.engine.step(name, steps[name], night_hours=5)
    rows = room.engine.fetch("SELECT n.imsi AS imsi, n.hour_at AS hour_at, n.turn_at AS turn_at, n.is_night AS is_night FROM night_visit n ORDER BY hour_at, imsi").to_pylist()  # fmt: skip
    assert {row["hour_at"] for row in rows if row["is_night"]} == {at("06 00:00")}
    assert {row["turn_at"] for row in rows if row["imsi"] == 50} == {at("05 00:00")}
