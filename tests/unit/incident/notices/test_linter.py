import tomllib
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest
from told_people import PERSONS, noticed

from cellwarden.incident.clocks.rules import rules
from cellwarden.incident.notices.linter import PLAIN, in_force, laws, lint, required

EVERY = tuple(laws())


def without(notice, element):
    return replace(notice, sections=tuple(section for section in notice.sections if section.element != element))


def changed(notice, element, *lines):
    return replace(
        notice,
        sections=tuple(replace(section, lines=lines) if section.element == element else section for section in notice.sections),
    )


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", sorted(PERSONS))
def test_our_own_notices_hold_what_every_law_asks(tmp_path, kind, language):
    assert lint(noticed(tmp_path, kind, language), under=EVERY) == []


@pytest.mark.parametrize(
    ("law", "kind", "element"),
    [(law, kind, element) for law, held in laws().items() for kind in held["classes"] for element in required(law)],
)
def test_each_required_element_is_missed_when_it_is_taken_out(tmp_path, law, kind, element):
    (fault,) = lint(without(noticed(tmp_path, kind), element), under=(law,))
    assert (fault.law, fault.element, fault.what) == (law, element, "is missing")
    assert fault.article == required(law)[element]


@pytest.mark.parametrize(
    ("kind", "element", "lines", "what"),
    [
        ("confirmed", "when", ("in August",), "names no day and time"),
        ("confirmed", "contact", ("ask us",), "names no telephone and e-mail"),
        ("confirmed", "dpo", ("Mr Hong",), "names no way to reach the officer"),
        ("confirmed", "rights", ("You may claim damages and statutory damages.",), "does not speak of mediation"),
        ("possible", "further_notice", ("We may write again.",), "does not promise the outcome"),
        ("upgrade", "correction", ("It replaces an earlier one.",), "does not name the notice"),
        ("confirmed", "self_protection", ("Be careful.",), "fewer than two measures"),
        ("confirmed", "items", ("some data",), "does not name every item"),
        ("confirmed", "response", ("\u2013", "."), "is missing"),
    ],
)
def test_an_element_that_says_nothing_is_as_good_as_missing(tmp_path, kind, element, lines, what):
    faults = lint(changed(noticed(tmp_path, kind, "en"), element, *lines), under=EVERY)
    assert any(what in fault.what for fault in faults if fault.element == element)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Look at https://mobile.example/check now.", "link to tap"),
        ("Look at www.mobile-check.com now.", "link to tap"),
        ("Dear {name}, we write to you.", "not filled in"),
        ("Your number 001010000000001 was read.", "whole identifier"),
        ("There is nothing to worry about.", "soothes"),
        (" ".join(["word"] * 31) + ".", "a sentence of 31 words"),
    ],
)
def test_words_that_mislead_or_tire_are_faults(tmp_path, line, what):
    faults = lint(changed(noticed(tmp_path, "confirmed", "en"), "evidence", line), under=())
    assert [(fault.law, what in fault.what) for fault in faults] == [(PLAIN, True)]


def test_a_soothing_word_is_a_fault_in_korean_too(tmp_path):
    (fault,) = lint(changed(noticed(tmp_path, "confirmed"), "evidence", "피해가 없으니 안심하시기 바랍니다."), under=())
    assert "soothes" in fault.what


def test_laws_apply_from_their_day():
    assert in_force(date(2025, 9, 11)) == ("pipa_34_1", "gdpr_34")
    assert "pipa_39_2" in in_force(date(2026, 9, 11))
    assert "network_48_3_4" not in in_force(date(2026, 9, 30))
    assert set(in_force(date(2026, 10, 1))) == set(EVERY)


def test_a_notice_of_2025_is_held_to_the_article_as_it_stood_then(tmp_path):
    """Damages and mediation came into art. 34(1) with the amendment of September 2026; the other five were there."""
    bare = without(noticed(tmp_path, "confirmed"), "rights")
    assert lint(bare, under=("pipa_34_1",), on=date(2026, 9, 10)) == []
    assert [fault.element for fault in lint(bare, under=("pipa_34_1",), on=date(2026, 9, 11))] == ["rights"]
    (fault,) = lint(without(bare, "contact"), under=("pipa_34_1",), on=date(2025, 9, 11))
    assert (fault.element, fault.article) == ("contact", "34(1)5")


def test_what_a_notice_must_say_is_written_once_beside_its_clock():
    """Each law of notices names a rule to people, every section of its list is one that we can write, and none of the rule is left unsaid."""
    headings = tomllib.loads((files("cellwarden.incident.notices") / "wording.toml").read_text(encoding="utf-8"))["heading"]
    for key, law in laws().items():
        rule = rules()[law["rule"]]
        assert rule.to == "people", key
        assert all(element.said_by for element in rule.content), f"{key}: an element that no section says"
        assert set(required(key)) <= set(headings), key
    told = {law["rule"] for law in laws().values()}
    assert {rule.name for rule in rules().values() if any(each.said_by for each in rule.content)} == told


def test_every_class_has_a_law_and_every_law_a_name_in_both_languages():
    assert {kind for law in laws().values() for kind in law["classes"]} == set(PERSONS)
    assert all(set(law["name"]) == {"en", "ko"} for law in laws().values())
