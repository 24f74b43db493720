"""What people read on a terminal."""

from __future__ import annotations

import io

from rich.console import Console

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


def test_a_cell_without_findings_is_said_to_have_none():
    page = io.StringIO()
    tables.print_explanation(Console(file=page), {"cell": 1, "episodes": [], "findings": [], "exposed": {}})
    assert "no detector found anything" in page.getvalue()
