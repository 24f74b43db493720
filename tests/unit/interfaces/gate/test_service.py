"""What a gate process keeps; tests/scenario/gate starts, kills, hangs and restarts it."""

import pytest
from made_up_units import NOW

from cellwarden.admission.blocks import Block
from cellwarden.interfaces.gate import service
from cellwarden.interfaces.gate.service import BLOCKS, Service
from cellwarden.interfaces.gate.settings import Settings


@pytest.fixture
def begun(tmp_path):
    (tmp_path / "equipment.csv").write_text("equipment_id,cell,cell_type,kind,status,valid_from,recorded_at\n")

    def begin():
        made = Service(Settings(folder=tmp_path, records=tmp_path), lambda: NOW)
        made._asked()
        running.append(made)
        return made

    running = []
    yield begin
    for each in running:
        each._evidence.close()


def test_a_block_is_on_disk_when_it_is_ordered(begun):
    begun().house.block(Block("serial", "SN-7", "case 7", NOW), by="duty officer")
    assert list(begun().house.gate.registry.blocks) == [Block("serial", "SN-7", "case 7", NOW)]


def test_a_full_disk_ends_no_gate_and_the_block_list_is_kept_once_there_is_room(begun, monkeypatch, tmp_path):
    gate = begun()

    def full(*_):
        raise OSError(28, "full")

    with monkeypatch.context() as patched:
        patched.setattr(service, "_write", full)
        gate.house.block(Block("serial", "SN-7", "case 7"), by="duty officer")
        gate._tend()
    assert not (tmp_path / BLOCKS).exists()
    gate._tend()
    assert [block.value for block in begun().house.gate.registry.blocks] == ["SN-7"]
