"""`cellwarden reveal`, `forget`, `receipt`: asked and refused from the command line."""

import json
from datetime import timedelta

from typer.testing import CliRunner

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.interfaces.cli.main import app
from cellwarden.lake.store import Lake
from cellwarden.workflows.investigate import utc_now

PERSON = "00000000000000aa"


def soon():
    return "--until", (utc_now() + timedelta(hours=3)).isoformat()


def test_a_reveal_and_a_forgetting_are_asked_and_on_the_receipt(typed, tmp_path):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    people = tmp_path / "people.txt"
    people.write_text(f"{PERSON}\n")
    request = typed.json("cho", "reveal", "ask", "C-1", "--purpose", "call the people touched", "--people", people, *soon())
    assert request["kind"] == "reveal"
    assert typed.json("dho", "forget", "ask", "C-1", PERSON, "--purpose", "the person asked", *soon())["kind"] == "forgetting"
    open_ = ("reveal", "open", request["request_id"], "--people", people, "--lake", tmp_path / "lake")
    typed.text("cho", *open_, "--out", people, fails_with=UsageError)
    typed.text("cho", *open_, "--out", tmp_path / "out.csv", fails_with=RefusedError)
    assert not (tmp_path / "out.csv").exists()
    found = json.loads(typed.text("dho", "receipt"))
    assert (found["openings"], len(found["lines"])) == (0, 2)
    typed.text("han", "receipt", fails_with=RefusedError)


def test_a_bound_lake_is_not_revealed_without_approval(typed, tmp_path):
    lake = tmp_path / "lake"
    assert CliRunner().invoke(app, ["reveal", "bind", str(lake), "--store", typed.store]).exception is None
    assert json.loads(Lake(lake).approvals_path.read_text())["store"].endswith(typed.store)
    words = ["investigate", str(tmp_path), "--out", str(tmp_path / "result"), "--lake", str(lake), "--reveal", "curious"]
    done = CliRunner().invoke(app, words)
    assert isinstance(done.exception, RefusedError)
