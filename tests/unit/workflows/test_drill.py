"""A scenario played in a few mornings: what a commander is told, and what the decisions were worth."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from cellwarden.evaluate.judging import key_of
from cellwarden.foundation.errors import UsageError
from cellwarden.simulate.generator import simulate
from cellwarden.workflows.drill import DRILL, blocks_all, briefings, play_scenario

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = 5


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    simulate("S04", folder, seed=1, size="xs")
    return folder


@pytest.fixture(scope="module")
def obeyed(city, tmp_path_factory):
    """The commander who believes everything: what was played, the briefings, and the folder."""
    out, told = tmp_path_factory.mktemp("drill"), []
    played = play_scenario(city, out, clock=lambda: NOW, every=EVERY, told=told.append)
    return played, told, out


def test_every_morning_is_briefed_with_what_was_known_by_then(obeyed):
    played, told, _ = obeyed
    assert [briefing.until for briefing in told] == [day["until"] for day in played["days"]]
    assert all(row["alert_at"] <= briefing.until for briefing in told for row in briefing.accused)
    assert [briefing.people for briefing in told] == sorted(briefing.people for briefing in told)


def test_a_blocked_cell_is_not_put_before_the_commander_again(obeyed):
    _, told, _ = obeyed
    keys = [key_of(row) for briefing in told for row in briefing.accused]
    assert len(keys) == len(set(keys)) > 0


def test_who_believes_the_system_has_the_grade_of_the_obedient(obeyed):
    played, _, _ = obeyed
    assert played["grade"] == played["obedient_grade"]
    assert played["outcome"]["people_exposed"] > 0


def test_who_blocks_nothing_saves_nobody(city, tmp_path):
    played = play_scenario(city, tmp_path / "drill", clock=lambda: NOW, commander=lambda _briefing: [], every=EVERY)
    assert played["outcome"]["people_saved"] == 0
    assert played["decisions"] == []


def test_both_reports_are_written(obeyed):
    played, _, out = obeyed
    assert json.loads((out / f"{DRILL}.json").read_text(encoding="utf-8"))["grade"] == played["grade"]
    assert f"grade {played['grade']}" in (out / f"{DRILL}.html").read_text(encoding="utf-8")


def test_mornings_run_from_the_second_day_to_the_one_after_the_last():
    manifest = {"from_at": "2025-08-03T15:00:00+00:00", "to_at": "2025-08-06T15:00:00+00:00"}
    mornings = briefings(manifest)
    assert [morning.isoformat() for morning in mornings] == [f"2025-08-0{day}T23:00:00+00:00" for day in (4, 5, 6)]
    assert briefings(manifest, every=2) == [mornings[1]]
    assert mornings[0] - datetime.fromisoformat(manifest["from_at"]) == timedelta(hours=32)


def test_a_folder_of_something_else_is_left_alone(city, tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not a drill"):
        play_scenario(city, tmp_path, clock=lambda: NOW)
    with pytest.raises(UsageError, match="1 or more"):
        play_scenario(city, tmp_path / "new", clock=lambda: NOW, every=0)


def test_blocking_all_names_every_accused_cell(obeyed):
    _, told, _ = obeyed
    assert blocks_all(told[-1]) == [key_of(row) for row in told[-1].accused]
