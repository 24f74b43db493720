from dataclasses import replace

import pytest
from example_dossier import example
from read_blocks import facts_of, of_kind

from cellwarden.incident.beyond_links import beyond_links
from cellwarden.incident.counts import payments
from cellwarden.incident.episodes import Episodes
from cellwarden.incident.report import render_html, render_pdf

CHANNELS = [
    {"channel": "ars", "payments": 88, "met": 29, "expected": 0.54, "chance_low": 0, "chance_high": 3, "linked": 29},
    {"channel": "dcb", "payments": 0, "met": 0, "expected": 0.0, "chance_low": 0, "chance_high": 1, "linked": 0},
]
LATE = [
    {"signs": 2, "found": 26, "low": 0.0, "high": 3.5, "probability": 0.0},
    {"signs": 4, "found": 13, "low": 9.1, "high": 13.0, "probability": 0.74},
    {"signs": 5, "found": 18, "low": 14.2, "high": 18.0, "probability": 0.8},
]
LINKS = {"channels": CHANNELS, "late_payments": LATE, "disputed_not_exposed": 7, "complaint_alarms": 2, "leads": {"tip_has_more": 1, "complaint_not_exposed": 3}}  # fmt: skip


def dossier(**changed):
    made = example()
    return replace(made, summary={**made.summary, "links": {**LINKS, **changed}})


def rows(language, **changed):
    (table,) = of_kind(beyond_links(Episodes(dossier(**changed)), language), "table")
    return table.rows


@pytest.mark.parametrize(("language", "said"), [("en", "not searched"), ("ko", "조사하지 못함")])
def test_a_channel_without_rows_is_called_not_searched(language, said):
    ars, dcb = rows(language)
    assert ars[1:3] == ["88", "29"]
    assert ars[4] == "29"
    assert dcb[1:] == [said, "\u2013", "\u2013", "\u2013"]


def test_what_was_met_stands_beside_chance_and_its_interval():
    assert rows("en")[0][3] == "0.54 (0 to 3)"
    assert (
        rows("en", channels=[{**CHANNELS[0], "expected": None, "chance_low": None, "chance_high": None}])[0][3]
        != "0.54 (0 to 3)"
    )


def test_payments_days_later_are_told_as_a_number_beyond_chance():
    told = facts_of(beyond_links(Episodes(dossier()), "en"))
    assert told["Payments days later"] == "31 with 4 signs of theft or more, of them 23.3 to 31 beyond chance"
    assert "Payments days later" not in facts_of(beyond_links(Episodes(dossier(late_payments=LATE[:1])), "en"))


def test_leads_of_every_kind_are_counted():
    told = facts_of(beyond_links(Episodes(dossier()), "en"))
    assert (told["Disputed, never exposed"], told["Alarms of complaint themes"]) == ("7", "2")
    assert told["Differences from lists of others (leads)"] == "4"


def test_an_older_summary_says_nothing_of_it():
    assert beyond_links(Episodes(example()), "en") == []


def test_it_is_part_of_the_chapter_on_payments_in_both_forms():
    assert (
        len(of_kind(payments(Episodes(dossier()), "en"), "table"))
        == len(of_kind(payments(Episodes(example()), "en"), "table")) + 1
    )
    assert "not searched" in render_html(dossier())
    assert render_pdf(dossier()).startswith(b"%PDF-1.7")
