import os

import pytest
from made_up_units import NOW, tunnel

from cellwarden.admission.gate import Gate
from cellwarden.admission.registry import NEVER, Registry
from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse
from cellwarden.workflows.registry_folder import LOOKS, FolderSource, read_rows

HEAD = "equipment_id,cell,cell_type,kind,status,valid_from,recorded_at,certificate,source_networks\n"


def line(number, status="active"):
    return f"henb{number},{1000 + number},home,femto,{status},2025-01-01T00:00:00Z,2025-01-01T00:00:00Z,{number:064x},192.0.2.{number}/32\n"


@pytest.fixture
def house(tmp_path):
    evidence = GateEvidence(tmp_path / "gate", "test")
    yield Gatehouse(Gate(Registry()), evidence, lambda: NOW)
    evidence.close()


@pytest.fixture
def export(tmp_path):
    (tmp_path / "records").mkdir()
    path = tmp_path / "records/equipment.csv"
    count = iter(range(100))

    def write(*lines):
        path.write_text(HEAD + "".join(lines))
        at = NOW.timestamp() + next(count)
        os.utime(path, (at, at))

    write(line(1), line(2))
    return write


def test_an_export_is_read_and_read_again_when_it_changes(house, export, tmp_path):
    source = FolderSource(tmp_path / "records")
    assert house.gate.registry.as_of == NEVER
    assert source.refresh(house)
    assert source.refresh(house) is False
    assert house.gate.registry.as_of == NOW
    house.ask(tunnel(1))
    house.ask(tunnel(2))
    export(line(1, "deleted"), line(2))
    assert source.refresh(house)
    assert [session.equipment_id for session in house.gate.sessions] == ["henb2"]


def test_a_file_that_is_new_in_the_export_is_found_within_a_few_looks(house, export, tmp_path):
    source = FolderSource(tmp_path / "records")
    source.refresh(house)
    (tmp_path / "records/equipment").mkdir()
    (tmp_path / "records/equipment/more.csv").write_text(HEAD + line(3))
    assert any(source.refresh(house) for _ in range(LOOKS))
    assert "henb3" in house.gate.registry


def test_a_unit_that_is_gone_from_the_export_is_not_registered_any_more(house, export, tmp_path):
    source = FolderSource(tmp_path / "records")
    source.refresh(house)
    house.ask(tunnel(1))
    export(line(2))
    source.refresh(house)
    assert len(house.gate.sessions) == 0


def test_touching_the_export_confirms_it(house, export, tmp_path):
    source = FolderSource(tmp_path / "records")
    source.refresh(house)
    export(line(1), line(2))
    source.refresh(house)
    assert (house.gate.registry.as_of - NOW).total_seconds() == 1


def test_an_export_that_is_gone_leaves_the_view_to_grow_stale(house, export, tmp_path):
    source = FolderSource(tmp_path / "records")
    source.refresh(house)
    (tmp_path / "records/equipment.csv").rename(tmp_path / "records/.equipment.csv.moved")
    with pytest.raises(MalformedInputError, match=r"holds no table|is empty"):
        source.refresh(house)
    assert len(house.gate.registry) == 2


def test_a_folder_without_the_table_is_refused(export, tmp_path):
    with pytest.raises(UsageError, match="no links"):
        read_rows(tmp_path / "records", "links")
