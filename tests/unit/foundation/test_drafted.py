"""A folder is there as a whole or not at all."""

import pytest

from cellwarden.foundation.drafted import drafted


def test_a_folder_is_there_once_the_work_is_done(tmp_path):
    out = tmp_path / "new" / "folder"
    with drafted(out) as draft:
        (draft / "a").write_text("whole", encoding="utf-8")
        assert not out.exists()
    assert [path.name for path in out.iterdir()] == ["a"]
    assert [path.name for path in out.parent.iterdir()] == ["folder"]


def test_nothing_is_left_of_work_that_fails(tmp_path):
    def half() -> None:
        with drafted(tmp_path / "folder") as draft:
            (draft / "a").touch()
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        half()
    assert list(tmp_path.iterdir()) == []


def test_what_a_kill_left_does_not_get_in(tmp_path):
    left = tmp_path / ".folder.draft"
    left.mkdir()
    (left / "old").touch()
    with drafted(tmp_path / "folder") as draft:
        (draft / "a").touch()
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["a"]


def test_what_is_there_is_never_written_over(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "theirs").touch()
    with pytest.raises(OSError, match="not empty"), drafted(tmp_path / "folder") as draft:
        (draft / "a").touch()
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
