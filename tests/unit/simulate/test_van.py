from collections import defaultdict
from datetime import timedelta


def test_unit_one_works_five_or_six_nights_and_unit_two_two(made):
    nights = defaultdict(set)
    for row in made.truth("cells"):
        if row["kind"] == "rogue":
            nights[row["unit"]].add((row["from_at"] + timedelta(hours=9)).date())
    assert (len(nights["unit-1"]), len(nights["unit-2"])) == (6, 2)


def test_most_of_it_happens_before_dawn_and_one_evening(made):
    hours = [(row["from_at"] + timedelta(hours=9)).hour for row in made.truth("cells") if row["kind"] == "rogue"]
    assert sum(1 <= hour < 6 or hour == 0 for hour in hours) >= len(hours) - 2
    assert any(hour >= 19 for hour in hours)


def test_each_unit_keeps_its_serial_and_comes_through_another_operator(made):
    cells = {(row["cell"], source): row["unit"] for row in made.truth("cells") if row["unit"] for source in row["source"]}
    serials, registered = defaultdict(set), {row["serial"] for row in made.rows("equipment")}
    for row in made.rows("links"):
        unit = cells.get((row["cell"], row["inner_ip"]))
        if unit:
            serials[unit].add(row["serial"])
            assert row["asn"] == 64510
            assert row["access_line"] is None
    assert [len(found) for found in serials.values()] == [1, 1]
    assert not set.union(*serials.values()) & registered


def test_every_night_joins_by_tunnel_and_setup(made):
    events = {(row["cell"], row["inner_ip"], row["event"]) for row in made.rows("links")}
    for cell in (row for row in made.truth("cells") if row["kind"] == "rogue"):
        assert (cell["cell"], cell["source"][0], "ike_up") in events
        assert (cell["cell"], cell["source"][0], "s1_setup") in events
