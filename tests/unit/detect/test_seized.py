"""Seized equipment groups ids by what it is known by, and no further."""

import pytest
from made_up_records import PLMN, at

from cellwarden.detect.seized import Seizure, read_seizures
from cellwarden.detect.unit_membership import grouped
from cellwarden.foundation.errors import MalformedInputError

OWN, FLEET = "aa" * 32, "bb" * 32
VAN = Seizure(
    evidence="E-1", serials=frozenset({"S1", "S2"}), certificates=frozenset({OWN, FLEET}), addresses=frozenset({"203.0.113.7"})
)


def hand(cell, name, *, serial=None, serial_hand=None, address=None, certificate=None):
    return {
        "from_at": at("05 00:00"), "to_at": at("05 23:00"), "plmn": PLMN, "rat": "lte", "cell_type": "home", "cell": cell, "hand": name,
        "serial_hand": serial_hand or name, "source_ip": address, "serial": serial, "certificate": certificate,
    }  # fmt: skip


def units(rows, seized=(VAN,)):
    return {(key.cell, name): unit for (key, name), unit in grouped(rows, fleet_certificates=[FLEET], seized=seized).items()}


def test_two_boxes_of_one_van_are_one_unit_only_with_the_seizure():
    rows = [hand(1, "S1", serial="S1"), hand(2, "S2", serial="S2"), hand(3, "S3", serial="S3")]
    assert len(set(units(rows, seized=()).values())) == 3
    assert units(rows) == {(1, "S1"): "unit-1", (2, "S2"): "unit-1", (3, "S3"): "unit-2"}


@pytest.mark.parametrize(
    ("row", "joins"),
    [
        pytest.param(hand(2, "S9", serial="S9", certificate=OWN.upper()), True, id="rogue: its certificate under another serial"),
        pytest.param(hand(2, "address 203.0.113.7", address="203.0.113.7"), True, id="rogue: its address"),
        pytest.param(hand(2, "S9", serial="S9", certificate=FLEET), False, id="innocent: the fleet's certificate, which the van had too"),
        pytest.param(hand(2, "S2 at 192.0.2.5", serial="S2", serial_hand="S2", address="192.0.2.5"), False, id="innocent: the household whose serial was copied"),
        pytest.param(hand(2, "S9", serial="S9"), False, id="innocent: another box"),
        pytest.param(hand(2, "inner 10.0.0.1"), False, id="innocent: nothing known"),
    ],
)  # fmt: skip
def test_what_the_van_held_joins_and_what_others_hold_too_does_not(row, joins):
    assert (len(set(units([hand(1, "S1", serial="S1"), row]).values())) == 1) is joins


def test_nothing_seized_changes_nothing():
    rows = [hand(1, "S1", serial="S1"), hand(2, "S2", serial="S2")]
    assert units(rows, seized=()) == units(rows, seized=(Seizure(serials=frozenset({"S8"})),))


def test_a_file_of_seizures_is_read_and_anything_else_refused(tmp_path):
    path = tmp_path / "seized.toml"
    path.write_text(f'[[seized]]\nevidence = "E-1"\nserials = ["S1", "S2"]\ncertificates = ["{OWN.upper()}"]\n')
    (found,) = read_seizures(path)
    assert found == Seizure(evidence="E-1", serials=frozenset({"S1", "S2"}), certificates=frozenset({OWN}))
    for content in (
        "",
        "x",
        "[[seized]]\n",
        '[[seized]]\nserials = "S1"',
        '[[seized]]\ncolours = ["red"]',
        '[[seized]]\nserials = [""]',
    ):
        path.write_text(content)
        with pytest.raises(MalformedInputError, match="no file of seizures"):
            read_seizures(path)
