"""What a gate process keeps; tests/scenario/gate starts, kills, hangs and restarts it."""

import socket

import pytest
from made_up_units import NOW

from cellwarden.admission.blocks import Block
from cellwarden.admission.registry import NEVER
from cellwarden.interfaces.gate import service
from cellwarden.interfaces.gate.service import BLOCKS, Service
from cellwarden.interfaces.gate.settings import Management, Settings


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


def test_a_gate_whose_management_system_is_down_knows_nobody_and_says_so_once(tmp_path, caplog):
    (tmp_path / "token").write_text("a-token\n")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/equipment"
        section = Management(url=url, token_file=tmp_path / "token", wait_s=0, period_s=0)
        made = Service(Settings(folder=tmp_path, management=section), lambda: NOW)
        made._asked()
        while not caplog.messages:
            made._tend()
        made._tend()
    assert caplog.messages == ["registry_refused"]
    assert made.house.gate.registry.as_of == NEVER
    made._evidence.close()
