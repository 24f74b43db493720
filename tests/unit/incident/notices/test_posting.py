"""The page that stands in for notices that reached nobody: every element, and nobody in it."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from told_people import DAY, SEOUL, START, exposure, facts, payment, told

from cellwarden.incident.notices.facts import LANGUAGES
from cellwarden.incident.notices.linter import lint
from cellwarden.incident.notices.posting import OF_ONE, page, postings

A, B, C = "a" * 16, "b" * 16, "c" * 16
UNDER = ("pipa_34_1", "pipa_39_2", "network_48_3_4")


@pytest.fixture
def persons():
    rows = [
        exposure(A),
        exposure(B, "guti", at=START + timedelta(days=2)),
        exposure(C, imei_exposed="yes", at=START - timedelta(days=1)),
    ]
    return list(told(*rows, payments=[payment(A)]).values())


def posted(persons, tmp_path, language="en"):
    return postings(persons, facts(tmp_path), language=language, on=DAY, zone=SEOUL, case="C-1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_holds_what_the_law_asks_of_a_notice_but_what_is_one_persons(persons, tmp_path, language):
    found = [fault for notice in posted(persons, tmp_path, language) for fault in lint(notice, under=UNDER)]
    assert {fault.element for fault in found} <= set(OF_ONE)


def test_the_certain_come_before_the_possible_with_all_their_items_and_the_whole_span(persons, tmp_path):
    certain, possible = posted(persons, tmp_path)
    assert set(certain.items) >= {"imsi", "imei"}
    assert possible.items == ("temporary",)
    (when,) = [section for section in certain.sections if section.element == "when"]
    assert when.lines[0].startswith("2025-08-10 02:00")
    assert "to 2026-12-20" in certain.lead


def test_nobody_can_be_told_from_it(persons, tmp_path):
    written = page({language: posted(persons, tmp_path, language) for language in LANGUAGES}, facts(tmp_path))
    assert not re.search("a{16}|b{16}|c{16}|giftcards|300,000", written)


def test_it_is_one_page_in_two_languages_that_fetches_nothing_and_links_nowhere(persons, tmp_path):
    written = page({language: posted(persons, tmp_path, language) for language in LANGUAGES}, facts(tmp_path))
    seen = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.append((tag, dict(attrs)))

    Tags().feed(written)
    assert [attributes["lang"] for tag, attributes in seen if tag in ("html", "main")] == ["ko", "ko", "en"]
    assert not {tag for tag, _ in seen} & {"a", "script", "form", "img", "link", "iframe"}


def test_whoever_was_only_cleared_needs_no_page(tmp_path):
    assert posted([], tmp_path) == []


def test_what_an_operator_wrote_is_text_and_never_markup(persons, tmp_path):
    stated = facts(tmp_path)
    stated.response["en"].append("<script>alert(1)</script>")
    written = page({"en": postings(persons, stated, language="en", on=DAY, zone=SEOUL, case="C-1")}, stated)
    assert "<script>" not in written
