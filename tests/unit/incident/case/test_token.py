"""A token file: for its owner alone, replaced as a whole, never shown."""

import stat

import pytest

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case.token import Token


def test_a_token_comes_back_from_its_file_which_only_the_owner_reads(tmp_path):
    token, path = Token.made("kim lee"), tmp_path / "kim.token"
    token.write(path)
    Token.made("other").write(path)
    token.write(path)
    assert Token.read(path) == token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_token_does_not_show_its_secret():
    token = Token.made("kim")
    assert token.secret not in repr(token)
    assert token.digest not in repr(token)


@pytest.mark.parametrize("content", ["", "one", " \n"])
def test_what_is_no_token_is_refused(tmp_path, content):
    path = tmp_path / "kim.token"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(RefusedError, match="no token"):
        Token.read(path)


def test_a_token_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "kim.token"
    Token.made("kim").write(path)
    path.chmod(0o640)
    with pytest.raises(RefusedError, match="others may read"):
        Token.read(path)


def test_no_token_at_all_is_refused(tmp_path):
    with pytest.raises(RefusedError, match="--me"):
        Token.read(tmp_path / "none.token")
