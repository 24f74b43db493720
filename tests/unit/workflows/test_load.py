"""Load a record folder into a lake: what is repeated, mirrored, added, and with which key."""

import pytest

from cellwarden.foundation.errors import InputChangedError, RefusedError, UsageError
from cellwarden.lake.store import Lake
from cellwarden.workflows import load as module
from cellwarden.workflows.bootstrap import opened_engine
from cellwarden.workflows.load import load

HEAD = "at,imsi,procedure,identity,rat,plmn,tac,cell\n"
ROW = "2025-08-05T10:00:0{}Z,45008000000000{},attach,guti,lte,45008,5101,19753073\n"
ONE, TWO = HEAD + ROW.format(1, 1), HEAD + ROW.format(2, 2)


@pytest.fixture
def loading(tmp_path):
    def run(files, lake="lake", **options):
        records = tmp_path / "records"
        for path in sorted(records.rglob("*.csv")) if records.exists() else []:
            path.unlink()
        for name, text in files.items():
            (records / name).parent.mkdir(parents=True, exist_ok=True)
            (records / name).write_text(text)
        held = Lake(tmp_path / lake)
        with held.locked(), opened_engine("duckdb", tmp_path / "scratch") as engine:
            found = load(records, held, engine, **options)
        return held, found

    return run


def rows(lake):
    return sum(part.rows for part in lake.manifest().parts.get("access", []))


def content(lake):
    return {path.relative_to(lake.folder).as_posix(): path.read_bytes() for path in lake.folder.rglob("*") if path.is_file()}


def test_a_file_repeated_under_another_name_counts_once_and_is_said(loading):
    lake, found = loading({"access/a.csv": ONE, "access/b.csv": ONE})
    assert rows(lake) == 1
    assert found.repeated == {"access/b.csv": "access/a.csv"}


def test_loading_again_changes_nothing(loading):
    lake, _ = loading({"access.csv": ONE})
    before = content(lake)
    _, found = loading({"access.csv": ONE})
    assert content(lake) == before
    assert found.repeated == {}


def test_an_explicit_lake_is_added_to(loading):
    loading({"access.csv": ONE})
    lake, _ = loading({"access.csv": TWO})
    assert rows(lake) == 2


def test_a_mirror_holds_the_folder_and_nothing_else(loading, tmp_path):
    key = tmp_path / "key"
    loading({"access.csv": ONE}, key=key, mirror=True)
    lake, _ = loading({"access.csv": TWO}, key=key, mirror=True)
    fresh, _ = loading({"access.csv": TWO}, lake="fresh", key=key, mirror=True)
    assert rows(lake) == 1
    assert content(lake) == content(fresh)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(["access/a.csv"], ["access/b.csv"], id="renamed"),
        pytest.param(["access/b.csv"], ["access/a.csv", "access/b.csv"], id="repeated-under-an-earlier-name"),
        pytest.param(["access/a.csv", "access/b.csv"], ["access/b.csv"], id="first-name-gone"),
    ],
)
def test_a_mirror_of_renamed_files_is_the_mirror_of_a_fresh_run(loading, tmp_path, before, after):
    key = tmp_path / "key"
    loading(dict.fromkeys(before, ONE), key=key, mirror=True)
    lake, found = loading(dict.fromkeys(after, ONE), key=key, mirror=True)
    fresh, expected = loading(dict.fromkeys(after, ONE), lake="fresh", key=key, mirror=True)
    assert content(lake) == content(fresh)
    assert found.repeated == expected.repeated


def test_a_lake_refuses_another_key(loading, tmp_path):
    loading({"access.csv": ONE})
    other = tmp_path / "other.key"
    other.write_text("5a" * 32)
    other.chmod(0o600)
    with pytest.raises(RefusedError, match="another key"):
        loading({"access.csv": TWO}, key=other)


def test_a_lake_whose_key_is_gone_makes_no_new_one(loading, tmp_path):
    lake, _ = loading({"access.csv": ONE})
    lake.key_path.unlink()
    with pytest.raises(RefusedError, match="there is no key"):
        loading({"access.csv": TWO})
    assert not lake.key_path.exists()


def test_a_lake_inside_the_records_is_refused(loading):
    with pytest.raises(UsageError, match="inside the record folder"):
        loading({"access.csv": ONE}, lake="records/lake")


def test_a_file_that_grows_while_it_is_read_is_refused_and_nothing_is_committed(loading, tmp_path, monkeypatch):
    lake, _ = loading({"access.csv": ONE})
    before = lake.manifest()
    genuine = module._batches

    def growing(source, known):
        yield from genuine(source, known)
        with source.path.open("a") as file:
            file.write(ROW.format(3, 3))

    monkeypatch.setattr(module, "_batches", growing)
    with pytest.raises(InputChangedError):
        loading({"access.csv": TWO})
    assert lake.manifest() == before
