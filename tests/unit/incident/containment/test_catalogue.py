"""Acts and their targets, each in one spelling."""

import pytest

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.incident.containment.catalogue import ACTS, act_of, checked_target, gate_value

GOOD = {
    "block_cell": {"cell_type": "home", "cell": "1001"},
    "block_certificate": {"certificate": "AB" * 32},
    "block_serial": {"serial": " FC-1 "},
    "block_source": {"network": "203.0.113.0/24"},
    "block_new_installs": {"since": "2025-09-09T09:00:00+09:00"},
    "restrict_payments": {"category": "gift_card"},
    "force_reauthentication": {"grades": "possible,imsi"},
    "list_usim_swap": {"grades": ["imsi"]},
    "recover_dormant": {"silent_days": "90"},
}
READ = {
    "block_cell": {"cell_type": "home", "cell": 1001},
    "block_certificate": {"certificate": "ab" * 32},
    "block_serial": {"serial": "FC-1"},
    "block_source": {"network": "203.0.113.0/24"},
    "block_new_installs": {"since": "2025-09-09T00:00:00Z"},
    "restrict_payments": {"category": "gift_card"},
    "force_reauthentication": {"grades": ["imsi", "possible"]},
    "list_usim_swap": {"grades": ["imsi"]},
    "recover_dormant": {"silent_days": 90},
}


@pytest.mark.parametrize("name", ACTS)
def test_a_target_is_read_into_its_one_spelling(name):
    act = act_of(name)
    assert checked_target(act, GOOD[name]) == READ[name]
    assert checked_target(act, READ[name]) == READ[name]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("block_cell", {"cell": "1001"}),
        ("block_cell", {"cell_type": "tiny", "cell": "1001"}),
        ("block_cell", {"cell_type": "home", "cell": "0x3e9"}),
        ("block_cell", {"cell_type": "home", "cell": "0"}),
        ("block_certificate", {"certificate": "ab"}),
        ("block_serial", {"serial": " "}),
        ("block_source", {"network": "203.0.113.9/24"}),
        ("block_new_installs", {"since": "2025-09-09T09:00:00"}),
        ("block_new_installs", {"since": "soon"}),
        ("restrict_payments", {"category": "gift_card", "channel": "ars"}),
        ("restrict_payments", {"subscriber": "001010000000001"}),
        ("restrict_payments", {"channel": "carrier pigeon"}),
        ("restrict_payments", {}),
        ("force_reauthentication", {"grades": "all"}),
        ("recover_dormant", {"silent_days": "-3"}),
    ],
)
def test_what_is_no_target_is_refused_without_repeating_it(name, target):
    with pytest.raises(MalformedInputError, match=name) as caught:
        checked_target(act_of(name), target)
    assert "001010000000001" not in str(caught.value)


def test_an_unknown_act_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="block_cell"):
        act_of("switch_everything_off")


def test_the_gate_is_told_in_its_own_words():
    assert gate_value(ACTS["block_cell"], READ["block_cell"]) == "home:1001"
    assert gate_value(ACTS["block_new_installs"], READ["block_new_installs"]) == "2025-09-09T00:00:00Z"
    assert gate_value(ACTS["block_source"], READ["block_source"]) == "203.0.113.0/24"
    from_gate = {"equipment_id", "certificate", "serial", "cell", "network", "installed_since"}
    assert {act.gate_kind for act in ACTS.values() if act.gate_kind} <= from_gate


def test_every_act_says_what_it_does_and_what_undoes_it():
    assert all(act.does and act.undone_by and act.aims_at for act in ACTS.values())
    assert {act.question for act in ACTS.values()} == {"presence", "payments", "people", "dormant"}
