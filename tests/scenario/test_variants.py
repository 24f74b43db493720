"""Each attack variant A1 to A20 (simulation.md 7) leaves in the records what is said of it; the truth says only where to look."""

import pytest

LOCAL_HOUR = 'hour("at" + interval 9 hour)'


def test_a1_a_deleted_id_drives_about_and_takes_the_imsi_of_a_quarter(ask):
    (status,) = ask("S18", "SELECT arg_max(e.status, e.recorded_at) FROM equipment e JOIN cells c USING (cell) WHERE c.reason = 'deleted_id' GROUP BY e.cell LIMIT 1")  # fmt: skip
    assert status == ("deleted",)
    ((span_m,),) = ask(
        "S18",
        "SELECT max(d) FROM (SELECT 111000 * (max(lat) - min(lat)) + 88000 * (max(lon) - min(lon)) AS d FROM tracks GROUP BY tracks.at::date)",
    )
    assert span_m > 300
    ((share,),) = ask("S18", "SELECT avg((identity = 'imsi')::int) FROM exposures")
    assert 0.15 < share < 0.45


def test_a2_the_clone_and_the_cell_that_it_copies_are_up_at_once(ask):
    both = ask("S03", """SELECT c.cell FROM cells c JOIN access a ON a.cell = c.cell AND a.cell_type = 'home' AND a.at BETWEEN c.from_at AND c.to_at
        AND list_contains(c.genuine_source, a.source) WHERE c.kind = 'rogue' GROUP BY c.cell""")  # fmt: skip
    assert both
    ((hands,),) = ask(
        "S03",
        "SELECT min(n) FROM (SELECT count(DISTINCT l.source_ip) AS n FROM links l JOIN cells c USING (cell) WHERE c.kind = 'rogue' GROUP BY l.cell)",
    )
    assert hands >= 2


def test_a3_a_used_id_was_dead_for_months(ask):
    ((days,),) = ask("S04", """SELECT min(date_diff('day', l.at, c.from_at)) FROM cells c JOIN links l ON l.cell = c.cell AND l.at < c.from_at - interval 1 day
        WHERE c.kind = 'rogue' AND c.from_at = (SELECT min(from_at) FROM cells WHERE kind = 'rogue')""")  # fmt: skip
    assert days >= 100


def test_a4_an_unused_id_lies_among_those_of_the_vendor_and_in_no_registry(ask):
    low, high, known = ask("S05", """SELECT min(c.cell) > min(e.cell), max(c.cell) < max(e.cell), count(*) FILTER (c.cell = e.cell)
        FROM cells c, equipment e WHERE c.reason = 'never_issued_id' AND e.cell_type = 'home'""")[0]  # fmt: skip
    assert (low, high, known) == (True, True, 0)


def test_a5_rotating_ids_have_few_people_each_and_one_serial(ask):
    ids, most, serials = ask("S06", """SELECT count(DISTINCT cell), max(n), any_value(serials) FROM (SELECT cell, count(DISTINCT imsi) AS n FROM exposures GROUP BY cell),
        (SELECT count(DISTINCT l.serial) AS serials FROM links l JOIN cells c ON c.kind = 'rogue' AND l.cell = c.cell AND list_contains(c.source, l.inner_ip))""")[0]  # fmt: skip
    assert ids == 40
    assert most < 150
    assert serials == 1


def test_a6_two_ids_are_never_on_the_air_together(ask):
    pairs = ask(
        "S07",
        "SELECT 1 FROM cells a, cells b WHERE a.kind = 'rogue' AND b.kind = 'rogue' AND a.cell < b.cell AND a.from_at < b.to_at AND b.from_at < a.to_at",
    )
    ids = ask("S07", "SELECT DISTINCT cell FROM rogue")
    assert len(ids) == 2
    assert len(pairs) < len(ask("S07", "SELECT 1 FROM cells WHERE kind = 'rogue'"))


def test_a7_bursts_catch_a_handful(ask):
    ((most,),) = ask(
        "S07",
        "SELECT max(n) FROM (SELECT count(DISTINCT imsi) AS n FROM rogue GROUP BY cell, time_bucket(interval 3 minute, rogue.at))",
    )
    assert most <= 20


def test_a8_who_hides_asks_for_the_imsi_no_more_often_than_an_honest_cell(ask):
    ((share,),) = ask("S07", "SELECT avg((identity = 'imsi')::int) FROM exposures")
    assert share < 0.05


def test_a9_collecting_alone_robs_nobody(ask):
    assert ask("S07", "SELECT 1 FROM fraud_payments") == []
    assert ask("S07", "SELECT 1 FROM exposures LIMIT 1")


def test_a10_a_parked_unit_stays_day_and_night_at_one_block(ask):
    span_m, hours = ask("S08", f"""SELECT (SELECT 111000 * (max(lat) - min(lat)) + 88000 * (max(lon) - min(lon)) FROM tracks),
        (SELECT count(DISTINCT {LOCAL_HOUR}) FROM rogue)""")[0]  # fmt: skip
    assert span_m < 100
    assert hours >= 20


@pytest.mark.parametrize(
    ("scenario", "first", "last"), [("S09", 11, 17), ("S06", 2, 6)], ids=["a11 by day", "a12 in the small hours"]
)
def test_a11_and_a12_keep_to_their_hours(ask, scenario, first, last):
    ((low, high),) = ask(scenario, f"SELECT min({LOCAL_HOUR}), max({LOCAL_HOUR}) FROM rogue")
    assert first <= low <= high <= last


def test_a13_no_place_has_two_victims(ask):
    most = ask(
        "S11",
        """SELECT max(n), sum(n) FROM (SELECT count(DISTINCT d.imsi) AS n FROM (SELECT f.imsi, f.unit, max(r.at) AS seen_at
        FROM fraud_payments f JOIN rogue r ON r.imsi = f.imsi AND r.cell = f.cell AND r.at <= f.at GROUP BY f.imsi, f.unit) d
        JOIN tracks t ON t.unit = d.unit AND t.at BETWEEN d.seen_at - interval 5 minute AND d.seen_at + interval 5 minute
        GROUP BY round(t.lat, 4), round(t.lon, 4))""",
    )
    assert most[0][0] == 1
    assert most[0][1] >= 3


def test_a14_payments_follow_days_later(ask):
    ((low, high),) = ask("S10", "SELECT min(delay_s) / 86400, max(delay_s) / 86400 FROM fraud_payments")
    assert 0.5 < low < high < 4.5


def test_a15_a_clone_at_the_owners_door_is_up_while_the_owner_is_not(ask):
    both = ask(
        "S19",
        "SELECT 1 FROM cells c JOIN access a ON a.cell = c.cell AND a.at BETWEEN c.from_at AND c.to_at AND list_contains(c.genuine_source, a.source) WHERE c.unit = 'unit-2'",
    )
    ((away_m,),) = ask("S19", """SELECT max(111000 * abs(t.lat - e.lat) + 88000 * abs(t.lon - e.lon)) FROM tracks t
        JOIN equipment e ON e.cell = t.cell AND e.lat IS NOT NULL WHERE t.unit = 'unit-2'""")  # fmt: skip
    assert both == []
    assert away_m is None or away_m < 300


def test_a16_a_macro_id_comes_through_the_gateway_of_the_small_cells(ask):
    assert ask("S05", "SELECT DISTINCT cell_type FROM rogue WHERE reason = 'macro_id'") == [("macro",)]
    assert ask(
        "S05",
        "SELECT 1 FROM links l JOIN cells c ON l.cell = c.cell AND c.reason = 'macro_id' AND l.gateway IS NOT NULL LIMIT 1",
    )


def test_a17_a_jammed_neighbourhood_updates_all_at_once(ask):
    during, usual = ask("S13", """SELECT (SELECT count(*) FROM access a, (SELECT min("at") AS "at" FROM rogue) f WHERE a.procedure = 'tau' AND a.cell_type = 'macro' AND a.at BETWEEN f.at - interval 3 minute AND f.at + interval 5 minute),
        (SELECT count(*) FROM access a, (SELECT min("at") AS "at" FROM rogue) f WHERE a.procedure = 'tau' AND a.cell_type = 'macro' AND a.at BETWEEN f.at - interval 24 hour - interval 3 minute AND f.at - interval 24 hour + interval 5 minute)""")[0]  # fmt: skip
    assert during > 3 * max(1, usual)


def test_a18_an_honest_hospital_gets_complaints_and_attaches_that_were_planted(ask):
    assert len(ask("S18", "SELECT 1 FROM complaints WHERE cause = 'poison'")) >= 10
    phones, shown = ask("S18", f"""SELECT count(DISTINCT a.imsi), count(*) FROM access a JOIN cells c ON c.reason = 'always_open_venue' AND a.cell = c.cell AND a.cell_type = 'home'
        WHERE a.procedure = 'attach' AND a.identity = 'imsi' AND {LOCAL_HOUR} BETWEEN 1 AND 5""")[0]  # fmt: skip
    assert shown > 5 * phones > 0


def test_a19_an_insiders_row_is_active_and_has_no_order(ask):
    rows = ask(
        "S19",
        "SELECT e.status, e.work_order, e.access_line FROM equipment e JOIN cells c USING (cell) WHERE c.reason = 'inserted_id'",
    )
    assert set(rows) == {("active", None, None)}


def test_a20_the_unit_is_up_while_a_core_restarts(ask):
    assert ask(
        "S13",
        "SELECT 1 FROM cells c, confounders b WHERE c.kind = 'rogue' AND b.code = 'B12' AND c.from_at < b.to_at AND b.from_at < c.to_at",
    )
