import pytest
from made_up_records import HOME, PLMN, at, card

from cellwarden.detect.explanations.explanation import after
from cellwarden.engines.port import Script

ROW = {
    "plmn": PLMN,
    "rat": "lte",
    "cell_type": "home",
    "cell": HOME,
    "hand": "S1",
    "from_at": at("05 10:00"),
    "to_at": at("05 11:00"),
}


def test_thresholds_go_into_a_query_as_the_numbers_they_are():
    values = card("core_restart").values()
    assert values["min_cells"] == 10
    assert isinstance(values["min_cells"], int)
    assert values["min_share"] == 0.1


def test_an_excuse_holds_for_the_rows_cell_and_hand_and_for_all_that_the_card_accounts_for():
    explanation = card("house_move")
    excuse = explanation.excuse(ROW, cell=HOME, people=2, of=3, until="then")
    assert (excuse.explanation, excuse.key.cell, excuse.hand, excuse.share) == ("house_move", HOME, "S1", 1.0)
    assert (excuse.from_at, excuse.to_at, excuse.detectors) == (at("05 10:00"), at("05 11:00"), explanation.accounts_for)
    assert str(HOME) in excuse.evidence["ko"]


def test_an_excuse_of_no_single_cell_holds_for_every_cell_and_hand():
    excuse = card("data_faults").excuse(ROW, share=0.5, detectors=("short_bursts",), is_everywhere=True, what="x")
    assert (excuse.key, excuse.hand, excuse.share, excuse.detectors) == (None, None, 0.5, ("short_bursts",))


@pytest.mark.parametrize(("identified", "is_ordinary"), [(33, True), (34, False)])
def test_ordinary_is_up_to_some_times_the_usual_and_a_few_more(identified, is_ordinary):
    row = {"identified": identified, "openings": 100, "usual_identified": 10, "usual_openings": 100}
    assert card("festival").is_ordinary(row) is is_ordinary


def test_without_anything_usual_only_a_few_are_ordinary():
    row = {"identified": 3, "openings": 100, "usual_identified": 0, "usual_openings": 0}
    assert card("festival").is_ordinary(row)
    assert not card("festival").is_ordinary({**row, "identified": 4})


def test_shared_steps_run_first_under_the_later_scripts_name():
    script = after(Script("a.sql", "-- @table one\nSELECT 1 AS x"), Script("b.sql", "-- @result\nSELECT o.x AS x FROM one o"))
    assert (script.name, [name for name, _ in script.steps()]) == ("b.sql", ["one", None])
