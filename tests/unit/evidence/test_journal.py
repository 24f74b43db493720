"""A journal writes the chain that the log writes, without waiting for the disk with each line."""

from datetime import UTC, datetime

import pytest

from cellwarden.evidence.journal import Journal
from cellwarden.evidence.log import append, broken_at
from cellwarden.foundation.errors import CellwardenError

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_journal_and_log_write_one_chain(tmp_path):
    path = tmp_path / "audit.jsonl"
    append(path, "begin", at=AT, who="이름")
    with Journal(path) as journal:
        for number in range(50):
            journal.write("decided", at=AT, number=number)
    append(path, "end", at=AT)
    assert broken_at(path) is None
    assert len(path.read_text(encoding="utf-8").splitlines()) == 52
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_is_with_the_system_when_write_returns(tmp_path):
    with Journal(tmp_path / "a") as journal:
        digest = journal.write("decided", at=AT)
        assert digest in (tmp_path / "a").read_text()


@pytest.mark.parametrize("left", ['{"digest": "ab"}', "nonsense\n", "{}\n", "[]\n"])
def test_a_broken_last_line_is_not_written_over(tmp_path, left):
    (tmp_path / "a").write_text(left)
    with pytest.raises(CellwardenError, match="broken"):
        Journal(tmp_path / "a")


def test_a_full_disk_leaves_the_chain_whole(tmp_path, full):
    path = tmp_path / "a"
    journal = Journal(path)
    journal.write("decided", at=AT)
    whole = journal._file._file
    journal._file._file = full(whole)
    with pytest.raises(OSError, match="part"):
        journal.write_all([("decided", AT, {"number": number}) for number in range(9)])
    journal._file._file = whole
    journal.write("decided", at=AT)
    journal.close()
    assert broken_at(path) is None
    assert len(path.read_text().splitlines()) == 2


def test_many_acts_are_one_chain(tmp_path):
    with Journal(tmp_path / "a") as journal:
        last = journal.write_all([("decided", AT, {"number": number}) for number in range(9)])
        assert journal.last == last
    assert broken_at(tmp_path / "a") is None
    assert len((tmp_path / "a").read_text().splitlines()) == 9
    with pytest.raises(ValueError, match="closed"):
        journal.write("late", at=AT)
