"""The page of the examiner is written from kept scores, and a run that was stopped goes on where it was."""

import argparse
import json
import runpy

import pytest

SIZE = "xs"


@pytest.fixture(scope="module")
def module(checkout):
    return runpy.run_path(str(checkout / "docs/evaluate.py"), run_name="evaluate")


@pytest.fixture(scope="module")
def kept(module, tmp_path_factory):
    """Scores of one naive system and Cellwarden on a clone of a live cell."""
    keep = tmp_path_factory.mktemp("scores")
    asked = argparse.Namespace(
        seeds="1",
        size=SIZE,
        scenarios=["S03"],
        systems=["not_in_registry", "cellwarden"],
        ablations=False,
        keep=keep,
        afresh="",
    )
    (job,) = module["jobs"](asked, "0123456789")
    module["run"](job)
    return asked


def test_the_page_is_made_of_the_kept_scores(module, kept):
    text = module["page"]({SIZE: module["read"](kept.keep, SIZE, [1])})
    assert "| S03 | Clone of a live cell | 0.00 / 0 |" in text
    assert "cloned_id 0 of 2" in text
    assert "0123456789 (1)" in text
    assert text.count("Rogue cells found") == 2
    assert "Not run" in text
    assert "300 thousand access rows" in text


def test_quiet_cities_are_added_up_with_their_bound(module):
    turn = {"scenario": "S01", "state": "0123456789", "cell_days": 1_500_000, "accused": 0, "review": 3}
    text = module["page"]({}, [turn, turn | {"scenario": "S12"}])
    assert "**0 of 3,000,000 honest cell-days accused: at most 0.0999 in 100,000" in text
    assert "| S12 | 1 | 1,500,000 | 0 | 3 |" in text


def test_what_is_scored_is_not_run_again_unless_the_code_changed_and_it_is_asked_for(module, kept):
    assert module["jobs"](kept, "another") == []
    kept.afresh = "cellwarden"
    (job,) = module["jobs"](kept, "another")
    assert job.systems == ("cellwarden",)
    assert module["jobs"](kept, "0123456789") == []


def test_ablations_that_lack_are_asked_for(module, kept):
    asked = argparse.Namespace(**{**vars(kept), "ablations": True, "afresh": "", "scenarios": ["S03"]})
    assert module["jobs"](asked, "another") == []
    path = kept.keep / SIZE / "seed-1/S02/cellwarden.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"ablations": None, "state": "another"}), encoding="utf-8")
    asked.scenarios, asked.systems = ["S02"], ["cellwarden"]
    (job,) = module["jobs"](asked, "another")
    assert job.ablates
    path.unlink()
