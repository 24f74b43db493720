from cellwarden.simulate.card import Line, as_markdown, card


def test_the_card_names_a_source_for_every_target_and_hides_no_miss():
    lines = card("S02", 7, "xs")
    assert all(line.source for line in lines)
    within = {line.name: line.is_within for line in lines}
    for name in (
        "records a line and day",
        "payments a line and day",
        "attaches that show the IMSI",
        "busiest hour's share",
        "quietest hour's share",
    ):
        assert within[name], name
    text = as_markdown(lines)
    assert text.count("\n") == len(lines) + 1
    assert "| no |" in text


def test_the_ends_of_the_tolerance_are_inside():
    assert Line("a", "", 1.0, 1.0, 2.0, "s").is_within
    assert not Line("a", "", 2.1, 1.0, 2.0, "s").is_within
