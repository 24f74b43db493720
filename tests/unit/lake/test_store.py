"""A lake on disk: its lock, its files, and what it never removes."""

import subprocess
import sys

import pytest

from cellwarden.foundation.errors import BusyError, DamagedLakeError, UsageError
from cellwarden.lake.manifest import Manifest
from cellwarden.lake.store import SPOOL, Lake

HOLD = """
import sys
from pathlib import Path
from cellwarden.lake.store import Lake
with Lake(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_to_wait_and_a_death_lets_go(tmp_path):
    lake = Lake(tmp_path / "l")
    other = subprocess.Popen([sys.executable, "-c", HOLD, lake.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BusyError, match="another run") as caught, lake.locked():
            pass
        assert caught.value.fix
    finally:
        other.kill()
        other.communicate()
    with lake.locked():
        pass


def test_a_lock_ends_with_its_block(tmp_path):
    lake = Lake(tmp_path / "l")
    for _ in range(2):
        with lake.locked():
            pass


def test_tidy_removes_what_no_manifest_names_and_nothing_else(loaded, tools):
    lake = loaded("l", [("a", tools.batches_of(tools.access_rows(5), size=5))])
    before = tools.content(lake)
    for orphan in (
        "access/date=2025-08-05/draft.parquet",
        "access/date=1999-01-01/part-0.parquet",
        f"{SPOOL}/access/all.parquet",
    ):
        (lake.folder / orphan).parent.mkdir(parents=True, exist_ok=True)
        (lake.folder / orphan).write_bytes(b"half")
    lake.manifest_path.with_suffix(".draft").write_bytes(b"half")
    lake.tidy()
    assert tools.content(lake) == before
    assert not (lake.folder / "access/date=1999-01-01").exists()


def test_a_folder_that_is_no_lake_is_refused_and_left_alone(tmp_path):
    folder = tmp_path / "data"
    (folder / "access").mkdir(parents=True)
    (folder / "access/part-0.parquet").write_bytes(b"years of work")
    with pytest.raises(UsageError, match="not a lake"):
        Lake(folder).tidy()
    assert (folder / "access/part-0.parquet").read_bytes() == b"years of work"


def test_a_file_where_the_lake_should_be_is_refused(tmp_path):
    (tmp_path / "l").write_bytes(b"")
    with pytest.raises(UsageError, match="not a lake"):
        Lake(tmp_path / "l").tidy()


def test_a_result_folder_is_no_lake(tmp_path):
    (tmp_path / "manifest.json").write_text('{"outputs": {}}')
    (tmp_path / "findings.parquet").write_bytes(b"")
    with pytest.raises(DamagedLakeError):
        Lake(tmp_path).tidy()
    assert (tmp_path / "findings.parquet").exists()


def test_an_emptied_lake_holds_nothing_but_its_mark(loaded, tools):
    lake = loaded("l", [("a", tools.batches_of(tools.access_rows(5), size=5))])
    mark = lake.manifest().key
    lake.empty()
    assert lake.manifest() == Manifest(key=mark)
    assert set(tools.content(lake)) == {"manifest.json"}
    assert lake.directory_path.exists()


def test_a_missing_part_is_damage_and_says_what_to_do(loaded, tools):
    lake = loaded("l", [("a", tools.batches_of(tools.access_rows(5, days=1), size=5))])
    (path,) = lake.files("access")
    path.unlink()
    with pytest.raises(DamagedLakeError, match="missing") as caught:
        lake.files("access")
    assert caught.value.fix


def test_files_are_told_by_day(loaded, tools):
    lake = loaded("l", [("a", tools.batches_of(tools.access_rows(40, days=3), size=40))])
    assert lake.days("access") == ["2025-08-05", "2025-08-06", "2025-08-07"]
    assert len(lake.files("access")) == 3
    assert ["2025-08-06" in str(path) for path in lake.files("access", day="2025-08-06")] == [True]
    assert lake.files("access", day="1999-01-01") == lake.files("tips") == lake.days("tips") == []
