"""Each innocent thing B1 to B21 (simulation.md 6) leaves in the records what is said of it; the truth says only where to look."""

from datetime import timedelta

import pytest

LOCAL_HOUR = 'hour(a."at" + interval 9 hour)'
AT_HOME = "a.cell = c.cell AND a.cell_type = 'home'"
AT_MACRO = "a.cell = c.cell AND a.cell_type = 'macro'"


def test_b1_a_temporary_cell_is_in_no_registry_and_full_for_an_afternoon(ask):
    ((people, hours, known),) = ask("S09", f"""SELECT count(DISTINCT a.imsi), date_diff('hour', min(a."at"), max(a."at")),
        (SELECT count(*) FROM equipment e WHERE e.cell = any_value(c.cell) AND e.cell_type = 'macro')
        FROM cells c JOIN access a ON {AT_MACRO} WHERE c.reason = 'temporary_cell'""")  # fmt: skip
    assert people > 80
    assert hours < 13
    assert known == 0


def test_b2_a_disaster_van_has_two_places_and_one_number(ask):
    ((days, areas, tacs),) = ask("S12", f"""SELECT count(DISTINCT (a."at" + interval 9 hour)::date), (SELECT count(DISTINCT district) FROM events WHERE kind = 'temporary_cell'),
        count(DISTINCT a.tac) FROM cells c JOIN access a ON {AT_MACRO} WHERE list_contains(c.codes, 'B2')""")  # fmt: skip
    assert (days, areas, tacs) == (2, 2, 1)


def test_b3_a_bus_has_passengers_by_day_along_one_road(ask):
    ((kind, people, low, high),) = ask("S01", f"""SELECT any_value(e.kind), count(DISTINCT a.imsi), min({LOCAL_HOUR}), max({LOCAL_HOUR})
        FROM cells c JOIN equipment e ON e.cell = c.cell AND e.cell_type = 'home' JOIN access a ON {AT_HOME} WHERE c.reason = 'on_board_cell'""")  # fmt: skip
    assert kind == "mobile"
    assert people > 50
    assert 6 <= low <= high <= 22


def test_b4_a_lagging_registry_learns_of_a_cell_days_after_it_came_up(ask):
    lags = ask("S05", f"""SELECT date_diff('hour', min(a."at"), min(e.recorded_at)), min(e.valid_from) <= min(a."at"), any_value(e.work_order) IS NOT NULL
        FROM cells c JOIN equipment e ON e.cell = c.cell AND e.cell_type = 'home' JOIN access a ON {AT_HOME} WHERE c.reason = 'inventory_lag' GROUP BY c.cell""")  # fmt: skip
    assert len(lags) > 5
    assert all(hours >= 10 and is_backdated for hours, is_backdated, _ in lags)
    assert sum(is_ordered for *_, is_ordered in lags) > 0.7 * len(lags)


def test_b5_a_deleted_id_is_given_to_somebody_else_by_an_order(ask):
    ((order, serials, dead_days),) = ask("S04", f"""SELECT arg_max(e.work_order, e.recorded_at), count(DISTINCT e.serial),
        date_diff('day', min(e.valid_from) FILTER (e.status = 'deleted'), min(a."at"))
        FROM cells c JOIN equipment e ON e.cell = c.cell AND e.cell_type = 'home' JOIN access a ON {AT_HOME} WHERE c.reason = 'reissued_id' GROUP BY c.cell""")  # fmt: skip
    assert order
    assert serials == 2
    assert dead_days >= 150


def test_b5_works_give_a_cell_another_gateway_and_tracking_area_once(ask):
    rows = ask("S04", """SELECT l.gateway, l.tac, min(l."at"), max(l."at") FROM cells c JOIN links l ON l.cell = c.cell AND l.cell_type = 'home'
        WHERE c.reason = 'rehomed_cell' AND l.event <> 'ike_down' GROUP BY 1, 2 ORDER BY 3""")  # fmt: skip
    (gateway, tac, _, last), (other_gateway, other_tac, first, _) = rows
    assert gateway != other_gateway
    assert tac != other_tac
    assert last < first
    ((found,),) = ask("S04", f"""SELECT count(*) FROM cells c JOIN equipment e ON e.cell = c.cell AND e.tac = {other_tac} AND e.work_order IS NOT NULL
        AND e.valid_from BETWEEN timestamp '{last}' AND timestamp '{first + timedelta(hours=1)}' WHERE c.reason = 'rehomed_cell'""")  # fmt: skip
    assert found == 1


def test_b6_a_household_moves_once_with_its_cell(ask):
    moves = ask("S15", f"""SELECT c.cell, count(DISTINCT a.tac), list_distinct(list(a.imsi) FILTER (a.tac = first_tac)), list_distinct(list(a.imsi) FILTER (a.tac <> first_tac))
        FROM cells c JOIN access a ON {AT_HOME} JOIN (SELECT cell, arg_min(tac, "at") AS first_tac FROM access WHERE cell_type = 'home' GROUP BY cell) f ON f.cell = c.cell
        WHERE c.reason = 'house_move' GROUP BY c.cell""")  # fmt: skip
    moved = [(set(before), set(after)) for _, tacs, before, after in moves if tacs == 2]
    assert len(moved) > 3
    assert sum(len(before & after) / len(before | after) for before, after in moved) / len(moved) > 0.5


def test_b7_a_carried_cell_comes_back(ask):
    places = ask(
        "S15",
        f"""SELECT list(a.tac ORDER BY a."at") FROM cells c JOIN access a ON {AT_HOME} WHERE c.reason = 'carried_cell' GROUP BY c.cell""",
    )
    paths = [[tac for turn, tac in enumerate(tacs) if turn == 0 or tacs[turn - 1] != tac] for (tacs,) in places]
    away = [path for path in paths if len(path) > 1]
    assert away
    assert all(len(path) == 3 and path[0] == path[2] for path in away)


def test_b8_old_numbers_end_where_new_ones_begin(ask):
    ((pairs, night, together),) = ask("S16", """SELECT count(*), avg((hour(o.last_at + interval 9 hour) BETWEEN 0 AND 5)::int), avg((n.first_at > o.last_at)::int)
        FROM events v JOIN (SELECT cell, max("at") AS last_at FROM access WHERE cell_type = 'macro' GROUP BY cell) o ON o.cell = v.cell
        JOIN (SELECT cell, min("at") AS first_at FROM access WHERE cell_type = 'macro' GROUP BY cell) n ON n.cell = v.new_cell WHERE v.kind = 'renumbering'""")  # fmt: skip
    assert pairs > 5
    assert night > 0.8
    assert together == 1


def test_b9_a_partners_cell_serves_our_people(ask):
    ((plmns, people, ours),) = ask("S14", f"""SELECT list(DISTINCT a.plmn), count(DISTINCT a.imsi), avg((a.imsi LIKE '45008%')::int)
        FROM cells c JOIN access a ON {AT_MACRO} WHERE c.reason = 'shared_carrier'""")  # fmt: skip
    assert plmns == ["45005"]
    assert people > 50
    assert ours > 0.9


def test_b10_a_crowd_fills_all_sectors_of_a_site_at_once(ask):
    ((during, usual),) = ask("S09", """WITH f AS (SELECT from_at, to_at FROM confounders WHERE code = 'B10'),
        n AS (SELECT a.cell >> 8 AS site, count(DISTINCT a.imsi) FILTER (a."at" BETWEEN f.from_at AND f.to_at) AS during,
          count(DISTINCT a.imsi) FILTER (a."at" BETWEEN f.from_at - interval 1 day AND f.to_at - interval 1 day) AS usual FROM access a, f WHERE a.cell_type = 'macro' GROUP BY 1)
        SELECT arg_max(during, during - usual), arg_max(usual, during - usual) FROM n""")  # fmt: skip
    assert during > 2 * usual


def test_b11_flights_bring_phones_from_abroad_that_show_themselves_every_day(ask):
    ((foreign, days),) = ask("S14", f"""SELECT avg((a.imsi LIKE '99970%')::int), count(DISTINCT a."at"::date) FROM cells c JOIN access a ON {AT_MACRO}
        WHERE c.reason = 'airport' AND a.procedure = 'attach' AND a.identity = 'imsi'""")  # fmt: skip
    assert foreign > 0.6
    assert days >= 5


def test_b12_a_core_that_restarts_gets_everybody_back_with_imsi(ask):
    ((during, before),) = ask("S12", """SELECT count(*) FILTER (a."at" BETWEEN b.from_at AND b.to_at), count(*) FILTER (a."at" < b.from_at)
        FROM access a, confounders b WHERE b.code = 'B12' AND a.core = b.subject AND a.identity = 'imsi'""")  # fmt: skip
    assert during > 150
    assert during > 2 * before


def test_b13_all_tunnels_of_a_gateway_come_up_anew_at_night(ask):
    ((cells, at_once),) = ask("S12", """SELECT count(DISTINCT l.cell), count(DISTINCT l.cell) FILTER (l."at" BETWEEN b.from_at AND b.to_at)
        FROM links l, confounders b WHERE b.code = 'B13' AND l.gateway = b.subject AND l.event = 'ike_up' AND l."at" BETWEEN b.from_at - interval 1 day AND b.to_at + interval 1 day""")  # fmt: skip
    assert at_once >= 0.9 * cells > 2


def test_b14_test_phones_attach_all_day_in_a_laboratory_and_pay_nothing(ask):
    ((phones, a_day, paid),) = ask("S14", f"""SELECT count(DISTINCT a.imsi), count(*) / count(DISTINCT a."at"::date), (SELECT count(*) FROM payments WHERE imsi LIKE '00101%')
        FROM cells c JOIN access a ON {AT_HOME} WHERE c.reason = 'test_laboratory' AND a.imsi LIKE '00101%' AND a.procedure = 'attach' AND a.identity = 'imsi'""")  # fmt: skip
    assert 1 <= phones <= 8
    assert a_day > 10
    assert paid == 0


def test_b15_a_cafe_has_strangers_all_day_and_none_at_night(ask):
    rows = ask("S08", f"""SELECT count(DISTINCT a.imsi), avg(({LOCAL_HOUR} BETWEEN 1 AND 5)::int) FROM cells c JOIN access a ON {AT_HOME}
        WHERE c.reason = 'public_venue' GROUP BY c.cell""")  # fmt: skip
    assert rows
    assert all(people > 80 and night < 0.05 for people, night in rows)


def test_b16_hospital_bath_house_pc_bang_and_taxi_depot_have_people_in_the_dead_of_night(ask):
    rows = ask("S08", f"""SELECT count(DISTINCT a.imsi), count(DISTINCT a."at"::date) FILTER ({LOCAL_HOUR} BETWEEN 1 AND 4) FROM cells c JOIN access a ON {AT_HOME}
        WHERE c.reason = 'always_open_venue' GROUP BY c.cell""")  # fmt: skip
    assert len(rows) == 4
    assert all(people > 40 and nights >= 6 for people, nights in rows)


def test_b17_new_cards_show_themselves_in_shop_hours(ask):
    ((share, low, high),) = ask("S08", f"""SELECT avg((a.identity = 'imsi')::int), min({LOCAL_HOUR}), max({LOCAL_HOUR}) FROM cells c JOIN access a ON {AT_HOME}
        WHERE c.reason = 'phone_shop' AND a.procedure = 'attach'""")  # fmt: skip
    assert share > 0.5
    assert 9 <= low <= high <= 23


def test_b18_things_come_back_together_after_a_power_cut(ask):
    ((things, everything),) = ask("S12", """SELECT count(*) FILTER (s.device_class = 'iot'), count(*) FROM access a JOIN subscribers s USING (imsi), confounders b
        WHERE b.code = 'B18' AND a.procedure = 'attach' AND a.identity = 'imsi' AND a."at" BETWEEN b.from_at AND b.to_at""")  # fmt: skip
    assert things >= 2
    assert things > 0.5 * everything


def test_b19_a_wave_of_messages_leaves_vouchers_and_complaints_and_no_rogue(ask):
    ((vouchers, said, rogues),) = ask("S17", """SELECT (SELECT count(*) FROM payments p, confounders b WHERE b.code = 'B19' AND p.category = 'gift_card' AND p.disputed_at IS NOT NULL
        AND p."at" BETWEEN b.from_at AND b.to_at), (SELECT count(*) FROM complaints WHERE cause = 'smishing'), (SELECT count(*) FROM cells WHERE kind = 'rogue')""")  # fmt: skip
    assert vouchers >= 4
    assert said >= 1
    assert rogues == 0


@pytest.mark.parametrize("scenario", ["S01", "S17"])
def test_b20_families_quarrel_about_games_by_day(ask, scenario):
    ((disputed, stolen),) = ask(scenario, """SELECT count(*) FILTER (hour("at" + interval 9 hour) BETWEEN 15 AND 21), (SELECT count(*) FROM fraud_payments)
        FROM payments WHERE category = 'games' AND disputed_at IS NOT NULL""")  # fmt: skip
    assert disputed >= 2
    assert stolen == 0


def test_b21_a_cell_wakes_by_day_after_months(ask):
    rows = ask("S04", """SELECT max(away_days), count(DISTINCT serial), arg_max(hour("at" + interval 9 hour), away_days) FROM (SELECT l.cell, l.serial, l."at",
          date_diff('day', lag(l."at") OVER (PARTITION BY l.cell ORDER BY l."at"), l."at") AS away_days
        FROM cells c JOIN links l ON l.cell = c.cell AND l.cell_type = 'home' AND l.event = 'ike_up' WHERE c.reason = 'woken_cell') GROUP BY cell""")  # fmt: skip
    assert rows
    assert all(days > 90 and serials == 1 and 9 <= hour <= 20 for days, serials, hour in rows)
