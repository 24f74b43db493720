import re
import string
from pathlib import Path

import pytest

import cellwarden.incident
from cellwarden.incident.phrases import PHRASES, phrase, word

SOURCES = [path.read_text(encoding="utf-8") for path in Path(cellwarden.incident.__file__).parent.rglob("*.py")]


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", PHRASES)
def test_every_phrase_has_both_languages_and_the_same_values(key):
    korean, english = PHRASES[key]
    assert korean.strip()
    assert english.strip()
    assert fields(korean) == fields(english)


def test_a_value_without_a_word_stays_as_it_is():
    assert word("grade", "rogue", "ko") == "불법"
    assert word("grade", "novel", "en") == "novel"


def test_values_are_not_read_as_patterns():
    assert phrase("unit_heading", "en", unit="{0} {unit}") == "Unit {0} {unit}"


def test_every_key_that_the_code_asks_for_exists():
    asked = {key for source in SOURCES for key in re.findall(r'phrase\(\s*"([a-z_0-9]+)"', source)}
    assert len(asked) > 60
    assert asked <= set(PHRASES)
