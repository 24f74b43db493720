"""What is added to a file is there as a whole, or not at all."""

import pytest

from cellwarden.evidence.appended import AppendedFile


def test_what_was_there_stays_and_what_is_written_comes_behind_it(tmp_path):
    path = tmp_path / "a"
    first = AppendedFile(path)
    assert first.is_empty
    first.write(b"one\n")
    first.sync()
    first.close()
    again = AppendedFile(path)
    assert not again.is_empty
    again.write(b"two\n")
    again.close()
    assert path.read_bytes() == b"one\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_takes_no_half(tmp_path, full):
    file = AppendedFile(tmp_path / "a")
    file.write(b"whole\n")
    whole, file._file = file._file, full(file._file)
    with pytest.raises(OSError, match="part"):
        file.write(b"far too long\n")
    file._file = whole
    file.write(b"again\n")
    file.close()
    assert (tmp_path / "a").read_bytes() == b"whole\nagain\n"


def test_a_torn_line_takes_no_later_one_with_it(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"whole\nto")
    for line in (b"next\n", b"last\n"):
        file = AppendedFile(path)
        file.write(line)
        file.close()
    assert path.read_bytes() == b"whole\nto\nnext\nlast\n"
