"""The manifest: replacing it is the one act that commits a load."""

import pytest

from cellwarden.foundation.errors import DamagedLakeError
from cellwarden.lake.manifest import InputFile, Manifest, Part


def held(file, sha256="a" * 64, mapping=""):
    return InputFile(file, sha256, mapping, 3, 2, 1, {"access": 2}, {}, None, None)


def test_what_is_written_is_read_back(tmp_path):
    path = tmp_path / "manifest.json"
    manifest = Manifest([held("a")], {"access": [Part("access/date=2025-08-05/part-0.parquet", "2025-08-05", 2, "b")]}, "k")
    manifest.write(path)
    assert Manifest.read(path) == manifest
    assert [each.name for each in tmp_path.iterdir()] == ["manifest.json"]


def test_the_order_of_loading_does_not_change_the_bytes(tmp_path):
    files = [held("b"), held("a", "c" * 64), held("a", "b" * 64)]
    Manifest(list(files)).write(tmp_path / "one")
    Manifest(files[::-1]).write(tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_lake_without_a_manifest_is_empty(tmp_path):
    assert Manifest.read(tmp_path / "none") == Manifest()


def test_a_write_that_fails_leaves_the_old_manifest(tmp_path, monkeypatch):
    path = tmp_path / "manifest.json"
    Manifest([held("a")]).write(path)
    before = path.read_bytes()

    def failing(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", failing)
    with pytest.raises(OSError, match="No space"):
        Manifest([held("b")]).write(path)
    assert path.read_bytes() == before


def test_content_is_held_once_a_mapping():
    manifest = Manifest([held("a", "1", "m")])
    assert manifest.held("1", "m") is manifest.inputs[0]
    assert manifest.held("1", "") is None
    assert manifest.held("2", "m") is None


@pytest.mark.parametrize(
    "text",
    [
        "", "no json", "[]", "5", "null", "{}", '{"format": 1}', '{"format": 1, "key": "", "inputs": [], "parts": []}', "\xff",
        '{"format": 1, "key": "", "inputs": [{"file": "a"}], "parts": {}}', '{"outputs": {}, "version": "0"}',
    ],
)  # fmt: skip
def test_a_foreign_file_is_refused(tmp_path, text):
    path = tmp_path / "manifest.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DamagedLakeError, match=r"manifest\.json: not a manifest"):
        Manifest.read(path)


def test_an_older_layout_is_named(tmp_path):
    path = tmp_path / "manifest.json"
    path.write_text('{"format": 0}')
    with pytest.raises(DamagedLakeError, match="layout 0"):
        Manifest.read(path)
