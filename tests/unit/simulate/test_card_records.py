from cellwarden.simulate.card_records import record_lines
from cellwarden.simulate.scenario import load_scenario


def lines(made, name):
    return {line.name: line for line in record_lines(load_scenario(name, "xs"), made.out)}


def test_a_quiet_city_has_no_lines_of_thefts_and_exposures(generated):
    told = lines(generated("S12"), "S12")
    assert not any("expos" in name or "theft" in name for name in told)
    assert "payments a line and day" in told


def test_disputes_are_not_held_against_a_scenario_that_is_about_them(generated):
    assert "disputes of an honest payment" in lines(generated("S02"), "S02")
    assert "disputes of an honest payment" not in lines(generated("S17"), "S17")


def test_first_time_shares_are_told_by_kind_of_venue(generated):
    told = lines(generated("S02"), "S02")
    kinds = {
        name.split(" at ")[1].split(",")[0]: line.generated for name, line in told.items() if name.startswith("first-time")
    }
    assert set(kinds) == {"cafés and clinics", "places that never close", "phone shops", "homes and offices"}
    assert kinds["homes and offices"] < kinds["places that never close"]


def test_one_victim_a_stop_is_no_measure_of_how_many_are_robbed(generated):
    robbed = "people exposed on a night with thefts who are robbed"
    assert robbed in lines(generated("S02"), "S02")
    assert robbed not in lines(generated("S11"), "S11")
