"""A case store that the command line made, and a way to type at it as somebody."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cellwarden.interfaces.cli.main import app

TEAM = {"kim": "commander", "lee": "commander", "han": "analyst", "dho": "dpo", "cho": "care", "oh": "auditor"}


class Typed:
    """Types commands and reads their JSON."""

    def __init__(self, folder):
        self.folder = folder
        self.store = str(folder / "cases.sqlite")

    def text(self, who, *words, fails_with=None):
        me = self.folder / f"{who}.token"
        done = CliRunner().invoke(app, [*map(str, words), "--store", self.store, "--me", str(me)])
        if fails_with is None:
            assert done.exception is None, done.exception
            return done.stdout
        assert isinstance(done.exception, fails_with), (done.exception, done.stdout)
        return str(done.exception)

    def json(self, who, *words):
        return json.loads(self.text(who, *words, "--json"))


@pytest.fixture(scope="session")
def desk_made_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    typed = Typed(folder)
    done = CliRunner().invoke(
        app,
        [
            "case",
            "init",
            "--founder",
            "ahn",
            "--founder",
            "bae",
            "--tokens",
            str(folder),
            "--store",
            typed.store,
            "--time-zone",
            "Asia/Seoul",
        ],
    )
    assert done.exception is None, done.exception
    for founder in ("ahn", "bae"):
        typed.text(founder, "case", "renew")
    for name, role in TEAM.items():
        typed.text("ahn", "case", "enrol", name, "--out", folder / f"{name}.token")
        typed.text(name, "case", "renew")
        asked = typed.json("ahn", "case", "ask-role", name, role, "--purpose", "works on the response")["request_id"]
        typed.text("bae", "case", "approve", asked, "--reason", "known to us")
        typed.text("ahn", "case", "grant", asked)
    return folder


@pytest.fixture
def typed(desk_made_once, tmp_path):
    for path in desk_made_once.iterdir():
        target = tmp_path / path.name
        target.write_bytes(path.read_bytes())
        target.chmod(0o600)
    return Typed(tmp_path)
