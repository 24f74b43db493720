"""`cellwarden contain`: tried, asked, agreed, in force at the gate, lifted by two."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.interfaces.cli.main import app
from cellwarden.workflows.investigate import utc_now

RECORDS = Path(__file__).parents[4] / "docs/tutorial/records"
ROGUE = ("--target", "cell_type=home", "--target", "cell=700001")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("investigated")
    done = CliRunner().invoke(app, ["investigate", str(RECORDS), "--out", str(folder / "result"), "--json"])
    assert done.exit_code == 0, done.exception
    return "--lake", str(folder / "result.lake"), "--result", str(folder / "result")


@pytest.fixture
def targets(tmp_path):
    path = tmp_path / "targets.toml"
    path.write_text('[gate]\nkind = "block_list"\npath = "blocks.json"\n[notify]\nkind = "file"\npath = "notify.jsonl"\n')
    return path


def until_soon():

    return "--until", (utc_now() + timedelta(days=2)).isoformat()


def test_a_dry_run_asks_nothing_and_says_whom_it_hurts(places):
    done = CliRunner().invoke(app, ["contain", "dry-run", "block_cell", *ROGUE, *places, "--json"])
    assert json.loads(done.stdout)["caught"]["people"] == 5
    assert "hurt: " in CliRunner().invoke(app, ["contain", "dry-run", "block_cell", *ROGUE, *places]).stdout


def test_a_block_from_ask_to_lift(typed, places, targets, tmp_path):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    ask = ("contain", "ask", "C-1", "block_cell", *ROGUE, *until_soon(), "--purpose", "stop the rogue", "--to", "gate", *places)
    request = typed.json("han", *ask)["request_id"]
    typed.text("han", "contain", "apply", request, "--targets", targets, fails_with=RefusedError)
    typed.text("kim", "case", "approve", request, "--reason", "seen the dry run")
    events = typed.json("han", "contain", "apply", request, "--targets", targets)
    assert [each["event"] for each in events] == ["contained", "delivered"]
    assert json.loads((tmp_path / "blocks.json").read_text())["blocks"][0]["value"] == "home:700001"
    (row,) = typed.json("oh", "contain", "list", "C-1")
    assert (row["state"], row["deliveries"][0]["state"]) == ("in_force", "done")
    assert "apply gate done" in typed.text("oh", "contain", "list", "C-1")
    assert typed.json("han", "contain", "effect", request, *places[:2])["verdict"] == "not_yet"
    lifting = typed.json("han", "contain", "ask-lift", "C-1", request, "--purpose", "the household is back")["request_id"]
    typed.text("lee", "case", "approve", lifting, "--reason", "I called them")
    typed.text("han", "contain", "lift", lifting, "--targets", targets)
    assert json.loads((tmp_path / "blocks.json").read_text())["blocks"] == []


def test_a_broken_glass_is_told_and_reviewed(typed, places, targets, tmp_path):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    ask = ("contain", "ask", "C-1", "block_cell", *ROGUE, *until_soon(), "--purpose", "stop the rogue", "--to", "gate", *places)
    request = typed.json("kim", *ask)["request_id"]
    typed.text("kim", "contain", "break-glass", request, "--reason", "nobody else is awake and money goes out")
    typed.text("kim", "contain", "apply", request, "--targets", targets)
    assert json.loads((tmp_path / "notify.jsonl").read_text())["to"] == ["lee"]
    typed.text("kim", "contain", "review", request, "--words", "I was right", fails_with=RefusedError)
    done = typed.json("oh", "contain", "review", request, "--words", "not needed at that hour", "--wrong")
    assert done["was_right"] is False


def test_run_sends_nothing_where_nothing_is_due(typed, targets):
    assert typed.json("oh", "contain", "run", "--targets", targets) == []


def test_a_target_without_a_value_is_refused_and_acts_are_listed():
    done = CliRunner().invoke(app, ["contain", "dry-run", "block_cell", "--target", "cell", "--lake", "x", "--result", "y"])
    assert isinstance(done.exception, UsageError)
    acts = json.loads(CliRunner().invoke(app, ["contain", "acts", "--json"]).stdout)
    assert {"block_cell", "recover_dormant"} <= {row["act"] for row in acts}
