"""What people read on a terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from rich.console import Console

from cellwarden.ingest.check import FileCheck
from cellwarden.interfaces.cli import tables

SUMMARY = {
    "window": {"from": "2025-08-05T15:00:00Z", "to": "2025-08-06T15:00:00Z"},
    "operator": {"time_zone": "Asia/Seoul"},
    "suspects": {"rogue": 2, "suspect": 0, "review": 1, "explained": 0},
    "units": 1,
    "headlines": [{"name": "rogue_cells", "value": 1}, {"name": "suspect_cells", "value": 0}],
    "people_signal_exposed": {"total": 1234, "imsi": 1000, "possible": 200, "guti": 34},
    "payments_linked": {"rows": 3, "people": 2, "approved_money": 1_230_000, "currency": "KRW"},
    "chance_links_expected": 0.25,
    "files": {"access.csv": {"read": 5, "accepted": 4, "rejected": 1}},
    "missing_sources": ["tips"],
}


def shown(summary, tmp_path):
    page = io.StringIO()
    tables.print_verdict(Console(file=page, width=120), tmp_path / "out", summary)
    return page.getvalue()


def test_the_verdict_counts_cells_apart_from_episodes(tmp_path):
    assert "1 accused cell, 2 episodes, 1 unit of hardware" in shown(SUMMARY, tmp_path)


def test_times_are_the_operators_and_say_so(tmp_path):
    assert "2025-08-06 00:00 to 2025-08-07 00:00 Asia/Seoul" in shown(SUMMARY, tmp_path)


def test_people_reconcile_on_one_line(tmp_path):
    assert "1,234 = 1,000 imsi + 200 possible + 34 guti" in shown(SUMMARY, tmp_path)


def test_links_stand_beside_what_chance_would_give(tmp_path):
    assert "3 of 2 people, 1,230,000 KRW approved; 0.25 expected by chance" in shown(SUMMARY, tmp_path)


def test_no_access_records_is_not_an_acquittal(tmp_path):
    page = shown({**SUMMARY, "window": {"from": None, "to": None}, "suspects": dict.fromkeys(SUMMARY["suspects"], 0)}, tmp_path)
    assert "cannot be told" in page
    assert "No cell is accused" not in page
    assert "people exposed" not in page


def test_a_missing_source_is_named(tmp_path):
    assert "tips (not in the records)" in shown(SUMMARY, tmp_path)


NOTHING_TOLD = {"cell": 7, "episodes": [], "findings": [], "exposed": {}, "time_zone": "Asia/Seoul"}
FINDING = {
    "weight": 2.0,
    "detector": "moving_cell",
    "evidence": "it moved",
    "rows": '{"query": "q.sql", "parameters": {"cell": 7}}',
}
EPISODE = {
    "grade": "rogue", "score": 0.99, "rat": "lte", "cell_type": "home", "unit": "unit-1", "explained_by": None,
    "from_at": datetime(2025, 8, 5, 15, tzinfo=UTC), "to_at": datetime(2025, 8, 5, 17, tzinfo=UTC),
    "speaks_for": [{"sentence": "+2.0  moving_cell: it moved", "query": "q.sql", "parameters": {"cell": 7}}],
    "speaks_against": [], "was_missing": [], "would_change_our_mind": [],
}  # fmt: skip


def explained(**told):
    page = io.StringIO()
    tables.print_explanation(Console(file=page, width=60), {**NOTHING_TOLD, **told})
    return page.getvalue()


def test_a_cell_without_findings_is_said_to_have_none():
    assert "no detector found anything" in explained()


def test_a_cell_that_is_not_accused_shows_what_was_seen_of_it():
    page = explained(findings=[FINDING])
    assert "accused of nothing" in page
    assert "+2.0  moving_cell: it moved" in page


def test_each_finding_is_told_once_in_its_episode_with_its_query():
    page = explained(findings=[FINDING], episodes=[EPISODE], exposed={"unit-1": {"imsi": 2}})
    assert page.count("it moved") == 1
    assert "q.sql, cell 7" in page
    assert "2025-08-06 00:00 to 2025-08-06 02:00 Asia/Seoul" in page
    assert "exposures through unit-1: 2 imsi" in page
    assert "missing" not in page, "a heading without sentences is left out"


def checked(*found):
    page = io.StringIO()
    tables.print_checks(Console(file=page), list(found))
    return page.getvalue()


def test_partitions_of_a_table_are_one_line_and_their_faults_are_told_by_file():
    day = datetime(2025, 8, 5, tzinfo=UTC)
    parts = [
        FileCheck(file=f"access/{number}.csv", table="access", rows=600, accepted=600, first_at=day, last_at=day)
        for number in (1, 2)
    ]
    parts[1].rejected, parts[1].reasons = 3, {"at: time without a zone": 3}
    page = checked(*parts, FileCheck(file="tips.csv", table="tips"))
    assert "access/ (2 files) 1,200" in page
    assert "access/2.csv: 3 rejected, at: time without a zone" in page
    assert "tips.csv" in page


def test_a_file_that_is_not_read_is_named():
    assert "notes.csv: of no table of the contract, not read" in checked(FileCheck(file="notes.csv", table=""))


def test_a_problem_names_its_file_once():
    page = checked(FileCheck(file="tips.csv", table="tips", problem="tips.csv: no table"))
    assert page.splitlines()[-1] == "tips.csv: no table"
