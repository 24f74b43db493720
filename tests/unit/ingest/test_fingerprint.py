from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from cellwarden.foundation.errors import InputChangedError, MalformedInputError
from cellwarden.ingest.fingerprint import fingerprint, unchanged

if TYPE_CHECKING:
    from pathlib import Path


def test_names_size_and_content(tmp_path: Path):
    (path := tmp_path / "a.csv").write_bytes(b"at\n")
    found = fingerprint(path)
    assert (found.size, found.sha256) == (3, hashlib.sha256(b"at\n").hexdigest())
    assert found.mtime_ns == path.stat().st_mtime_ns
    unchanged(path, found)


@pytest.mark.parametrize("later", [b"at\nx\n", b"xx\n"])
def test_a_file_that_changed_is_told(tmp_path: Path, later: bytes):
    (path := tmp_path / "a.csv").write_bytes(b"at\n")
    before = fingerprint(path)
    path.write_bytes(later)
    with pytest.raises(InputChangedError, match=r"access/a\.csv: changed while it was read"):
        unchanged(path, before, file="access/a.csv")


def test_a_missing_file_is_malformed_input(tmp_path: Path):
    with pytest.raises(MalformedInputError, match="cannot be read"):
        fingerprint(tmp_path / "none.csv")
