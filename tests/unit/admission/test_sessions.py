from dataclasses import replace

from made_up_units import NOW, setup, tunnel

from cellwarden.admission.facts import union
from cellwarden.admission.sessions import Bond, Session, Sessions


def session(number=1, **changes):
    return Session(
        gateway="segw", key=f"sa{number}", equipment_id=f"henb{number}", opened_at=NOW, facts=tunnel(number, **changes)
    )


def test_a_session_is_found_by_unit_address_and_cell():
    table = Sessions()
    table.open(session(1))
    joined = table.join(session(1), union(tunnel(1), setup(1)), ("mme", "a"))
    assert table.of_unit("henb1") == [joined]
    assert table.of_inner("10.9.0.1") == table.of_cell("mme", "home", 1001) == table.at("segw", "sa1") == joined
    assert table.of_cell("other", "home", 1001) is None


def test_a_closed_session_leaves_nothing_behind():
    table = Sessions()
    table.open(session(1))
    table.join(session(1), union(tunnel(1), setup(1)), ("mme", "a"))
    assert table.close("segw", "sa1").equipment_id == "henb1"
    assert table.close("segw", "sa1") is None
    assert (len(table), table.of_unit("henb1"), table.of_inner("10.9.0.1"), table.of_cell("mme", "home", 1001)) == (
        0,
        [],
        None,
        None,
    )


def test_an_inner_address_that_was_given_out_again_is_the_new_sessions():
    table = Sessions()
    table.open(session(1))
    table.open(session(2, inner_ip="10.9.0.1"))
    table.close("segw", "sa1")
    assert table.of_inner("10.9.0.1").equipment_id == "henb2"


def test_what_is_learnt_moves_the_session_in_every_index():
    table = Sessions()
    table.open(session(1))
    moved = table.learn(session(1), replace(tunnel(1), inner_ip="10.9.0.50"))
    assert table.of_inner("10.9.0.1") is None
    assert table.of_inner("10.9.0.50") == moved
    assert table.part(table.join(moved, moved.facts, ("mme", "a"))).association is None


def test_bonds_outlive_sessions():
    table = Sessions()
    table.remember("henb1", Bond("ab", "192.0.2.1", None))
    assert table.bond_of("henb1").source_ip == "192.0.2.1"
    assert table.bonds() == {"henb1": Bond("ab", "192.0.2.1", None)}
    assert table.bond_of("henb2") is None
