from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_censuses import FIRST, SECOND, START, census, exposed, said

from cellwarden.exposure.restatement import restated

LINKS = {"sources": frozenset({"access", "equipment", "links"})}


def moves(before, after):
    return [(int(move.imsi, 16), move.change, move.before, move.after, move.why) for move in restated(before, after).moves]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([exposed(1)], [exposed(1)], [], id="nobody-moved"),
        pytest.param([], [exposed(1, cell=SECOND)], [(1, "added", None, "guti", "new_id")], id="added-through-a-new-id"),
        pytest.param([exposed(1)], [exposed(1), exposed(1, "imsi", SECOND)], [(1, "upgraded", "guti", "imsi", "new_id")], id="upgraded-through-a-new-id"),
        pytest.param([exposed(1, "imsi")], [exposed(1, "imsi"), exposed(1, cell=SECOND)], [], id="a-weaker-proof-changes-nothing"),
        pytest.param([], [exposed(1, after_h=9)], [(1, "added", None, "guti", "new_episode")], id="added-through-another-episode"),
        pytest.param([exposed(1)], [exposed(1, "possible", events=3)], [(1, "upgraded", "guti", "possible", "more_rows")], id="upgraded-by-more-rows"),
        pytest.param([exposed(1)], [exposed(1, "imsi", after_h=0.05, events=3)], [(1, "upgraded", "guti", "imsi", "more_rows")], id="a-stay-that-began-earlier-is-the-same-stay"),
        pytest.param([exposed(1, "possible")], [exposed(1, "imsi")], [(1, "upgraded", "possible", "imsi", "graded_anew")], id="upgraded-by-a-column"),
        pytest.param([exposed(1, "imsi")], [exposed(1, "guti")], [(1, "downgraded", "imsi", "guti", "graded_anew")], id="downgraded-by-a-rule"),
        pytest.param([exposed(1, "imsi", events=3)], [exposed(1)], [(1, "downgraded", "imsi", "guti", "fewer_rows")], id="downgraded-by-fewer-rows"),
        pytest.param([exposed(1), exposed(2, after_h=9)], [exposed(1)], [(2, "removed", "guti", None, "episode_withdrawn")], id="an-episode-was-withdrawn"),
    ],
)  # fmt: skip
def test_says_who_moved_and_through_what(before, after, expected):
    ids = {row["cell"] for row in after} | {FIRST}
    assert moves(census(*before), census(*after, ids=ids)) == expected


def test_an_id_that_is_no_longer_accused_takes_its_people_along():
    before = census(exposed(1), exposed(2, cell=SECOND), ids=(FIRST, SECOND))
    found = restated(before, census(exposed(1)))
    assert [(move.change, move.why, move.cells) for move in found.moves] == [
        ("removed", "id_withdrawn", [("00101", "lte", "home", SECOND)])
    ]
    assert [(row["cell"], row["change"], row["people"]) for row in found.cells] == [(SECOND, "id_withdrawn", 1)]


NEW = exposed(1, cell=SECOND)


@pytest.mark.parametrize(
    ("before", "after", "causes", "because"),
    [
        pytest.param({"silent": {"foreign_source": ["links"]}}, {**LINKS, "findings": [said("foreign_source", SECOND)]}, ["new_source"], ["links"], id="a-detector-that-could-not-look"),
        pytest.param({"findings": [said("unregistered_cell", SECOND)]}, {"findings": [said("unregistered_cell", SECOND), said("unit_membership", SECOND, weight=4.0)]}, ["unit"], ["unit_membership"], id="its-hardware"),
        pytest.param({"findings": [said("unregistered_cell", SECOND)]}, {"findings": [said("unregistered_cell", SECOND), said("unit_membership", SECOND, weight=4.0)], "inputs": {"access.csv": "b" * 64}}, ["other_records", "unit"], ["access.csv", "unit_membership"], id="its-hardware-which-another-file-accuses"),
        pytest.param({"findings": [said("unregistered_cell", SECOND, weight=2.0)]}, {"findings": [said("unregistered_cell", SECOND)], "rules": {"unregistered_cell.max_weight": 9.0, "prior": -7.0}}, ["rule_change"], ["unregistered_cell"], id="a-threshold"),
        pytest.param({"findings": [said("unregistered_cell", SECOND, weight=2.0)]}, {"findings": [said("unregistered_cell", SECOND)], "versions": {"unregistered_cell": 2, "foreign_source": 1}}, ["detector_change"], ["unregistered_cell"], id="a-new-version-of-a-detector"),
        pytest.param({}, {"findings": [said("unregistered_cell", SECOND, after_h=20)], "last_at": START + timedelta(hours=30)}, ["later_records"], ["unregistered_cell"], id="later-records"),
        pytest.param({}, {"rules": {"unregistered_cell.max_weight": 6.5, "prior": -6.0}}, ["rule_change"], ["prior"], id="a-rule-of-the-whole"),
        pytest.param({}, LINKS, ["new_source"], ["links"], id="a-source-that-no-detector-names"),
        pytest.param({}, {"inputs": {"access.csv": "b" * 64}}, ["other_records"], ["access.csv"], id="another-file"),
    ],
)  # fmt: skip
def test_says_why_an_id_is_new(before, after, causes, because):
    found = restated(census(**before), census(NEW, ids=(FIRST, SECOND), **after))
    (row,) = found.cells
    assert (row["cell"], row["change"], row["causes"], row["because"]) == (SECOND, "new_id", causes, because)
    assert found.moves[0].causes == causes


def test_a_source_that_is_gone_is_said_of_ids_that_are_gone():
    before = census(NEW, ids=(FIRST, SECOND), findings=[said("foreign_source", SECOND)], **LINKS)
    (row,) = restated(before, census(silent={"foreign_source": ["links"]})).cells
    assert (row["change"], row["causes"], row["because"]) == ("id_withdrawn", ["lost_source"], ["links"])


def test_an_episode_after_the_earlier_records_is_explained_by_later_ones():
    found = restated(census(exposed(1)), census(exposed(1), exposed(2, after_h=13)))
    assert [(move.why, move.causes) for move in found.moves] == [("new_episode", ["later_records"])]


people = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["imsi", "possible", "guti"]), st.sampled_from([FIRST, SECOND])), max_size=12
)


@given(people, people)
def test_the_numbers_always_reconcile_and_the_way_back_is_the_way_mirrored(old, new):
    def of(rows):
        return census(*(exposed(*row) for row in rows), ids={row[2] for row in rows})

    there, back = restated(of(old), of(new)), restated(of(new), of(old))
    assert there.reconciles()
    assert (there.before, there.after) == (back.after, back.before)
    assert (there.count("added"), there.count("upgraded")) == (back.count("removed"), back.count("downgraded"))
    for grade in ("imsi", "possible", "guti"):
        gained = sum((move.after == grade) - (move.before == grade) for move in there.moves)
        assert there.before[grade] + gained == there.after[grade]


def test_nothing_against_nothing_is_nothing():
    found = restated(census(ids=()), census(ids=()))
    assert (found.moves, found.cells, found.after["total"]) == ([], [], 0)
