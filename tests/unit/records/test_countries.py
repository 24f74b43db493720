"""Countries with one time zone, by mobile country code."""

from zoneinfo import ZoneInfo

from cellwarden.records.countries import ZONE_OF_MCC


def test_every_zone_exists_and_every_code_has_three_digits():
    assert all(ZoneInfo(zone).key == zone for zone in ZONE_OF_MCC.values())
    assert all(len(code) == 3 and code.isdigit() for code in ZONE_OF_MCC)


def test_countries_of_many_zones_are_left_out():
    assert not {"310", "250", "505", "302", "724", "001"} & ZONE_OF_MCC.keys()
