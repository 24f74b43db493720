"""The units that we hand out: systemd itself reads and scores them, and what they start is there."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[2] / "docs/how-to/systemd").glob("*.service"))
MOST_EXPOSED = 30
"""Tenths, as `systemd-analyze security` counts; up to 30 it is well protected, an unhardened unit has more than 90."""


def read(unit):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(unit.read_text())
    return parser


@pytest.fixture
def analyze():
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs systemd-analyze")
        pytest.skip("needs systemd-analyze: apt install systemd")

    def run(*words):
        return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)

    return run


@pytest.fixture(params=UNITS, ids=lambda unit: unit.stem)
def unit(request, tmp_path):
    """Give a unit as an operator installs it: with Python where it is on this machine."""
    copy = tmp_path / request.param.name
    copy.write_text(request.param.read_text().replace("/opt/cellwarden/bin/python", sys.executable))
    return copy


def test_systemd_knows_every_word_of_a_unit(analyze, unit):
    told = analyze("verify", "--man=no", "--recursive-errors=no", str(unit))
    about_it = [line for line in told.stderr.splitlines() if unit.stem in line]
    assert (told.returncode, about_it) == (0, [])


def test_a_word_that_systemd_does_not_know_is_told(analyze, unit):
    unit.write_text(unit.read_text().replace("[Service]\n", "[Service]\nProtectEverything=yes\n"))
    assert "ProtectEverything" in analyze("verify", "--man=no", str(unit)).stderr


def test_a_unit_is_hardened(analyze, unit):
    told = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(unit))
    assert told.returncode == 0, told.stdout


def test_a_unit_that_is_not_hardened_is_told(analyze, unit):
    bare = re.sub(r"(?m)^(Protect|Restrict|Private|Capability|SystemCall|NoNew|Lock).*\n", "", unit.read_text())
    unit.write_text(bare)
    assert analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(unit)).returncode != 0


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_a_unit_starts_is_a_command_of_ours_that_is_started_again(unit):
    service = read(unit)["Service"]
    python, *words = shlex.split(service["ExecStart"])
    assert python == "/opt/cellwarden/bin/python"
    done = subprocess.run([sys.executable, *words[:3], "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert service["Restart"] == "always", "a gate that is dead lets nobody in"
