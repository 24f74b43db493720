from datetime import datetime

from made_up_units import NOW, certificate, later, unit

from cellwarden.admission.registry import NEVER, Registry, Version

ROW = {
    "equipment_id": "henb1",
    "cell": 1001,
    "cell_type": "home",
    "kind": "femto",
    "status": "active",
    "valid_from": datetime(2025, 1, 1),
    "valid_to": None,
    "recorded_at": datetime(2025, 1, 1),
    "certificate": "AB" * 32,
    "source_networks": "192.0.2.0/24 2001:db8::/48",
}


def test_a_row_of_the_equipment_table_becomes_a_version():
    version = Version.of_row(ROW)
    assert version.certificate == "ab" * 32
    assert version.valid_from.tzinfo is not None
    assert [str(each) for each in version.networks] == ["192.0.2.0/24", "2001:db8::/48"]
    assert version.lat is None


def test_of_two_versions_that_overlap_the_later_recorded_one_wins():
    first, second = unit(1, tac=7), unit(1, tac=8, valid_from=later(days=-9), recorded_at=later(days=-1))
    for versions in ([first, second], [second, first]):
        registry = Registry(versions, as_of=NOW)
        assert registry.in_force("henb1", NOW).tac == 8
        assert registry.in_force("henb1", later(days=-2)).tac == 7, "nobody knew yet"
        assert registry.in_force("henb1", later(days=-100)) is None


def test_a_version_ends_where_it_says():
    registry = Registry([unit(1, valid_to=NOW)])
    assert registry.in_force("henb1", NOW) is None
    assert registry.in_force("henb1", later(seconds=-1)) is not None


def test_of_several_cells_the_one_asked_for_is_found():
    sectors = [unit(1, cell_type="macro", kind="macro", cell=(7 << 8) + sector) for sector in (1, 2, 3)]
    registry = Registry(sectors)
    assert registry.in_force("henb1", NOW, cell=(7 << 8) + 2).cell == (7 << 8) + 2
    assert registry.in_force("henb1", NOW, cell=999) is not None
    ended = unit(1, cell_type="macro", kind="macro", cell=(7 << 8) + 2, valid_from=later(days=-1), valid_to=later(days=-1))
    assert Registry([*sectors, ended]).in_force("henb1", NOW, cell=(7 << 8) + 2).valid_to is None


def test_indices_follow_every_change():
    registry = Registry([unit(1), unit(2)], as_of=NOW)
    touched = registry.apply([unit(2, certificate=certificate(1), serial="SN-X")], as_of=later(minutes=1))
    assert touched == {"henb1", "henb2"}, "the one who now shares is touched as well"
    assert registry.sharers(certificate(1), NOW) == ["henb1", "henb2"]
    assert registry.of_certificate(certificate(2)) == []
    assert (registry.of_serial("SN-X"), registry.of_serial("SN-2")) == (["henb2"], [])
    assert registry.of_cell(1002, "home") == ["henb2"]
    assert registry.as_of == later(minutes=1)
    assert registry.apply([unit(2)], as_of=NOW) == {"henb1", "henb2"}
    assert registry.as_of == later(minutes=1), "time does not run back"
    assert registry.sharers(certificate(1), NOW) == ["henb1"]
    assert (len(registry), "henb2" in registry, "henb3" in registry) == (2, True, False)


def test_a_registry_that_was_never_filled_says_so():
    assert Registry().as_of == NEVER


def test_macro_cells_have_places():
    registry = Registry([unit(1, kind="macro", cell_type="macro", cell=300, lat=1.0, lon=2.0), unit(2)])
    assert registry.place_of(300, NOW) == (1.0, 2.0)
    assert registry.place_of(301, NOW) is None


def test_a_fleet_of_one_certificate_is_told_by_its_first_two():
    fleet = Registry([unit(number, certificate=certificate(1)) for number in range(1, 2000)])
    assert len(fleet.sharers(certificate(1), NOW)) == 2
    assert len(list(fleet.versions())) == 1999
