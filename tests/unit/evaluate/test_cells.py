import pytest
from made_up_truth import CAFE, FIRST, HONEST, NAMED, SECOND, TUNNELS, decoy, lines, suspect, truth, tunnel

from cellwarden.evaluate.cells import cell_scores, false_accusations


def test_a_perfect_result_is_perfect_at_every_grade():
    scores = cell_scores(truth(), lines(NAMED))
    for level in ("rogue", "suspect", "review"):
        for kind in ("cell", "cell_day"):
            assert scores["levels"][level][kind] == {
                "right": 3,
                "wrong": 0,
                "missed": 0,
                "precision": 1.0,
                "recall": 1.0,
                "f1": 1.0,
            }
    assert scores["missed"] == []
    assert scores["ranking"]["average_precision"] == 1.0


def test_grades_are_told_apart():
    named = [
        NAMED[0],
        NAMED[1] | {"grade": "suspect"},
        NAMED[2] | {"grade": "review"},
        suspect(HONEST, "05 10:00", "05 11:00", grade="review"),
    ]
    levels = cell_scores(truth(), lines(named))["levels"]
    assert [levels[level]["cell"]["right"] for level in levels] == [1, 2, 3]
    assert [levels[level]["cell"]["wrong"] for level in levels] == [0, 0, 1]
    assert levels["review"]["cell"]["precision"] == 0.75
    assert levels["rogue"]["cell"]["recall"] == pytest.approx(1 / 3)


def test_a_missed_cell_is_named():
    assert [row["cell"] for row in cell_scores(truth(), lines(NAMED[:1]))["missed"]] == [SECOND, 103]


def test_a_span_beyond_the_tunnel_accuses_the_owner_on_the_other_days():
    stretched = [suspect(FIRST, "05 16:05", "07 09:00")]
    days = cell_scores(truth(), lines(stretched))["levels"]["suspect"]["cell_day"]
    assert (days["right"], days["wrong"], days["missed"]) == (1, 2, 2)
    assert cell_scores(truth(), lines(stretched))["levels"]["suspect"]["cell"]["wrong"] == 0


def test_an_honest_spell_of_a_rogue_id_on_the_same_day_is_a_false_accusation():
    told = false_accusations(truth(), lines([*NAMED, suspect(FIRST, "05 02:00", "05 03:00")]))
    assert (told["cell_days_accused"], told["cells_accused"]) == (1, 1)


def test_nothing_named_has_no_precision_and_no_recall():
    figures = cell_scores(truth(), [])["levels"]["suspect"]["cell"]
    assert (figures["precision"], figures["recall"], figures["missed"]) == (None, 0.0, 3)


def test_a_quiet_month_has_no_recall():
    quiet = truth(cells=[decoy()])
    scores = cell_scores(quiet, lines([suspect(CAFE, "05 10:00", "05 11:00")], quiet))
    assert scores["levels"]["suspect"]["cell"]["recall"] is None
    assert scores["levels"]["suspect"]["cell"]["precision"] == 0.0
    assert scores["ranking"]["average_precision"] is None


def test_the_rate_is_over_honest_cell_days_with_its_bound():
    told = false_accusations(truth(), lines(NAMED))
    assert told["honest_cell_days"] == 1001
    assert told["per_100000"] == 0
    assert told["upper_95_per_100000"] == pytest.approx((1 - 0.05 ** (1 / 1001)) * 100_000)


def test_false_accusations_are_told_by_what_the_cell_was():
    named = [
        *NAMED,
        suspect(CAFE, "05 10:00", "06 11:00"),
        suspect(HONEST, "05 10:00", "05 11:00"),
        suspect(HONEST, "07 10:00", "07 11:00", grade="review"),
    ]
    told = false_accusations(truth(), lines(named))
    assert told["by_reason"] == {"public_venue": 1, "ordinary": 1}
    assert told["cell_days_accused"] == 3
    assert told["per_100000"] == pytest.approx(3 / 1001 * 100_000)
    assert [row["cell"] for row in told["cells"]] == [CAFE, HONEST]


def test_without_cell_days_there_is_a_count_and_no_rate():
    told = false_accusations(truth(cell_days=None), lines([suspect(CAFE, "05 10:00", "05 11:00")]))
    assert (told["cell_days_accused"], told["per_100000"], told["upper_95_per_100000"]) == (1, None, None)


def test_average_precision_is_that_of_plain_arithmetic():
    """Order: rogue .9, honest .8, rogue .7, honest .6; one rogue never listed: (1/1 + 2/3) / 3."""
    named = [
        suspect(FIRST, "05 16:05", "05 17:00", score=0.9),
        suspect(HONEST, "05 16:05", "05 17:00", score=0.8),
        suspect(SECOND, "05 18:15", "05 19:00", score=0.7),
        suspect(CAFE, "05 18:15", "05 19:00", score=0.6),
    ]
    ranking = cell_scores(truth(), lines(named))["ranking"]
    assert ranking["average_precision"] == pytest.approx((1 + 2 / 3) / 3)
    assert ranking["precision_at_10"] == 0.5


def test_ties_count_against_us():
    named = [suspect(FIRST, "05 16:05", "05 17:00", score=0.9), suspect(HONEST, "05 16:05", "05 17:00", score=0.9)]
    one = truth(cells=TUNNELS[:1])
    assert cell_scores(one, lines(named, one))["ranking"]["average_precision"] == 0.5


def test_two_tunnels_of_one_day_are_one_cell_day():
    twice = truth(cells=[tunnel(FIRST, "05 01:00", "05 02:00"), tunnel(FIRST, "05 16:00", "05 18:00")])
    assert cell_scores(twice, lines(NAMED[:1], twice))["rogue_cell_days"] == 1
