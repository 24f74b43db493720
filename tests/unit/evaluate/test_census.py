import pytest
from made_up_truth import CAFE, FIRST, NAMED, TOUCHED, exposure, found, lines, suspect, truth

from cellwarden.evaluate.census import census_scores

ONE, TWO, THREE = (row["imsi"] for row in TOUCHED)


def scored(exposures, named=NAMED, said=None):
    said = said or truth()
    return census_scores(said, found(exposures=exposures, suspects=named), lines(named, said))


def test_an_exact_census_is_exact():
    told = scored(TOUCHED)
    assert told["episodes"]["precision"] == told["episodes"]["recall"] == 1.0
    assert told["episodes"]["exact"] == 3
    assert told["episodes"]["mean_overlap"] == 1.0
    assert told["identity"]["wrong"] == 0
    assert (told["people"]["precision"], told["people"]["recall"], told["people"]["count_error"]) == (1.0, 1.0, 0)


def test_somebody_left_out_and_somebody_too_many():
    told = scored([TOUCHED[0], TOUCHED[1], exposure("001010000000009", FIRST, "05 16:30", "05 16:40")])
    assert (told["episodes"]["missing"], told["episodes"]["extra"]) == (1, 1)
    assert told["episodes"]["precision"] == told["episodes"]["recall"] == pytest.approx(2 / 3)
    assert told["people"]["recall"] == pytest.approx(2 / 3)
    assert told["people"]["count_error"] == 0


def test_the_household_of_an_accused_cafe_is_too_many():
    named = [*NAMED, suspect(CAFE, "05 10:00", "05 11:00")]
    told = scored([*TOUCHED, exposure("001010000000009", CAFE, "05 10:00", "05 10:30")], named)
    assert told["episodes"]["extra"] == 1
    assert (told["people"]["count_error"], told["people"]["count_error_share"]) == (1, pytest.approx(1 / 3))


def test_people_of_missed_cells_stand_beside_the_recall():
    told = scored(TOUCHED[:1], NAMED[:1])
    assert told["episodes"]["recall"] == told["people"]["recall"] == 1.0
    assert told["people"]["recall_overall"] == pytest.approx(1 / 3)
    assert told["people"]["only_at_missed_cells"] == 2


def test_grades_are_told_apart_true_by_told():
    told = scored([TOUCHED[0] | {"identity": "guti"}, TOUCHED[1], TOUCHED[2]])
    matrix = told["identity"]["matrix"]
    assert matrix["imsi"] == {"imsi": 0, "possible": 0, "guti": 1}
    assert matrix["guti"]["guti"] == matrix["possible"]["possible"] == 1
    assert told["identity"]["wrong_share"] == pytest.approx(1 / 3)
    assert told["episodes"]["exact"] == 2


def test_a_wider_span_is_found_and_not_exact():
    told = scored([exposure(ONE, FIRST, "05 16:30", "05 16:50"), *TOUCHED[1:]])
    assert told["episodes"]["recall"] == 1.0
    assert told["episodes"]["exact"] == 2
    assert told["episodes"]["mean_overlap"] == pytest.approx((0.5 + 1 + 1) / 3)


def test_the_same_person_at_another_time_is_not_the_same_episode():
    told = scored([exposure(ONE, FIRST, "05 17:30", "05 17:40")])
    assert (told["episodes"]["missing"], told["episodes"]["extra"]) == (3, 1)
    assert told["people"]["recall"] == pytest.approx(1 / 3)


def test_of_two_rows_the_longer_overlap_is_the_partner_and_neither_is_too_many():
    told = scored([exposure(ONE, FIRST, "05 16:30", "05 16:31"), exposure(ONE, FIRST, "05 16:32", "05 16:40", identity="guti")])
    assert told["episodes"]["extra"] == 0
    assert told["identity"]["matrix"]["imsi"]["guti"] == 1


def test_single_instants_overlap_wholly():
    touched = [exposure(ONE, FIRST, "05 16:30", "05 16:30")]
    assert scored(touched, said=truth(exposures=touched))["episodes"]["mean_overlap"] == 1.0


def test_an_empty_census_has_no_precision():
    told = scored([])
    assert (told["episodes"]["precision"], told["episodes"]["recall"]) == (None, 0.0)
    assert told["identity"]["wrong_share"] is None
