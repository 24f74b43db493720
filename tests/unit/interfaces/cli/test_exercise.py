"""A city whose truth is known, a result, and how well it knew it: by the command line alone."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cellwarden.foundation.errors import UsageError
from cellwarden.interfaces.cli.main import app


def said(*arguments):
    finished = subprocess.run(
        [sys.executable, "-m", "cellwarden.interfaces.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_simulate_investigate_evaluate(tmp_path):
    made = json.loads(said("simulate", "S03", "--seed", "1", "--out", tmp_path / "city", "--json"))
    assert made["rows"]["access"] > 100_000
    said("investigate", tmp_path / "city/records", "--out", tmp_path / "result", "--json")
    scores = json.loads(said("evaluate", tmp_path / "city/truth", tmp_path / "result", "--out", tmp_path / "scores"))
    met = {bar["name"]: bar["is_met"] for bar in scores["bars"]}
    assert met["Rogue cells found"]
    assert met["False accusations per 100,000 cell-days"]
    assert (tmp_path / "scores/evaluation.html").exists()
    naive = json.loads(said("baseline", "not_in_registry", tmp_path / "city/records", "--out", tmp_path / "naive", "--json"))
    assert naive["suspects"] == 0  # a clone of a live cell is in the registry: the naive rule cannot see it


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (["simulate", "S03"], "--out"),
        (["simulate", "S99", "--out", "x"], "S01"),
        (["baseline", "luck", "x", "--out", "y"], "not_in_registry"),
    ],
)
def test_a_call_that_cannot_be_meant_says_what_can(arguments, fix):
    finished = CliRunner().invoke(app, arguments)
    assert isinstance(finished.exception, UsageError)
    assert fix in str(finished.exception)
