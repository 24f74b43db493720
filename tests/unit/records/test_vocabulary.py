"""The words of the contract."""

import pytest

from cellwarden.records import vocabulary

WORDS = {name: value for name, value in vars(vocabulary).items() if name.isupper()}


@pytest.mark.parametrize("name", WORDS)
def test_words_are_lower_case_and_said_once(name):
    assert len(set(WORDS[name])) == len(WORDS[name])
    assert all(word == word.lower().strip() and word for word in WORDS[name])


def test_accusing_grades_are_grades():
    assert set(vocabulary.ACCUSING) < set(vocabulary.GRADES)
