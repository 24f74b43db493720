import pytest
from made_up_truth import CAFE, FIRST, NAMED, found, suspect, truth

from cellwarden.evaluate.ablation import ablation_scores


def test_less_data_may_find_less():
    told = ablation_scores(truth(), found(), [found(name="no-links", suspects=NAMED[:1])])
    assert told["is_monotone"] is True
    assert [row["name"] for row in told["results"]] == ["result", "no-links"]
    assert told["results"][1]["recall_lost"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "named",
    [
        pytest.param([*NAMED, suspect(CAFE, "05 10:00", "05 11:00")], id="one more"),
        pytest.param([*NAMED[1:], suspect(CAFE, "05 10:00", "05 11:00")], id="an honest one in the place of a rogue"),
        pytest.param([*NAMED, suspect(FIRST, "09 10:00", "09 11:00")], id="the honest owner of an id"),
    ],
)
def test_less_data_must_not_accuse_more(named):
    told = ablation_scores(truth(), found(), [found(name="no-registry", suspects=named)])
    assert (told["is_monotone"], told["risen"]) == (False, ["no-registry"])


def test_more_for_review_is_no_accusation():
    named = [*NAMED, suspect(CAFE, "05 10:00", "05 11:00", grade="review")]
    assert ablation_scores(truth(), found(), [found(suspects=named)])["is_monotone"] is True


def test_without_ablations_nothing_is_said():
    assert ablation_scores(truth(), found(), [])["is_monotone"] is None
