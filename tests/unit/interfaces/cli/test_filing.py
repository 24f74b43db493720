import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "incident" / "filing"))

from filed_matter import TOML_OF, filed_result

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.interfaces.cli.main import app
from cellwarden.workflows.investigate import utc_now

KNOWN = ("--known-at", "2025-09-08T16:00:00+09:00")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "notice.toml").write_text(TOML_OF, encoding="utf-8")
    filed_result(tmp_path, "one")
    return tmp_path


def draft(place, *more, result="one", kind="first", at="2025-09-11T14:51:00+09:00"):
    return CliRunner().invoke(app, ["report", "draft", str(place / result), "--facts", str(place / "notice.toml"), "--chain", str(place / "chain"), "--kind", kind, "--at", at, *KNOWN, *more])  # fmt: skip


def test_drafts_are_numbered_and_their_files_told(place):
    told = draft(place)
    assert told.exit_code == 0, told.exception
    assert told.stdout.startswith("draft of report no. 1 (first), 0 figures changed\n")
    assert {path.name for path in (place / "chain").iterdir()} == {"draft"}


def test_a_report_is_filed_once_another_person_has_approved_the_draft(place, typed):
    late = ("--late-because", "the exercise lies in the past")
    assert draft(place, *late).exit_code == 0
    case = typed.json("kim", "case", "open", "--title", "Exercise of the filing")["case_id"]
    until = (utc_now() + timedelta(days=2)).isoformat()
    asked = typed.json(
        "han", "report", "ask", place / "chain", "--case", case, "--purpose", "the report is due", "--until", until
    )
    request = asked["request_id"]
    assert asked["content"]["what"] == "report 1"
    typed.text("han", "report", "file", place / "chain", "--request", request, fails_with=RefusedError)
    assert "chain.json" not in {path.name for path in (place / "chain").iterdir()}
    typed.text("kim", "case", "approve", request, "--reason", "read and agreed")
    told = typed.text("han", "report", "file", place / "chain", "--request", request)
    assert told.startswith("report no. 1 (first), 0 figures changed\n")
    assert {path.suffix for path in (place / "chain").iterdir()} == {".json", ".pdf", ".hwpx"}
    filed_result(place, "two", units=2)
    assert draft(place, "--because", "units=another unit was found", result="two", kind="supplement").exit_code == 0
    assert "another content" in typed.text(
        "han", "report", "file", place / "chain", "--request", request, fails_with=RefusedError
    )


def test_nobody_approves_the_report_they_asked_for(place, typed):
    assert draft(place, "--late-because", "the exercise lies in the past").exit_code == 0
    case = typed.json("kim", "case", "open", "--title", "Exercise of the filing")["case_id"]
    until = (utc_now() + timedelta(days=2)).isoformat()
    asked = typed.json(
        "kim", "report", "ask", place / "chain", "--case", case, "--purpose", "the report is due", "--until", until
    )
    typed.text("kim", "case", "approve", asked["request_id"], "--reason", "I agree with myself", fails_with=RefusedError)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (("--because", "because"), UsageError),
        (("--known-at", "2025-09-08T16:00:00"), UsageError),
        (("--at", "2025-09-12T17:00:00+09:00"), RefusedError),
    ],
)
def test_what_cannot_be_drafted_says_why(place, more, error):
    assert isinstance(draft(place, *more).exception, error)


def press(place):
    return CliRunner().invoke(app, ["report", "press", str(place / "one"), "--facts", str(place / "notice.toml"), "--out", str(place / "press"), "--on", "2025-09-11"])  # fmt: skip


def test_the_press_sheet_prints_the_sentences_that_may_be_said(place):
    assert (
        press(place).stdout.splitlines()[0]
        == "By our evidence, the number of cell identities that illegal base stations used on our network is 2."
    )


def test_a_press_sheet_is_published_once_another_person_has_approved_the_draft(place, typed):
    said = press(place).stdout
    case = typed.json("kim", "case", "open", "--title", "Exercise of the press sheet")["case_id"]
    until = (utc_now() + timedelta(days=2)).isoformat()
    ask = ("report", "ask", place / "press", "--case", case, "--purpose", "the press asks", "--until", until)
    asked = typed.json("han", *ask)
    assert asked["content"]["what"] == "press sheet"
    publish = ("report", "publish", place / "press", "--request", asked["request_id"])
    typed.text("han", *publish, fails_with=RefusedError)
    typed.text("dho", "case", "approve", asked["request_id"], "--reason", "nobody can be worked out")
    assert typed.text("han", *publish) == said
    assert {path.name for path in (place / "press").iterdir()} == {"press.pdf", "press.json", "census.csv"}
    assert isinstance(press(place).exception, UsageError)
