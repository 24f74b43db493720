"""Whatever is put into a record folder: an error of ours with place and next step, or counted rejections; nothing else."""

from __future__ import annotations

import gzip
import shutil
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cellwarden.foundation.errors import CellwardenError, InputChangedError, MalformedInputError
from cellwarden.workflows import load as load_module
from cellwarden.workflows.investigate import Request, investigate

NOISE = np.random.default_rng(7).bytes(20_000)


def run(records):
    """Investigate; give the summary."""
    asked = Request(records=records, out=records.with_name("result"))
    return investigate(asked, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def records(shared, tmp_path):
    folder = tmp_path / "records"
    shutil.copytree(shared / "design/worked-example/records", folder)
    return folder


def table(path):
    """Return the access rows of the example as text columns."""
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [line for line in lines[1:] if len(line) == len(lines[0])]
    return pa.table({name: [row[index] or None for row in rows] for index, name in enumerate(lines[0])})


def wrong_type(folder):
    rows = table(folder / "access.csv")
    (folder / "access.csv").unlink()
    pq.write_table(rows.set_column(0, "at", pa.array([[1]] * rows.num_rows)), folder / "access.parquet")


def missing_column(folder):
    rows = table(folder / "access.csv")
    (folder / "access.csv").unlink()
    pq.write_table(rows.drop_columns(["procedure"]), folder / "access.parquet")


def noise_parquet(folder):
    (folder / "access.parquet").write_bytes(NOISE)


def truncated_parquet(folder):
    pq.write_table(table(folder / "access.csv"), folder / "usage.parquet")
    (folder / "usage.parquet").write_bytes((folder / "usage.parquet").read_bytes()[:-100])


def noise_csv(folder):
    (folder / "payments.csv").write_bytes(NOISE)


def empty_csv(folder):
    (folder / "payments.csv").write_bytes(b"")


def bomb(folder):
    (folder / "access.csv.gz").write_bytes(gzip.compress(b"at,imsi\n" + b"0" * (100 << 20), 9))


def truncated_gzip(folder):
    (folder / "tips.csv.gz").write_bytes(gzip.compress(NOISE)[:-500])


def no_gzip(folder):
    (folder / "tips.csv.gz").write_bytes(NOISE)


def noise_operator(folder):
    (folder / "operator.toml").write_bytes(NOISE)


def noise_mapping(folder):
    (folder / "mapping.toml").write_bytes(NOISE)


def empty_folder(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def missing_folder(folder):
    shutil.rmtree(folder)


def file_for_folder(folder):
    shutil.rmtree(folder)
    folder.write_text("not a folder")


@pytest.mark.parametrize(
    "damage",
    [
        wrong_type, missing_column, noise_parquet, truncated_parquet, noise_csv, empty_csv, bomb, truncated_gzip, no_gzip,
        noise_operator, noise_mapping, empty_folder, missing_folder, file_for_folder,
    ],
    ids=lambda each: each.__name__,
)  # fmt: skip
def test_an_input_that_is_broken_as_a_whole_is_an_error_with_place_and_next_step(records, damage):
    damage(records)
    with pytest.raises(MalformedInputError) as caught:
        run(records)
    assert caught.value.where
    assert caught.value.fix
    assert "45008000000" not in str(caught.value)
    assert not records.with_name("result").exists()


def test_a_file_that_changes_while_it_is_read_is_an_error(records, monkeypatch):
    genuine = load_module._batches

    def growing(source, known):
        yield from genuine(source, known)
        if source.file == "access.csv":
            with source.path.open("a") as file:
                file.write("\n")

    monkeypatch.setattr(load_module, "_batches", growing)
    with pytest.raises(InputChangedError) as caught:
        run(records)
    assert caught.value.where == "access.csv"


def reconciled(summary):
    assert summary["files"]
    for file, counts in summary["files"].items():
        assert counts["read"] == counts["accepted"] + counts["rejected"], file
    return summary


def test_mixed_zones_are_read_and_a_missing_one_is_counted(records):
    text = (records / "access.csv").read_text(encoding="utf-8").splitlines()
    row = text[-1].split(",", 1)[1]
    before = reconciled(run(records))["files"]["access.csv"]
    text += [f"2025-08-06T10:00:00+09:00,{row}", f"2025-08-06T10:00:00-03:30,{row}", f"2025-08-06T10:00:00,{row}"]
    (records / "access.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    counts = reconciled(run(records))["files"]["access.csv"]
    assert counts["read"] == before["read"] + 3
    assert counts["rejected"] == before["rejected"] + 1


def test_a_table_in_which_every_row_is_broken_is_counted_not_lost(records):
    text = (records / "payments.csv").read_text(encoding="utf-8").replace(",KRW,", ",KRW,").replace("4500800", "x4500800")
    (records / "payments.csv").write_text(text, encoding="utf-8")
    summary = reconciled(run(records))
    assert summary["files"]["payments.csv"]["accepted"] == 0
    assert "payments" in summary["missing_sources"]


def test_a_truncated_capture_is_counted_or_an_error_of_ours(records, shared):
    capture = next(iter(sorted(shared.rglob("*.pcap"))), None)
    if capture is None:
        pytest.skip("no capture in the shared folder")
    (records / "captures").mkdir()
    (records / "captures/cut.pcap").write_bytes(capture.read_bytes()[:-7])
    try:
        reconciled(run(records))
    except CellwardenError as error:
        assert error.where.endswith("cut.pcap")  # noqa: PT017 (either outcome is right)


def test_a_folder_where_a_table_file_is_expected_is_read_as_the_folder_it_is(records):
    (records / "access").mkdir()
    (records / "access.csv").rename(records / "access/part.csv")
    (records / "tips.csv").mkdir()
    summary = reconciled(run(records))
    assert summary["files"]["access/part.csv"]["rejected"] == 5


@pytest.mark.parametrize("kept", [["equipment.csv"], ["usage.csv"], ["payments.csv", "complaints.csv"], ["links.csv"]])
def test_without_any_access_it_still_answers_and_says_what_is_missing(records, kept):
    for path in records.iterdir():
        if path.name not in kept:
            path.unlink()
    summary = reconciled(run(records))
    assert "access" in summary["missing_sources"]
    assert summary["people_signal_exposed"]["total"] == 0
