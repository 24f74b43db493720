import pytest

from cellwarden.simulate.card_line import Line, as_markdown, counted, share


def test_the_ends_of_the_tolerance_are_inside():
    assert Line("a", "", 1.0, 1.0, 2.0, "s").is_within
    assert not Line("a", "", 2.1, 1.0, 2.0, "s").is_within


@pytest.mark.parametrize(("count", "within"), [(0, True), (1, True), (9, False)])
def test_where_half_an_event_is_expected_none_and_one_are_no_miss_but_nine_are(count, within):
    assert counted("a", "", count, 5_000, target=(5e-5, 1e-4), source="s").is_within is within


@pytest.mark.parametrize(("count", "within"), [(89_000, False), (91_000, True), (100_000, True), (121_000, False)])
def test_where_much_is_counted_chance_widens_little(count, within):
    assert counted("a", "", count, 1e6, target=(0.09, 0.12), source="s").is_within is within


@pytest.mark.parametrize(
    ("part", "whole", "within"), [(9, 10, True), (5, 10, False), (9_000, 10_000, True), (8_500, 10_000, False)]
)
def test_a_share_is_judged_by_how_many_it_is_of(part, whole, within):
    assert share("a", part, whole, target=(88, 96), source="s").is_within is within


def test_a_miss_is_said_in_the_table():
    text = as_markdown([Line("a", "rows", 1.5, 1, 2, "s"), Line("b", "", 3, 1, 2, "s", "why")])
    assert text.splitlines()[2:] == ["| a | 1.5 rows | 1 to 2 | yes | s |  |", "| b | 3  | 1 to 2 | no | s | why |"]
