import json
import os
from datetime import timedelta

import pytest
from made_up_units import NOW, gate, tunnel

from cellwarden.admission.blocks import Block
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.containment.targets import BlockListTarget
from cellwarden.workflows.block_list import BlockListFile
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse

UNTIL = NOW + timedelta(days=30)


def message(request, *, kind="equipment_id", value="henb1", until=UNTIL):
    return {"act": "block", "request": request, "until": iso(until), "block": {"kind": kind, "value": value}}


@pytest.fixture
def house(tmp_path):
    evidence = GateEvidence(tmp_path / "gate", "test")
    yield Gatehouse(gate(), evidence, lambda: NOW)
    evidence.close()


@pytest.fixture
def target(tmp_path):
    return BlockListTarget(tmp_path / "blocks.json")


def blocked(house):
    return [(each.kind, each.value, each.reason) for each in house.gate.registry.blocks]


def test_what_containment_blocks_is_refused_and_what_it_undoes_is_let_in(house, target):
    follower = BlockListFile(target.path)
    follower.refresh(house)
    assert house.ask(tunnel(1)).allow
    cut = []
    house.on_cut(lambda session: cut.append(session.key))
    target.send("apply", message("C-1.2"), key="1")
    follower.refresh(house)
    assert cut == ["sa1"]
    assert blocked(house) == [("equipment_id", "henb1", "containment C-1.2")]
    assert house.ask(tunnel(1)).codes == ("BLOCKED",)
    target.send("undo", message("C-1.2"), key="2")
    follower.refresh(house)
    assert blocked(house) == []
    assert house.ask(tunnel(1)).allow


def test_a_restart_knows_which_blocks_came_from_the_file(house, target):
    target.send("apply", message("C-1.2"), key="1")
    BlockListFile(target.path).refresh(house)
    target.send("undo", message("C-1.2"), key="2")
    BlockListFile(target.path).refresh(house)
    assert blocked(house) == []


def test_of_two_blocks_on_one_thing_the_longer_holds_until_both_are_undone(house, target):
    follower = BlockListFile(target.path)
    target.send("apply", message("C-1.2", until=NOW + timedelta(days=1)), key="1")
    target.send("apply", message("C-1.3"), key="2")
    follower.refresh(house)
    assert [each.until for each in house.gate.registry.blocks] == [UNTIL]
    target.send("undo", message("C-1.3"), key="3")
    follower.refresh(house)
    assert [each.until for each in house.gate.registry.blocks] == [NOW + timedelta(days=1)]


def test_an_unchanged_file_is_not_read_again(house, target, monkeypatch):
    follower = BlockListFile(target.path)
    target.send("apply", message("C-1.2"), key="1")
    follower.refresh(house)
    monkeypatch.setattr("cellwarden.workflows.block_list.read_block_list", None)
    follower.refresh(house)
    assert len(blocked(house)) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text("no json"),
        lambda path: path.write_text(json.dumps({"blocks": [{"kind": "colour", "value": "red", "request": "C-1.9"}]})),
        lambda path: path.write_text(
            json.dumps({"blocks": [{"kind": "cell", "value": "x", "request": "C-1.9", "until": "soon"}]})
        ),
        os.remove,
    ],
    ids=["no json", "unknown kind", "no time", "gone"],
)
def test_a_file_that_is_damaged_or_gone_lifts_nothing(house, target, damage):
    follower = BlockListFile(target.path)
    target.send("apply", message("C-1.2"), key="1")
    follower.refresh(house)
    damage(target.path)
    with pytest.raises(MalformedInputError, match=r"blocks\.json: .*stays blocked"):
        follower.refresh(house)
    assert blocked(house) == [("equipment_id", "henb1", "containment C-1.2")]


def test_blocks_of_the_duty_officer_are_left_alone(house, target):
    house.block(Block("serial", "X-1", "seen in a van"), by="duty officer")
    target.send("apply", message("C-1.2"), key="1")
    follower = BlockListFile(target.path)
    follower.refresh(house)
    target.send("undo", message("C-1.2"), key="2")
    follower.refresh(house)
    assert blocked(house) == [("serial", "X-1", "seen in a van")]
