import pytest
from made_up_units import NOW, certificate, gate, inform, later, tunnel, unit

from cellwarden.admission.blocks import Block, BlockList
from cellwarden.admission.gate import Cut
from cellwarden.foundation.clock import iso


@pytest.mark.parametrize(
    "block",
    [
        Block("equipment_id", "henb1", "case 7"),
        Block("certificate", certificate(1).upper(), "case 7"),
        Block("serial", "SN-1", "case 7"),
        Block("cell", "home:1001", "case 7"),
        Block("network", "192.0.2.0/30", "case 7"),
    ],
    ids=lambda block: block.kind,
)
def test_a_block_cuts_who_is_in_and_refuses_who_comes(block):
    held = gate(unit(1), unit(9))
    held.ask(tunnel(1))
    held.ask(tunnel(9))
    assert [each.session.equipment_id for each in held.block(block, NOW) if isinstance(each, Cut)] == ["henb1"]
    assert held.ask(tunnel(1))[0].decision.codes == ("BLOCKED",)
    assert [session.equipment_id for session in held.sessions] == ["henb9"]
    assert held.unblock(block.kind, block.value) == block
    assert held.ask(tunnel(1))[0].decision.allow


def test_a_block_ends_when_it_says():
    blocks = BlockList([Block("equipment_id", "henb1", "case 7", until=later(hours=1))])
    assert blocks.on(tunnel(1), None) is not None
    assert blocks.on(tunnel(1, at=later(hours=1)), None) is None


def test_new_installs_are_those_of_which_the_registry_had_no_word_before():
    """A unit that was updated since is not new; who is in and new is cut, and lets in again when the block is taken away."""
    since = Block("installed_since", iso(later(days=-1)), "case 7")
    held = gate(unit(1), unit(1, recorded_at=NOW, software="2.0"), unit(9, recorded_at=NOW, valid_from=NOW))
    held.ask(tunnel(1))
    held.ask(tunnel(9))
    assert [each.session.equipment_id for each in held.block(since, NOW) if isinstance(each, Cut)] == ["henb9"]
    assert held.ask(tunnel(9))[0].decision.codes == ("BLOCKED",)
    assert held.ask(tunnel(1))[0].decision.allow
    assert len(held.registry.blocks) == len(list(held.registry.blocks)) == 1
    assert held.unblock(since.kind, since.value) == since
    assert held.ask(tunnel(9))[0].decision.allow
    with pytest.raises(ValueError, match="no zone"):
        Block("installed_since", "2025-09-09T09:00:00", "")


def test_what_is_shown_counts_as_well_as_what_is_registered():
    blocks = BlockList([Block("serial", "SN-5", "case 7")])
    assert blocks.on(inform(1, serial="SN-5"), unit(1)) is not None
    assert blocks.on(tunnel(1), unit(1)) is None


def test_a_block_of_nothing_is_refused():
    with pytest.raises(ValueError, match="is none of"):
        Block("colour", "red", "")
    with pytest.raises(ValueError, match="192"):
        Block("network", "192.0.2.0/99", "")


def test_blocks_are_counted_and_listed():
    blocks = BlockList([Block("serial", "a", ""), Block("network", "192.0.2.0/24", "")])
    assert len(blocks) == len(list(blocks)) == 2
    assert blocks.remove("network", "192.0.2.0/24") is not None
    assert blocks.remove("network", "192.0.2.0/24") is None
