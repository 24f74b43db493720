"""`decode` writes text where it is told to, whole or not at all, and refuses what contradicts itself."""

from __future__ import annotations

import csv
import io
import json
import struct
import sys

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cellwarden.foundation.errors import UsageError
from cellwarden.interfaces.cli import decoding
from cellwarden.interfaces.cli.main import app

HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)


@pytest.fixture
def capture(tmp_path):
    """A whole capture without a frame."""
    path = tmp_path / "empty.pcap"
    path.write_bytes(HEADER)
    return path


@pytest.fixture
def torn(tmp_path):
    """A capture whose only record is cut off: one row, which says so."""
    path = tmp_path / "torn.pcap"
    path.write_bytes(HEADER + struct.pack("<IIII", 0, 0, 60, 60) + b"\0" * 20)
    return path


def written(files, form, **more):
    asked = {"out": None, "fields": (), "where": "", "workers": 1, "links": {}, "progress": lambda _done, _all: None, **more}
    return decoding.run(files, form=form, **asked)


def test_csv_without_rows_still_has_its_header(capture, capsys):
    written([capture], "csv", fields=["frame", "imsi"])
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [["frame", "imsi"]]


def test_csv_of_several_captures_has_one_header(capture, torn, capsys):
    written([capture, torn], "csv", fields=["frame"])
    assert capsys.readouterr().out.count("frame") == 1


def test_a_torn_capture_gives_a_row_that_says_so(torn, capsys):
    assert written([torn], "json") == 1
    assert "frame" in json.loads(capsys.readouterr().out)


def test_a_table_is_one_line_a_row(torn, capsys):
    written([torn], "table", fields=["frame", "faults"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "frame\tfaults"
    assert len(lines) == 2


def test_parquet_goes_into_a_file_only(capture, tmp_path):
    with pytest.raises(UsageError, match="--out"):
        written([capture], "parquet")
    written([capture], "parquet", out=tmp_path / "rows.parquet", fields=["frame", "imsi"])
    assert pq.read_schema(tmp_path / "rows.parquet").names == ["frame", "imsi"]


@pytest.mark.parametrize("form", ["json", "csv", "parquet", "table"])
def test_a_failure_leaves_the_old_file_as_it_was(tmp_path, form):
    out, broken = tmp_path / "rows", tmp_path / "broken.pcap"
    out.write_text("old")
    broken.write_bytes(b"no capture at all")
    with pytest.raises(Exception, match="neither pcap nor pcapng"):
        written([broken], form, out=out)
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.pcap", "rows"]


@pytest.mark.parametrize("text", ["150", "s1ap=150", "150="])
def test_a_user_link_type_is_a_number_and_a_protocol(text):
    with pytest.raises(UsageError, match="150=s1ap"):
        decoding.user_links([text])


def test_user_link_types_are_read():
    assert decoding.user_links(["150=s1ap", "147=ngap"]) == {150: "s1ap", 147: "ngap"}


def test_the_columns_are_listed_with_their_meaning():
    lines = CliRunner().invoke(app, ["decode", "--columns"]).stdout.splitlines()
    names = [line.split("\t")[0] for line in lines]
    assert len(names) >= 40
    for name in (
        "frame",
        "at",
        "source",
        "procedure",
        "mme_ue_id",
        "enb_id_kind",
        "imsi",
        "suci_scheme",
        "ciphering",
        "csg_ids",
    ):
        assert name in names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["decode"], "no capture named"), (["decode", "x.pcap", "--json", "--csv"], "contradict each other")],
)
def test_a_call_that_cannot_be_meant_is_refused(arguments, said):
    finished = CliRunner().invoke(app, arguments)
    assert isinstance(finished.exception, UsageError)
    assert said in str(finished.exception)


def test_rows_go_to_standard_output_as_it_is_now(torn, monkeypatch):
    page = io.StringIO()
    monkeypatch.setattr(sys, "stdout", page)
    written([torn], "json")
    assert page.getvalue().count("\n") == 1
