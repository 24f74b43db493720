"""What the records cannot show is named, and every rule is laid open."""

import re
from dataclasses import replace

import pytest
from example_dossier import HOSTILE, example, nothing
from read_blocks import facts_of, of_kind, spans, words

from cellwarden.incident.episodes import Episodes
from cellwarden.incident.limits import blind, detectors, queries
from cellwarden.records.tables import TABLES


def summed(dossier, **changes):
    return replace(dossier, summary={**dossier.summary, **changes})


@pytest.mark.parametrize("table", TABLES)
def test_every_table_that_is_missing_is_named_with_what_follows(table):
    for language in ("ko", "en"):
        said = words(blind(Episodes(summed(nothing(), missing_sources=[table])), language))
        assert table in said
    assert "no conclusion that needs it was drawn" not in said


def test_blind_windows_are_named_on_the_operators_clock():
    said = words(blind(Episodes(example()), "en"))
    assert "access: gap from 2025-08-09 12:00 to 2025-08-09 14:30." in said
    assert "access: nothing is recorded before 2025-08-01 09:00." in said
    assert "access: column “ciphering” is absent or empty." in said
    assert "접속 기록(access): 2025-08-09 12:00 ~ 2025-08-09 14:30 공백." in words(blind(Episodes(example()), "ko"))


def test_a_missing_table_is_told_once():
    said = words(blind(Episodes(example()), "en"))
    assert said.count("links:") == 1
    assert "links: not supplied." not in said


def test_rules_that_could_not_run_are_named_with_what_they_lacked():
    dossier = summed(nothing(), missing_sources=[], silent={"foreign_source": ["links", "access.source"]})
    said = words(blind(Episodes(dossier), "en"))
    assert "Joined from a network it may not use: did not run, for want of links, column “source” of access." in said
    assert "Rules that could not run" not in words(blind(Episodes(example()), "en"))


def test_nothing_blind_is_still_no_promise():
    said = words(blind(Episodes(summed(nothing(), missing_sources=[])), "en"))
    assert "What left no record is still beyond this report." in said


def test_a_kind_of_blindness_without_a_phrase_is_shown_as_it_is():
    said = words(blind(Episodes(summed(nothing(), blind=[{"kind": "novel", "table": "links"}])), "en"))
    assert "kind novel, table links" in said


def test_a_threshold_keeps_its_value():
    limit = {"name": "expected_share", "value": 0.0005, "unit": "share of cells", "reason": "lag of a well-kept registry"}
    card = {**example().detectors[0], "thresholds": [limit, {**limit, "name": "cells", "value": 2000}]}
    told = facts_of(detectors(Episodes(replace(example(), detectors=[card])), "en"))
    assert told["Threshold expected_share"] == "0.0005 share of cells: lag of a well-kept registry"
    assert told["Threshold cells"].startswith("2,000 share of cells")


def test_the_catalogue_is_marked_as_english_where_the_report_is_not():
    english = {
        "inventory lag; a van that is lawfully moved",
        "3GPP TS 33.320, 7.2",
        "20 phones: fewer fit inside one lost capture file",
    }
    for language, lang in (("ko", "en"), ("en", "")):
        marked = {span.text: span.lang for span in spans(detectors(Episodes(example()), language))}
        assert {marked[text] for text in english} == {lang}
        assert all(marked[text] == lang for text in marked if text.startswith("what "))


def test_no_english_sentence_of_the_korean_catalogue_goes_unmarked():
    for block in of_kind(detectors(Episodes(example()), "ko"), "facts"):
        for name, value in block.rows:
            if not re.search("[가-힣]", words(value)):
                assert value.lang == "en", name


def test_an_explanation_says_what_it_accounts_for_and_no_innocent_cause():
    card = {
        **example().detectors[0],
        "name": "inventory_lag",
        "innocent_causes": [],
        "accounts_for": ["unregistered_cell", "setup_conflict"],
    }
    told = facts_of(detectors(Episodes(replace(example(), detectors=[card])), "en"))
    assert told["Accounts for"] == "A cell that is not in the registry, Same identity, different configuration"
    assert "Innocent causes" not in told


def test_a_catalogue_that_was_not_handed_over_is_said():
    assert "was not handed over" in words(detectors(Episodes(nothing()), "en"))


def test_queries_are_printed_whole_and_in_order_of_name():
    text = f"SELECT 1\n-- {HOSTILE}\n"
    printed = queries(Episodes(replace(example(), queries={"b": "SELECT 2", "a": text})))
    assert [(code.name, code.id) for code in printed] == [("a", "query-a"), ("b", "query-b")]
    assert printed[0].text == text.strip("\n")
