import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.simulate.scenario import SIZES, History, load_scenario, read_scenario, scenario_names

HEAD = 'title = "t"\nexpects = "e"\n'


def test_all_twenty_scenarios_are_there():
    assert scenario_names() == [f"S{number:02d}" for number in range(1, 21)]


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_reads_and_says_what_it_expects(name):
    wanted = load_scenario(name, "s")
    assert wanted.title
    assert wanted.expects
    assert wanted.size == SIZES["s"]
    assert len({attack.unit for attack in wanted.attacks}) == len(wanted.attacks)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("attacks", {f"A{number}" for number in range(1, 21)}),
        ("confounders", {f"B{number}" for number in range(1, 22)} - {"B15"}),
        ("faults", {f"F{number}" for number in range(1, 13)}),
    ],
)
def test_every_variant_confounder_and_fault_is_played_somewhere(kind, codes):
    """B15, public venues, is in every city and needs no line of its own."""
    played = set()
    for name in scenario_names():
        for part in getattr(load_scenario(name, "xs"), kind):
            played |= set(part.codes) if kind == "attacks" else {part.code}
    assert played == codes


def test_ids_may_be_counted():
    wanted = read_scenario("S99", HEAD + '[[attack]]\nids = ["3 x lost_id", "macro_id"]\n')
    assert wanted.attacks[0].ids == ("lost_id", "lost_id", "lost_id", "macro_id")


@pytest.mark.parametrize(
    "text",
    [
        '[[attack]]\nids = ["odd_id"]\n',
        "[network]\nspeed = 3\n",
        '[[fault]]\ncode = "F1"\nhow = 2\n',
        '[[confounder]]\ncode = "B16"\nvenues = ["circus"]\n',
    ],
)
def test_what_means_nothing_is_refused(text):
    with pytest.raises(UsageError):
        read_scenario("S99", HEAD + text)


@pytest.mark.parametrize(("name", "size"), [("S99", "xs"), ("S01", "xxl")])
def test_unknown_scenarios_and_sizes_are_refused(name, size):
    with pytest.raises(UsageError, match=r"are S01|are xs"):
        load_scenario(name, size)


def test_of_a_history_two_days_in_each_stretch_are_kept_and_the_whole_window():
    kept = History(days=300).kept(312)
    assert [day for day in range(300) if kept[day]] == [0, 1, 75, 76, 150, 151, 225, 226]
    assert kept[300:].all()
    assert History().kept(12).all()


def test_a_scenario_has_its_history_only_where_asked():
    assert load_scenario("S02", "xs").history.days == 0
    assert load_scenario("S02", "xs", history=True).history.days == 300
    with pytest.raises(UsageError, match="before its window"):
        load_scenario("S01", "xs", history=True)
