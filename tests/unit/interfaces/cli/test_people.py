"""`cellwarden case`, people: two founders, tokens, roles."""

import stat

from typer.testing import CliRunner

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.interfaces.cli.main import app


def test_a_store_needs_two_founders(tmp_path):
    done = CliRunner().invoke(
        app, ["case", "init", "--founder", "ahn", "--tokens", str(tmp_path), "--store", str(tmp_path / "cases.sqlite")]
    )
    assert isinstance(done.exception, UsageError)


def test_a_renewed_token_replaces_the_file_and_ends_the_old_one(typed):
    old = (typed.folder / "kim.token").read_bytes()
    typed.text("kim", "case", "renew")
    typed.text("kim", "case", "people")
    assert stat.S_IMODE((typed.folder / "kim.token").stat().st_mode) == 0o600
    (typed.folder / "old.token").write_bytes(old)
    (typed.folder / "old.token").chmod(0o600)
    typed.text("old", "case", "people", fails_with=RefusedError)


def test_a_role_is_listed_and_taken_away(typed):
    grants = {row["name"]: row for row in typed.json("ahn", "case", "people")}
    assert grants["han"]["role"] == "analyst"
    typed.text("ahn", "case", "revoke", grants["han"]["grant_id"])
    assert "may not write" in typed.text("han", "case", "open", "--title", "mine", fails_with=RefusedError)
