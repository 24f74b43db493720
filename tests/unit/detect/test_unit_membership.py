import itertools

import pytest
from made_up_records import PLMN, at

from cellwarden.detect.unit_membership import grouped, relayed

FLEET = "bb" * 32


def hand(cell, name, *, serial="", serial_hand=None, address=None, certificate=None, hours=(0, 23)):
    return {
        "from_at": at(f"05 {hours[0]:02}:00"), "to_at": at(f"05 {hours[1]:02}:00"),
        "plmn": PLMN, "rat": "lte", "cell_type": "home", "cell": cell, "hand": name, "serial_hand": serial_hand or name,
        "source_ip": address, "serial": serial or None, "certificate": certificate,
    }  # fmt: skip


def units(rows):
    return {(key.cell, name): unit for (key, name), unit in grouped(rows, fleet_certificates=[FLEET]).items()}


def together(rows):
    return len(set(units(rows).values())) == 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([hand(1, "X1", serial="X1"), hand(2, "X1", serial="X1")], True, id="one serial"),
        pytest.param([hand(1, "X1", serial="X1"), hand(2, "X2", serial="X2")], False, id="two serials"),
        pytest.param([hand(1, "X1", serial="X1", certificate="c"), hand(2, "X2", serial="X2", certificate="c")], True, id="a certificate of its own"),
        pytest.param([hand(1, "X1", certificate=FLEET), hand(2, "X2", certificate=FLEET)], False, id="the fleet's certificate"),
        pytest.param([hand(1, "X1", address="192.0.2.1"), hand(2, "X2", address="192.0.2.1")], True, id="one address and no serials"),
        pytest.param([hand(1, "X1", serial="X1", address="192.0.2.1"), hand(2, "address", address="192.0.2.1")], True, id="one address, one serial"),
        pytest.param([hand(1, "X1", serial="X1", address="192.0.2.1"), hand(2, "X2", serial="X2", address="192.0.2.1")], False, id="one address, serials contradict"),
        pytest.param([hand(1, "inner 1"), hand(2, "inner 2")], False, id="nothing known"),
        pytest.param([hand(1, "S at a", serial="S", serial_hand="S", address="a"), hand(1, "S at b", serial="S", serial_hand="S", address="b")], False, id="a clone that copies the serial"),
        pytest.param([hand(1, "S at b", serial="S", serial_hand="S", address="b"), hand(2, "X1", serial="X1", address="b")], True, id="a copied serial contradicts nothing"),
    ],
)  # fmt: skip
def test_joins_what_is_one_hardware(rows, expected):
    assert together(rows) is expected
    assert together(rows[::-1]) is expected


def test_a_hand_without_serial_does_not_join_two_that_contradict():
    """Three households behind one carrier-grade address: whatever the order, the two serials stay apart."""
    rows = [hand(1, "none", address="a"), hand(2, "X1", serial="X1", address="a"), hand(3, "X2", serial="X2", address="a")]
    for order in itertools.permutations(rows):
        found = units(order)
        assert found[2, "X1"] != found[3, "X2"]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param([(1, 2), (3, 4), (5, 6)], True, id="one after the other"),
        pytest.param([(1, 2), (3, 5), (4, 6)], False, id="two at once: no order can be told"),
        pytest.param([(1, 2), (2, 3)], False, id="they touch"),
    ],
)
def test_nameless_sessions_of_one_id_are_one_device_unless_they_overlap(hours, expected):
    rows = [hand(1, f"inner {number}", hours=each) for number, each in enumerate(hours)]
    assert together(rows) is expected
    assert together(rows[::-1]) is expected


def test_a_session_whose_device_is_known_is_joined_by_that_alone():
    assert not together([hand(1, "inner 1", hours=(1, 2)), hand(1, "X1", serial="X1", hours=(3, 4))])


def test_joins_through_others():
    rows = [
        hand(1, "X1", serial="X1", certificate="c"),
        hand(2, "X2", serial="X2", certificate="c"),
        hand(3, "X2", serial="X2"),
    ]
    assert together(rows)


def test_labels_are_numbered_in_order_of_first_appearance():
    rows = [hand(7, "X7", serial="X7"), hand(3, "X3", serial="X3"), hand(5, "X7", serial="X7"), hand(7, "X7", serial="X7")]
    assert units(rows) == {(7, "X7"): "unit-1", (3, "X3"): "unit-2", (5, "X7"): "unit-1"}


def test_one_cell_in_two_hands_is_two_nodes():
    assert len(set(units([hand(1, "X1", serial="X1"), hand(1, "S1", serial="S1")]).values())) == 2


def test_nobody_makes_no_units():
    assert units([]) == {}


def shifts(**hours):
    """Return shifts by unit: day and hours of each."""
    return [(unit.replace("_", "-"), at(f"{day:02} {first:02}:{minute:02}"), at(f"{day:02} {last:02}:50")) for unit, each in hours.items() for day, first, minute, last in each]  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "joined"),
    [
        pytest.param({"unit_1": [(5, 1, 0, 2), (6, 1, 0, 2)], "unit_2": [(5, 3, 0, 4), (6, 3, 0, 4)]}, True, id="two nights"),
        pytest.param({"unit_1": [(5, 1, 0, 2), (6, 1, 0, 2)], "unit_2": [(5, 3, 20, 4), (6, 3, 20, 4)]}, True, id="thirty minutes"),
        pytest.param({"unit_1": [(5, 1, 0, 2), (6, 1, 0, 2)], "unit_2": [(5, 3, 21, 4), (6, 3, 21, 4)]}, False, id="a minute more"),
        pytest.param({"unit_1": [(5, 1, 0, 2), (6, 1, 0, 2)], "unit_2": [(5, 3, 0, 4), (6, 9, 0, 10)]}, False, id="once"),
        pytest.param({"unit_1": [(5, 1, 0, 2), (6, 1, 0, 2), (7, 1, 0, 2)], "unit_2": [(5, 3, 0, 4), (6, 3, 0, 4), (7, 2, 0, 4)]}, False, id="together one night"),
    ],
)  # fmt: skip
def test_nameless_ids_that_relieve_each_other_are_one_unit(hours, joined):
    assert (len(set(relayed(shifts(**hours)).values())) == 1) is joined


def test_three_ids_in_turn_share_the_least_label():
    turns = shifts(
        unit_2=[(5, 1, 0, 2), (6, 1, 0, 2)], unit_10=[(5, 3, 0, 4), (6, 3, 0, 4)], unit_3=[(5, 5, 0, 6), (6, 5, 0, 6)]
    )
    assert relayed(turns) == {"unit-2": "unit-2", "unit-3": "unit-2", "unit-10": "unit-2"}


def test_a_chain_of_ids_that_each_worked_once_is_one_unit():
    chain = shifts(unit_1=[(5, 1, 0, 1)], unit_2=[(5, 2, 0, 2)], unit_3=[(5, 3, 0, 3)])
    assert set(relayed(chain).values()) == {"unit-1"}
    assert len(set(relayed(chain[:2]).values())) == 2  # one relay is chance


def test_two_vans_that_work_one_night_stay_apart():
    """Each of them also ends just before the other one changes its id."""
    first = shifts(unit_1=[(5, 1, 0, 1)], unit_2=[(5, 1, 53, 2)], unit_3=[(5, 2, 53, 3)])
    second = shifts(unit_4=[(5, 1, 10, 1)], unit_5=[(5, 1, 55, 2)], unit_6=[(5, 2, 55, 3)])
    label = relayed([*first, *second])
    assert [{label[f"unit-{number}"] for number in each} for each in ((1, 2, 3), (4, 5, 6))] == [{"unit-1"}, {"unit-4"}]
