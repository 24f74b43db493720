from cellwarden.linkage.shifts import SHIFTS, expected_by_chance


def test_what_was_really_found_is_not_chance():
    assert expected_by_chance([{"days": 0, "id": "a"}], "id") == 0


def test_chance_is_the_mean_over_all_shifts_each_subject_once_a_shift():
    rows = [{"days": day, "id": "a"} for day in SHIFTS] + [{"days": SHIFTS[0], "id": "a"}, {"days": SHIFTS[0], "id": "b"}]
    assert expected_by_chance(rows, "id") == (len(SHIFTS) + 1) / len(SHIFTS)


def test_the_same_night_is_no_null_model():
    assert not {-1, 0, 1} & set(SHIFTS)
