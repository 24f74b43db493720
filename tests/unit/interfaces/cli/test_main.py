"""The command line translates: exit codes, one line an error, JSON and nothing else."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from cellwarden import __version__
from cellwarden.interfaces.cli.main import app

HEADER = "at,imsi,procedure,identity,rat,plmn,tac,cell,cell_type\n"
ROW = "2025-08-05T10:00:00Z,001010000000001,attach,imsi,lte,00101,1,257,macro\n"


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "cellwarden.interfaces.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


@pytest.fixture
def records(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "access.csv").write_text(HEADER + ROW + ROW.replace("001010000000001", "x"))
    return folder


def test_says_its_version():
    assert json.loads(CliRunner().invoke(app, ["version", "--json"]).stdout) == {"version": __version__}


def test_every_command_knows_json():
    for command in ("demo", "check", "ingest", "investigate", "detectors", "explain", "version"):
        assert "--json" in re.sub(r"\x1b\[[0-9;]*m", "", CliRunner().invoke(app, [command, "--help"]).stdout), command


def test_the_catalogue_names_innocent_causes_and_references():
    entries = json.loads(CliRunner().invoke(app, ["detectors", "--json"]).stdout)
    assert {each["kind"] for each in entries} == {"detector", "explanation"}
    assert all(each["innocent_causes"] for each in entries if each["kind"] == "detector")
    assert all(each["references"] and each["thresholds"] for each in entries)


def test_check_counts_and_writes_nothing(records):
    before = sorted(records.rglob("*"))
    found = json.loads(run("check", records, "--json").stdout)
    assert [(each["rows"], each["accepted"], each["rejected"]) for each in found] == [(2, 1, 1)]
    assert sorted(records.parent.rglob("*")) == [records, *before]


def test_check_names_every_file_and_prints_brackets_as_they_are(records):
    (records / "equipment.csv").write_text("equipment_id,cell\nx,1\n")
    finished = run("check", records)
    assert finished.returncode == 3
    assert re.search(r"^access\.csv +2 +1 +1 +0 ", finished.stdout, re.MULTILINE)
    assert "map it in a mapping file: [equipment] columns" in finished.stdout


def test_investigate_prints_json_and_nothing_else(records, tmp_path):
    finished = run("investigate", records, "--out", tmp_path / "result", "--json")
    assert finished.returncode == 0
    assert json.loads(finished.stdout)["files"] == {"access.csv": {"read": 2, "accepted": 1, "rejected": 1}}


def test_investigate_says_where_the_report_lies(records, tmp_path):
    finished = run("investigate", records, "--out", "result", cwd=tmp_path)
    assert "report: result/report.html" in finished.stdout
    assert (tmp_path / "result/report.html").exists()


def test_ingest_adds_and_leaves_out_what_is_there(records, tmp_path):
    for _ in range(2):
        held = json.loads(run("ingest", records, "--lake", tmp_path / "lake", "--json").stdout)
        assert [(each["file"], each["read"]) for each in held["inputs"]] == [("access.csv", 2)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["investigate", "missing", "--out", "r"], 3, "no such folder", id="no folder"),
        pytest.param(["investigate", "records", "--out", "r", "--engine", "abacus"], 2, "is no engine", id="no engine"),
        pytest.param(["investigate", "records", "--out", "r", "--until", "yesterday"], 2, "is no time", id="no time"),
        pytest.param(["investigate", "records", "--out", "r", "--until", "2025-08-05T10:00:00"], 2, "without a zone", id="no zone"),
        pytest.param(["investigate", "records", "--out", "records/r"], 2, "inside the record folder", id="inside"),
        pytest.param(["investigate", "records", "--out", "records"], 2, "inside the record folder", id="the records"),
        pytest.param(["explain", "records", "1"], 2, "no result folder", id="no result"),
        pytest.param(["explain", "records", "somewhere"], 2, "is no cell", id="no cell"),
        pytest.param(["nonsense"], 2, "No such command", id="no command"),
    ],
)  # fmt: skip
def test_an_error_is_one_line_with_its_exit_code(records, arguments, code, said):
    finished = run(*arguments, cwd=records.parent)
    assert (finished.returncode, said in finished.stderr) == (code, True), finished.stderr
    assert "Traceback" not in finished.stderr
    assert sorted(path.name for path in records.iterdir()) == ["access.csv"]


def test_an_out_folder_that_is_not_ours_is_left_alone(records, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/letter.txt").write_text("mine")
    finished = run("investigate", records, "--out", tmp_path / "precious")
    assert finished.returncode == 2
    assert (tmp_path / "precious/letter.txt").read_text() == "mine"


def test_ctrl_c_leaves_no_half_written_result(records, tmp_path):
    (records / "access.csv").write_text(HEADER + ROW * 400_000)
    command = [
        sys.executable,
        "-m",
        "cellwarden.interfaces.cli.main",
        "investigate",
        str(records),
        "--out",
        str(tmp_path / "result"),
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=os.environ)
    spool = tmp_path / "result.lake/spool"
    while not spool.exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert b"interrupted" in said
    assert not (tmp_path / "result").exists()
