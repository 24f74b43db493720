from dataclasses import replace
from itertools import pairwise

import pytest

from cellwarden.simulate.attacks import plan_attacks, tunnels
from cellwarden.simulate.generator import build_world
from cellwarden.simulate.randomness import DAY_S
from cellwarden.simulate.scenario import SCHEDULES, Attack, History
from cellwarden.simulate.sessions import inner_addresses


def planned(town, **how):
    wanted, world, _ = town
    return world, plan_attacks(world, replace(wanted, attacks=(Attack(**how),)), 4 * DAY_S + 50_000)


@pytest.mark.parametrize("schedule", ["dawn", "small_hours", "day", "evening", "parked"])
def test_stops_keep_to_the_hours_of_their_schedule_and_never_overlap(town, schedule):
    _, attacks = planned(town, schedule=schedule)
    opens, closes = SCHEDULES[schedule]
    stops = attacks.plan.stops
    for stop in stops:
        assert opens * 3600 <= stop.from_at - stop.night * DAY_S < stop.to_at - stop.night * DAY_S <= closes * 3600 + 1
    assert all(one.to_at <= other.from_at for one, other in pairwise(stops))


def test_forty_ids_are_all_used(town):
    _, attacks = planned(town, ids=("never_issued_id",) * 40, nights=6, together=6, stops=(6, 8))
    assert len({stop.cell.number for stop in attacks.plan.stops}) == 40


@pytest.mark.parametrize("reason", ["deleted_id", "lost_id", "cloned_id", "never_issued_id", "inserted_id", "macro_id"])
def test_each_id_is_what_its_reason_says(town, reason):
    world, attacks = planned(town, ids=(reason,))
    (cell,) = attacks.plan.cells
    owners = [one for one in world.fleet if one.number == cell.number]
    assert cell.reason == reason
    if reason in ("deleted_id", "lost_id"):
        assert [f"{one.status}_id" for one in owners] == [reason]
    elif reason == "cloned_id":
        assert [one.use for one in owners] == ["home"]
    else:
        assert not owners
    assert cell.cell_type == ("macro" if reason == "macro_id" else "home")
    assert len(attacks.inserted) == (reason == "inserted_id")


def test_an_inserted_row_has_no_order_no_line_and_comes_before_the_first_night(town):
    _, attacks = planned(town, ids=("inserted_id",))
    (row,) = attacks.inserted
    assert not {"work_order", "access_line", "lat"} & set(row)
    assert row["valid_from"] < row["recorded_at"]


def test_alternating_ids_change_at_every_stop(town):
    _, attacks = planned(town, ids=("deleted_id", "never_issued_id"), rotation="alternate", nights=1, stops=(6, 6))
    numbers = [stop.cell.number for stop in attacks.plan.stops]
    assert all(one != other for one, other in pairwise(numbers))


def test_tunnels_cover_the_stops_and_share_one_serial(town):
    world, attacks = planned(town, ids=("deleted_id", "never_issued_id"))
    sessions = tunnels(world, attacks, inner_addresses(7))
    assert len({one.serial for one in sessions}) == 1
    assert len({one.inner for one in sessions}) == len(sessions)
    for stop in attacks.plan.stops:
        assert any(one.station == stop.cell.station and one.from_at < stop.from_at < stop.to_at < one.to_at for one in sessions)


def test_an_id_that_lives_long_is_seen_in_each_stretch_of_the_history_and_for_so_many_days(town):
    wanted, world, _ = town
    history = History(days=300)
    long, short = Attack(unit="unit-1", nights=8, lives_days=305), Attack(unit="unit-2", nights=3)
    _, people = build_world(replace(wanted, history=history, attacks=(long, short)), 7)
    grown = replace(world, people=people)
    attacks = plan_attacks(grown, replace(wanted, history=history, attacks=(long, short)), 304 * DAY_S + 50_000)
    nights = {
        unit: sorted({stop.night for stop in attacks.plan.stops if stop.cell.unit == unit}) for unit in ("unit-1", "unit-2")
    }
    assert len(nights["unit-1"]) == 8
    assert nights["unit-1"][:4] == [1, 76, 151, 226]
    assert nights["unit-1"][-1] - nights["unit-1"][0] == 305
    assert history.kept(people.days)[nights["unit-1"]].all()
    assert min(nights["unit-2"]) >= 300
