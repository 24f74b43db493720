from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.folder import find_inputs
from cellwarden.ingest.mapping import Mapping

if TYPE_CHECKING:
    from pathlib import Path


def fill(root: Path, *files: str) -> Path:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return root


def test_finds_files_and_folders_of_every_format_in_order(tmp_path: Path):
    fill(
        tmp_path,
        "usage.csv.zst",
        "access/date=2025-08-05/part-1.parquet",
        "access/date=2025-08-05/part-0.csv",
        "access/part.csv.gz",
        "access.csv",
        "payments.parquet/part-0.parquet",
        "operator.toml",
        "mapping.toml",
        "captures/a/b.pcapng.gz",
        "captures/b.pcap",
        "charging/x/y.ber",
    )
    inputs = find_inputs(tmp_path)
    assert [(each.file, each.table) for each in inputs.tables] == [
        ("access.csv", "access"),
        ("access/date=2025-08-05/part-0.csv", "access"),
        ("access/date=2025-08-05/part-1.parquet", "access"),
        ("access/part.csv.gz", "access"),
        ("payments.parquet/part-0.parquet", "payments"),
        ("usage.csv.zst", "usage"),
    ]
    assert [each.file for each in inputs.captures] == ["captures/a/b.pcapng.gz", "captures/b.pcap"]
    assert [each.file for each in inputs.charging] == ["charging/x/y.ber"]
    assert inputs.operator == tmp_path / "operator.toml"
    assert inputs.mapping == tmp_path / "mapping.toml"
    assert inputs.ignored == ()
    assert len(inputs.of("access")) == 4


def test_says_what_no_rule_knows_and_leaves_hidden_files_out(tmp_path: Path):
    fill(
        tmp_path,
        "access.csv",
        "notes.txt",
        "old/access.csv",
        "old/b.csv",
        "access/README",
        "captures/x.txt",
        "access/_SUCCESS",
        ".git/x",
        "_tmp/a",
    )
    assert find_inputs(tmp_path).ignored == ("access/README", "captures/x.txt", "notes.txt", "old/")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        pytest.param([], "is empty", id="empty"),
        pytest.param([".hidden"], "is empty", id="hidden only"),
        pytest.param(["notes.txt"], "holds no table", id="unknown only"),
        pytest.param(["operator.toml"], "holds no table", id="operator only"),
    ],
)
def test_a_folder_without_tables_is_refused_with_a_way_out(tmp_path: Path, files: list[str], says: str):
    with pytest.raises(MalformedInputError, match=says) as caught:
        find_inputs(fill(tmp_path, *files))
    assert "access.parquet" in caught.value.fix


def test_a_missing_folder_and_a_file_are_refused(tmp_path: Path):
    with pytest.raises(MalformedInputError, match="no such folder"):
        find_inputs(tmp_path / "none")
    with pytest.raises(MalformedInputError, match="is a file"):
        find_inputs(fill(tmp_path, "access.csv") / "access.csv")


def test_follows_links_but_reads_nothing_twice(tmp_path: Path):
    outside = fill(tmp_path / "outside", "day/part.csv")
    root = fill(tmp_path / "records", "access/a.csv")
    (root / "access" / "loop").symlink_to(root)
    (root / "access" / "again.csv").symlink_to(root / "access" / "a.csv")
    (root / "usage").symlink_to(outside)
    (root / "links.csv").symlink_to(tmp_path / "gone.csv")
    inputs = find_inputs(root)
    assert [each.file for each in inputs.tables] == ["access/a.csv", "usage/day/part.csv"]
    assert [each.split(" (")[0] for each in inputs.ignored] == ["access/again.csv", "access/loop", "links.csv"]


def test_captures_alone_are_enough(tmp_path: Path):
    assert find_inputs(fill(tmp_path, "captures/a.pcap")).tables == ()


def test_the_mapping_says_which_file_is_which_table(tmp_path: Path):
    fill(tmp_path, "mme/2025/a.csv", "mme/b.csv", "usage.csv")
    mapping = Mapping.parse({"access": {"files": ["mme/**/*.csv"]}, "logins": {"files": ["usage.csv"]}}, where="m")
    assert [(each.file, each.table) for each in find_inputs(tmp_path, mapping).tables] == [
        ("mme/2025/a.csv", "access"),
        ("mme/b.csv", "access"),
        ("usage.csv", "logins"),
    ]


def test_a_file_claimed_twice_is_refused(tmp_path: Path):
    mapping = Mapping.parse({"access": {"files": ["*.csv"]}, "usage": {"files": ["a*"]}}, where="m")
    with pytest.raises(MalformedInputError, match=r"a\.csv: claimed by the `files` of access and usage"):
        find_inputs(fill(tmp_path, "a.csv"), mapping)


def test_a_folder_that_may_not_be_listed_is_malformed_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(tmp_path), "iterdir", refuse)
    with pytest.raises(MalformedInputError, match="cannot be listed"):
        find_inputs(tmp_path)
