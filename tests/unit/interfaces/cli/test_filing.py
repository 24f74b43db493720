import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "incident" / "filing"))

from filed_matter import TOML_OF, filed_result

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.interfaces.cli.main import app

KNOWN = ("--known-at", "2025-09-08T16:00:00+09:00")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "notice.toml").write_text(TOML_OF, encoding="utf-8")
    filed_result(tmp_path, "one")
    return tmp_path


def file(place, *more, result="one", kind="first", at="2025-09-11T14:51:00+09:00"):
    return CliRunner().invoke(app, ["report", "file", str(place / result), "--facts", str(place / "notice.toml"), "--chain", str(place / "chain"), "--kind", kind, "--at", at, *KNOWN, *more])  # fmt: skip


def test_reports_are_numbered_and_their_files_told(place):
    told = file(place)
    assert told.exit_code == 0, told.exception
    assert told.stdout.startswith("report no. 1 (first), 0 figures changed\n")
    filed_result(place, "two", units=2)
    second = file(place, "--because", "units=another unit was found", "--json", result="two", kind="supplement")
    assert json.loads(second.stdout)["changes"] == 1
    assert {path.suffix for path in (place / "chain").iterdir()} == {".json", ".pdf", ".hwpx"}


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (("--because", "because"), UsageError),
        (("--known-at", "2025-09-08T16:00:00"), UsageError),
        (("--at", "2025-09-12T17:00:00+09:00"), RefusedError),
    ],
)
def test_what_cannot_be_filed_says_why(place, more, error):
    assert isinstance(file(place, *more).exception, error)


def test_the_press_sheet_prints_the_sentences_that_may_be_said(place):
    told = CliRunner().invoke(app, ["report", "press", str(place / "one"), "--facts", str(place / "notice.toml"), "--out", str(place / "press"), "--on", "2025-09-11"])  # fmt: skip
    assert told.stdout.splitlines()[0] == "2 cell identities are illegal by our evidence."
