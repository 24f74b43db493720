import pytest

from cellwarden.simulate.card import as_markdown, card


@pytest.fixture(scope="module")
def lines():
    return card("S02", 7, "xs")


def test_the_card_names_a_source_for_every_target(lines):
    assert all(line.source for line in lines)
    assert len({line.name for line in lines}) == len(lines)
    assert as_markdown(lines).count("\n") == len(lines) + 1


def test_the_smallest_size_misses_only_what_needs_a_city(lines):
    """Visitors and exposures grow with the city; everything else is within its tolerance at any size."""
    missed = {line.name for line in lines if not line.is_within}
    assert missed <= {
        "people exposed a unit and night at dawn, mean",
        "visitors of a public venue's cell and day, median",
        "first-time share at cafés and clinics, after three days",
        "first-time share at places that never close, after three days",
        "first-time share at phone shops, after three days",
        "small cells in the registry a line",
        "of them dormant",
        "people exposed on a night with thefts who are robbed",
    }


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), [("S01", 1), ("S02", 1), ("S04", 2), ("S10", 3), ("S11", 1), ("S16", 2)])
def test_at_size_s_every_figure_is_within_its_tolerance(name, seed):
    assert [line for line in card(name, seed, "s") if not line.is_within] == []
