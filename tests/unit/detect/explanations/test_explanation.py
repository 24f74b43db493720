from made_up_records import card


def test_thresholds_go_into_a_query_as_the_numbers_they_are():
    values = card("core_restart").values()
    assert values["min_cells"] == 10
    assert isinstance(values["min_cells"], int)
    assert values["min_share"] == 0.1
