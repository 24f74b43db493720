from __future__ import annotations

import re

import pytest

from cellwarden.detect import unit_membership
from cellwarden.detect.catalogue import CARDS, DETECTORS
from cellwarden.incident.rules import innocent_causes, looks_for, title_of, words
from cellwarden.workflows.catalogue import entry

HANGUL = re.compile("[가-힣]")
BRAND_NEW = {"name": "brand_new", "looks_for": "what nobody saw", "innocent_causes": ["rain", "snow"]}


@pytest.mark.parametrize("name", [*(card.name for card in CARDS), unit_membership.NAME])
def test_every_rule_has_a_plain_title_in_both_languages(name):
    assert HANGUL.search(title_of(name, "ko"))
    assert "_" not in title_of(name, "en")
    assert title_of(name, "en") != name.replace("_", " ")


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_every_card_says_in_korean_what_it_looks_for(card):
    said = looks_for(entry(card), "ko")
    assert HANGUL.search(said.text)
    assert said.lang == ""
    assert looks_for(entry(card), "en").text == card.looks_for


@pytest.mark.parametrize("card", DETECTORS, ids=lambda card: card.name)
def test_every_innocent_cause_is_said_in_korean_too(card):
    korean = words()[card.name]["innocent_ko"]
    assert len(korean) == len(card.innocent_causes)
    assert all(HANGUL.search(cause) for cause in korean)
    assert innocent_causes(entry(card), "ko").text == "; ".join(korean)
    assert innocent_causes(entry(card), "en").text == "; ".join(card.innocent_causes)


def test_no_rule_is_described_that_is_gone():
    assert set(words()) <= {*(card.name for card in CARDS), unit_membership.NAME}


def test_a_rule_without_words_is_told_in_english_and_marked_so():
    assert title_of("brand_new", "ko") == "brand new"
    assert (looks_for(BRAND_NEW, "ko").text, looks_for(BRAND_NEW, "ko").lang) == ("what nobody saw", "en")
    assert (innocent_causes(BRAND_NEW, "ko").text, innocent_causes(BRAND_NEW, "ko").lang) == ("rain; snow", "en")
    assert looks_for(BRAND_NEW, "en").lang == ""
