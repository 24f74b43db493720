"""`cellwarden log`: exported, signed and verified against the store."""

import json

from typer.testing import CliRunner

from cellwarden.foundation.errors import RefusedError
from cellwarden.interfaces.cli.main import app


def typed_alone(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_log_is_exported_signed_and_verified_against_its_store(typed, tmp_path):
    log, key = tmp_path / "case.jsonl", tmp_path / "signing.key"
    assert typed.json("dho", "log", "export", log)["lines"] > 20
    signed = json.loads(typed_alone("log", "checkpoint", log, "--key", key, "--origin", "test", "--json").stdout)
    verify = ("log", "verify", log, "--verifier", signed["verifier"])
    assert typed.json("dho", *verify) == []
    typed.text("kim", "case", "open", "--title", "one more line")
    assert typed.json("dho", *verify) == [], "the store goes on from the file"
    typed.text("dho", "log", "export", log)
    lines = log.read_text().splitlines()
    log.write_text("\n".join([*lines[:3], *lines[4:]]) + "\n")
    done = typed_alone(*verify)
    assert done.exit_code == 1
    assert "line 4 does not follow" in done.stdout


def test_who_may_not_read_the_log_does_not_export_it(typed, tmp_path):
    typed.text("han", "log", "export", tmp_path / "case.jsonl", fails_with=RefusedError)


def test_a_request_for_a_stamp_is_a_file(typed, tmp_path):
    log = tmp_path / "case.jsonl"
    typed.text("dho", "log", "export", log)
    typed_alone("log", "checkpoint", log, "--key", tmp_path / "key", "--origin", "test")
    assert typed_alone("log", "stamp-request", log, "--out", tmp_path / "request.tsq").exit_code == 0
    assert (tmp_path / "request.tsq").read_bytes()[:1] == b"0"
