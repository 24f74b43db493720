"""The press sheet is drafted, agreed by another, and only then published; its figures are the same in PDF, JSON and CSV."""

import csv
import json
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "incident" / "filing"))

from filed_matter import TOML_OF, filed_result

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.workflows.press import draft_press_sheet, press_to_approve, publish_press_sheet

ON = date(2025, 9, 11)


@pytest.fixture
def facts(tmp_path):
    (tmp_path / "notice.toml").write_text(TOML_OF, encoding="utf-8")
    return tmp_path / "notice.toml"


@pytest.fixture
def drafted(tmp_path, facts):
    """Give the folder with the draft of a sheet."""
    draft_press_sheet(filed_result(tmp_path, "one"), facts, tmp_path / "press", on=ON)
    return tmp_path / "press"


def agreed(what, sha256):
    """Stand for the store that finds the approval of another person."""


def nobody(what, sha256):
    raise RefusedError(f"{what} {sha256} is not approved", where="R-1", fix="Ask")


def test_the_sheet_is_a_pdf_and_the_same_in_data(tmp_path, facts):
    told = draft_press_sheet(filed_result(tmp_path, "one"), facts, tmp_path / "press", on=ON)
    place = tmp_path / "press/draft"
    assert (place / "press.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert json.loads((place / "press.json").read_text()) == told
    assert set(told["sentences"]) == {"ko", "en"}
    assert told["files"] == {name: sha256_of(place / name) for name in ("press.pdf", "census.csv")}


def test_its_tables_come_as_csv_without_small_counts(drafted):
    with (drafted / "draft/census.csv").open(newline="") as file:
        rows = {(row["measure"], row["part"]): row for row in csv.DictReader(file)}
    assert rows["controller", "Example MVNO"] == {
        "measure": "controller", "part": "Example MVNO", "people": "18", "people_imsi": "withheld", "people_possible": "withheld",
        "people_guti": "withheld",
    }  # fmt: skip
    assert rows["technology", "nr"]["people"] == ""
    assert not any(measure == "cell" for measure, _ in rows)


def test_nothing_is_published_that_nobody_else_agreed_to(drafted):
    digest = sha256_of(drafted / "draft/press.json")
    with pytest.raises(RefusedError, match=f"press sheet {digest} is not approved"):
        publish_press_sheet(drafted, release=nobody)
    assert [path.name for path in drafted.iterdir()] == ["draft"]


def test_what_was_agreed_to_is_what_is_published(drafted):
    held = {path.name: path.read_bytes() for path in (drafted / "draft").iterdir()}
    said = []
    publish_press_sheet(drafted, release=lambda *told: said.append(told))
    assert {path.name: path.read_bytes() for path in drafted.iterdir()} == held
    assert said == [("press sheet", sha256_of(drafted / "press.json"))]


@pytest.mark.parametrize("name", ["press.pdf", "census.csv"])
def test_a_draft_that_was_changed_or_lost_a_file_is_neither_asked_for_nor_published(drafted, name):
    path = drafted / "draft" / name
    for spoil in (lambda: path.write_bytes(path.read_bytes() + b" "), path.unlink):
        spoil()
        with pytest.raises(RefusedError, match=f"{name}: changed after it was drafted"):
            press_to_approve(drafted)
        with pytest.raises(RefusedError, match=f"{name}: changed after it was drafted"):
            publish_press_sheet(drafted, release=agreed)


def test_a_kill_before_the_last_file_publishes_all_when_asked_again(drafted):
    shutil.copyfile(drafted / "draft/press.pdf", drafted / "press.pdf")
    publish_press_sheet(drafted, release=agreed)
    assert {path.name for path in drafted.iterdir()} == {"press.pdf", "census.csv", "press.json"}


def test_a_kill_before_the_draft_is_cleared_away_is_healed_without_another_release(drafted, tmp_path):
    shutil.copytree(drafted / "draft", tmp_path / "left")
    told = publish_press_sheet(drafted, release=agreed)
    shutil.copytree(tmp_path / "left", drafted / "draft")
    assert publish_press_sheet(drafted, release=nobody) == told
    assert not (drafted / "draft").exists()


def test_what_was_published_is_not_written_over(drafted, tmp_path, facts):
    publish_press_sheet(drafted, release=agreed)
    with pytest.raises(UsageError, match="published here"):
        draft_press_sheet(tmp_path / "one", facts, drafted, on=ON)


def test_without_a_draft_there_is_nothing_to_ask_for_or_publish(tmp_path):
    assert press_to_approve(tmp_path) is None
    with pytest.raises(UsageError, match="no draft of a press sheet"):
        publish_press_sheet(tmp_path, release=agreed)
