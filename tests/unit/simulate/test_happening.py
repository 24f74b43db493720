from dataclasses import replace

from cellwarden.simulate.happening import Happenings, decoy
from cellwarden.simulate.happenings import happen
from cellwarden.simulate.scenario import Confounder
from cellwarden.simulate.truth import CELLS
from cellwarden.simulate.truth_files import CONFOUNDERS


def test_a_note_is_about_a_cell_or_about_something_named():
    what = Happenings()
    what.note("B1", "temporary_cell", (0.0, 60.0), in_calendar=True, cell=5)
    what.note("B12", "core_restart", (0.0, 60.0), in_calendar=False, subject_kind="core", subject="mme-1")
    assert [row["subject_kind"] for row in what.confounders] == ["cell", "core"]
    assert what.confounders[0]["cell_type"] == "macro"
    assert set(what.confounders[0]) | set(what.confounders[1]) <= set(CONFOUNDERS.names)


def test_a_decoy_fits_the_truth_and_has_no_unit():
    row = decoy(5, "festival", "B10", (0.0, 60.0), "10.20.0.2")
    assert row["unit"] is None
    assert set(row) == {*CELLS.names, "codes", "genuine_source"}


def test_traces_are_let_go_and_the_truth_about_them_is_kept(town):
    what = happen(town[1], town[2], replace(town[0], confounders=(Confounder("B10"), Confounder("B12"))))
    assert what.calls
    assert what.rows
    what.forget_traces()
    assert not [*what.calls, *what.rows, *what.comings]
    assert {row["code"] for row in what.confounders} == {"B10", "B12"}
