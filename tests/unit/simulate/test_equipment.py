from dataclasses import replace
from datetime import timedelta

from cellwarden.simulate.equipment import equipment_rows
from cellwarden.simulate.generator import build_world
from cellwarden.simulate.scenario import Confounder
from cellwarden.simulate.writing import instant


def of_story(made, reason):
    numbers = {row["cell"] for row in made.truth("cells") if row["reason"] == reason}
    return [row for row in made.rows("equipment") if row["cell"] in numbers and row["cell_type"] == "home"]


def test_lagging_rows_are_recorded_one_to_three_days_late_with_order_and_line(made):
    rows = of_story(made, "inventory_lag")
    assert len(rows) == 3
    for row in rows:
        assert timedelta(days=1) <= row["recorded_at"] - row["valid_from"] <= timedelta(days=3)
        assert row["work_order"]
        assert row["access_line"]


def test_a_reissued_id_has_its_new_row_before_it_comes_up(made):
    rows = of_story(made, "reissued_id")
    assert [row["status"] for row in rows] == ["active", "deleted", "active"]
    assert rows[0]["serial"] != rows[2]["serial"]
    first = min(row["at"] for row in made.rows("access") if row["cell"] == rows[0]["cell"] and row["cell_type"] == "home")
    assert rows[2]["recorded_at"] < first


def test_who_moves_keeps_the_serial_and_changes_the_place(made):
    before, after = of_story(made, "house_move")
    assert before["serial"] == after["serial"]
    assert (before["lat"], before["lon"]) != (after["lat"], after["lon"])


def test_a_cell_on_a_bus_is_allowed_to_move(made):
    assert [row["kind"] for row in of_story(made, "on_board_cell")] == ["mobile"]


def test_every_macro_cell_on_the_air_is_registered_but_the_festivals(made):
    known = {row["cell"] for row in made.rows("equipment") if row["cell_type"] == "macro"}
    seen = {row["cell"] for row in made.rows("access") if row["cell_type"] == "macro"}
    announced = {row["cell"] for row in made.rows("events") if row["kind"] == "temporary_cell"}
    assert seen - known == announced


def test_the_fleet_shares_one_certificate(made):
    assert len({row["certificate"] for row in made.rows("equipment") if row["cell_type"] == "home"}) == 1


def test_statuses_beyond_active_occur(made):
    statuses = {row["status"] for row in made.rows("equipment")}
    assert {"active", "deleted", "lost", "dormant", "planned", "suspended", "scrapped", "recovered"} == statuses


def test_a_cell_that_wakes_is_on_record_as_dormant_and_taken_back_with_an_order_or_never_noticed(tiny_scenario):
    wanted = replace(tiny_scenario("S15"), confounders=(Confounder("B21", 90),))
    world, _ = build_world(wanted, 7)
    kinds = set()
    for cell in (cell for cell in world.fleet if cell.story == "woken_cell"):
        rows = [row for row in equipment_rows(world) if row["serial"] == cell.serial]
        assert all(row["work_order"] and row["access_line"] == cell.access_line for row in rows)
        if len(rows) == 1:
            kinds.add("never noticed")
            continue
        assert [row["status"] for row in rows] == ["active", "dormant", "active"]
        assert rows[1]["recorded_at"] > rows[1]["valid_from"] + timedelta(days=90)
        kinds.add("before" if rows[2]["valid_from"] < instant(cell.on_from) else "after")
    assert kinds == {"never noticed", "before", "after"}
