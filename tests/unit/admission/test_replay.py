from made_up_units import certificate, later, registry, setup, tunnel, unit

from cellwarden.admission.decisions import Decision
from cellwarden.admission.link_rows import row_of
from cellwarden.admission.replay import CLASSES, LATE, LOOK, UNTIDY, Hurt, replay

OK = Decision(allow=True)


def row(facts, event=None):
    made = row_of(facts, OK)
    return made | {"event": event or made["event"]}


def kinds(told):
    return {unit.equipment_id: unit.kind for unit in told.hurt}


def test_an_orderly_history_hurts_nobody():
    told = replay(registry(), [row(tunnel(1)), row(setup(1)), row(tunnel(2))])
    assert (told.rows, told.attempts, told.refused, told.hurt) == (3, 3, 0, [])
    assert told.unjudged[4] == 3, "a record tells nothing of revocation"


def test_a_clone_is_to_be_looked_at():
    told = replay(registry(), [row(tunnel(1)), row(tunnel(1, at=later(minutes=1), source_ip="203.0.113.1"))])
    assert kinds(told) == {"henb1": LOOK}
    assert told.hurt[0].sources == {"203.0.113.1"}
    assert told.codes["DUPLICATE_SESSION"] == 1


def test_a_unit_whose_registration_was_recorded_late_is_honest():
    late = unit(3, recorded_at=later(hours=2))
    told = replay(registry(unit(1), late), [row(tunnel(3)), row(setup(3, equipment_id="henb3"))])
    assert kinds(told) == {"henb3": LATE}
    never = replay(registry(), [row(tunnel(3))])
    assert kinds(never) == {"henb3": LOOK}
    then_gone = unit(3, status="deleted", recorded_at=later(hours=2))
    assert kinds(replay(registry(then_gone), [row(tunnel(3))])) == {"henb3": LOOK}


def test_late_once_and_gone_once_is_to_be_looked_at():
    late = unit(3, recorded_at=later(hours=2), valid_to=later(hours=1))
    told = replay(registry(late), [row(tunnel(3)), row(tunnel(3, at=later(hours=3)))])
    assert kinds(told) == {"henb3": LOOK}


def test_a_fleet_of_one_certificate_is_to_be_put_in_order():
    fleet = [unit(number, certificate=certificate(9)) for number in (1, 2)]
    told = replay(registry(*fleet), [row(tunnel(1)), row(setup(1)), row(tunnel(2))])
    assert kinds(told) == {"henb1": UNTIDY, "henb2": UNTIDY}
    assert told.units_by_code["CERT_SHARED"] == {"henb1", "henb2"}


def test_what_was_refused_then_is_not_counted_as_newly_refused():
    told = replay(registry(), [row(tunnel(3), "ike_refused"), row(tunnel(1), "ike_refused")])
    assert (told.refused_then, told.refused, told.let_in) == (2, 0, 1)


def test_a_session_that_ended_leaves_room_for_the_next():
    moved = unit(1, networks=(), kind="mobile")
    history = [row(tunnel(1)), row(tunnel(1), "ike_down"), row(tunnel(1, at=later(hours=1), source_ip="203.0.113.1"))]
    assert replay(registry(moved), history).refused == 0
    assert replay(registry(moved), [history[0], history[2]]).refused == 1


def test_an_association_that_ended_leaves_room_for_the_next():
    history = [row(tunnel(1)), row(setup(1)), row(setup(1), "s1_down"), row(setup(1))]
    assert replay(registry(), history).refused == 0


def test_who_claims_no_unit_is_named_by_the_cell():
    told = replay(registry(), [row(setup(9))])
    assert [unit.equipment_id for unit in told.hurt] == ["? home:1009"]


def test_every_class_says_what_to_do_and_those_to_look_at_come_first():
    assert set(CLASSES) == {LATE, UNTIDY, LOOK}
    assert Hurt("x").kind == LOOK, "no reason is no excuse"
    told = replay(registry(unit(1, certificate=None)), [row(tunnel(1)), row(tunnel(3))])
    assert [unit.kind for unit in told.hurt] == [LOOK, UNTIDY]
