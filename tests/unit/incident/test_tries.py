"""Wrong codes are counted: nobody guesses, and the count names nobody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from cellwarden.incident.lookup import MOST_TRIES, VALID, Answer
from cellwarden.incident.tries import counted

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SECRET = b"s" * 32
RIGHT, WRONG = Answer(is_proven=True, text="yes"), Answer(is_proven=False, text="no")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "lookup.key.tries"


def tries(path, subject="line", *, at=NOW, answer=WRONG):
    """Ask once, and return how many wrong codes were counted before."""
    seen = []
    counted(path, SECRET, subject, at=at, ask=lambda number: (seen.append(number), answer)[1])
    return seen[0]


def test_wrong_codes_add_up_and_right_ones_do_not(path):
    assert [tries(path), tries(path), tries(path, answer=RIGHT), tries(path)] == [0, 1, 2, 2]


def test_each_line_has_a_count_of_its_own(path):
    tries(path)
    assert tries(path, "another") == 0


def test_after_ten_minutes_they_are_forgotten_in_the_file_too(path):
    tries(path)
    assert tries(path, at=NOW + VALID - timedelta(seconds=1), answer=RIGHT) == 1
    assert tries(path, at=NOW + VALID, answer=RIGHT) == 0
    assert path.read_text() == ""


def test_the_file_names_no_line_and_only_its_owner_reads_it(path):
    tries(path, "a" * 16)
    assert "a" * 16 not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_who_asks_all_at_once_gets_no_more_tries_than_one_after_another(path):
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: tries(path), range(40)))
    assert sorted(seen) == list(range(40))
    assert sum(number < MOST_TRIES for number in seen) == MOST_TRIES
