import itertools
from collections import defaultdict
from datetime import timedelta


def homes(made, reason):
    numbers = {row["cell"] for row in made.truth("cells") if row["reason"] == reason}
    return [row for row in made.rows("access") if row["cell"] in numbers and row["cell_type"] == "home"]


def test_public_venues_have_many_first_time_visitors(made):
    days = defaultdict(set)
    for row in homes(made, "public_venue"):
        days[row["imsi"]].add(row["at"].date())
    assert sum(len(seen) == 1 for seen in days.values()) / len(days) > 0.5


def test_the_hospital_is_busy_at_three_in_the_morning(made):
    hours = {(row["at"] + timedelta(hours=9)).hour for row in homes(made, "always_open_venue")}
    assert {1, 2, 3, 4} <= hours


def test_the_phone_shop_shows_many_imsis_in_shop_hours_every_day(made):
    rows = [row for row in homes(made, "phone_shop") if row["procedure"] == "attach"]
    shown = [row for row in rows if row["identity"] == "imsi"]
    assert len(shown) / len(rows) > 0.4
    assert len({(row["at"] + timedelta(hours=9)).date() for row in shown}) >= 7


def test_visitors_pass_a_macro_neighbour_before_and_after(made):
    everything = defaultdict(list)
    for row in made.rows("access"):
        everything[row["imsi"]].append(row)
    rogue = {(row["imsi"], row["at"]) for row in made.rogue_rows()}
    placed = []
    for imsi, rows in everything.items():
        for before, row in itertools.pairwise(rows):
            if (imsi, row["at"]) in rogue and (imsi, before["at"]) not in rogue:
                placed.append(before["cell_type"] == "macro" and row["at"] - before["at"] < timedelta(minutes=10))
    assert sum(placed) / len(placed) > 0.9


def test_the_bus_has_passengers_by_day_only(made):
    hours = {(row["at"] + timedelta(hours=9)).hour for row in homes(made, "on_board_cell")}
    assert hours <= set(range(6, 23))
