import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "evidence"))

from bundle_parts import parts

from cellwarden.exposure.people import PEOPLE
from cellwarden.foundation.errors import UsageError
from cellwarden.interfaces.cli.main import app


def run(*words):
    return CliRunner().invoke(app, ["bundle", *map(str, words)])


@pytest.fixture
def result(tmp_path):
    made = parts(tmp_path / "parts", query=PEOPLE.name)
    manifest = made.result / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "operator": {"name": "Example Mobile"}}))
    return made.result


def test_packs_tells_the_seal_and_verifies(result, tmp_path):
    packed = run("pack", result, "--out", tmp_path / "b", "--on", "2026-01-02", "--json")
    assert packed.exit_code == 0
    seal = json.loads(packed.stdout)["seal"]
    assert "Bagging-Date: 2026-01-02\n" in (tmp_path / "b/bag-info.txt").read_text()
    checked = run("verify", tmp_path / "b", "--seal", seal)
    assert (checked.exit_code, checked.stdout) == (0, f"everything holds\nseal {seal}\n")


def test_a_changed_bundle_ends_with_1_and_names_the_file(result, tmp_path):
    run("pack", result, "--out", tmp_path / "b", "--on", "2026-01-02")
    (tmp_path / "b/data/result/summary.json").write_text("{}")
    told = run("verify", tmp_path / "b", "--json")
    assert told.exit_code == 1
    assert any(line.startswith("data/result/summary.json: ") for line in json.loads(told.stdout)["found"])


def test_a_day_that_is_none_is_refused(result, tmp_path):
    assert isinstance(run("pack", result, "--out", tmp_path / "b", "--on", "yesterday").exception, UsageError)
