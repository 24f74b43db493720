"""The key of a lake: 32 random bytes in a file of mode 0600; without it nobody is re-identified."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from cellwarden.foundation.errors import MalformedInputError, RefusedError
from cellwarden.lake.key import LakeKey


def made(path):
    """Make or read a key; return what shows which."""
    return LakeKey.read_or_make(path).derived("test")


def test_a_new_key_is_for_its_owner_alone_and_leaves_no_draft(tmp_path):
    path = tmp_path / "below" / "lake.key"
    key = LakeKey.read_or_make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["lake.key"]
    assert LakeKey.read(path).derived("x") == key.derived("x")
    assert LakeKey.read_or_make(path).derived("x") == key.derived("x")


def test_two_keys_are_different(tmp_path):
    assert made(tmp_path / "a") != made(tmp_path / "b")


def test_purposes_have_keys_that_do_not_tell_of_each_other():
    key = LakeKey(bytes(32))
    assert len({key.derived("pseudonyms"), key.derived("directory"), key.derived("mark"), bytes(32)}) == 4
    assert key.mark == LakeKey(bytes(32)).mark != LakeKey(b"\1" * 32).mark
    assert len(key.mark) == 16


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_that_others_may_read_is_refused(tmp_path, mode):
    path = tmp_path / "lake.key"
    made(path)
    path.chmod(mode)
    with pytest.raises(RefusedError, match="others may read") as caught:
        LakeKey.read(path)
    assert "chmod 600" in caught.value.fix


def test_a_missing_key_is_refused_and_a_folder_is_none(tmp_path):
    for path in (tmp_path / "lake.key", tmp_path):
        with pytest.raises(RefusedError, match="there is no key"):
            LakeKey.read(path)


@pytest.mark.parametrize("text", ["", "ab" * 31, "ab" * 33, "zz" * 32, "450080000000001", "ü" * 64])
def test_what_is_no_key_is_refused_without_being_shown(tmp_path, text):
    path = tmp_path / "lake.key"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(MalformedInputError) as caught:
        LakeKey.read(path)
    assert not text or text not in str(caught.value)


def test_many_makers_at_once_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        for number in range(25):
            path = tmp_path / f"{number}.key"
            assert len(set(pool.map(made, [path] * 8))) == 1
    assert len(list(tmp_path.iterdir())) == 25


def test_a_maker_that_comes_second_takes_the_key_of_the_first(tmp_path, monkeypatch):
    path = tmp_path / "lake.key"
    first = made(path)
    monkeypatch.setattr(type(path), "exists", lambda _self: False)  # as if both had looked before either wrote
    assert made(path) == first
    assert [each.name for each in tmp_path.iterdir()] == ["lake.key"]
