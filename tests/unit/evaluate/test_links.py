import pytest
from made_up_truth import FIRST, SECOND, found, link, theft, truth

from cellwarden.evaluate.links import complaint_scores, link_scores, victim_scores

ONE, TWO = "001010000000001", "001010000000002"
THEFTS = [
    theft("P1", ONE, FIRST, "05 16:35", amount=300),
    theft("P2", ONE, FIRST, "05 16:40", amount=500, delay_s=7200.0),
    theft("P3", TWO, FIRST, "05 16:45", amount=900, status="declined"),
]


def scored(links, thefts=None):
    return link_scores(truth(thefts=THEFTS if thefts is None else thefts), found(payment_links=links))


def test_all_linked_is_perfect():
    told = scored([link(row["payment_id"], row["imsi"], FIRST) for row in THEFTS])
    assert (told["precision"], told["recall"], told["f1"], told["right_cell_share"]) == (1.0, 1.0, 1.0, 1.0)
    assert (told["money"], told["money_linked"], told["money_missed"]) == (800, 800, 0)


def test_a_missed_theft_and_a_wrong_link():
    told = scored([link("P1", ONE, FIRST), link("P9", TWO, FIRST)])
    assert (told["precision"], told["recall"]) == (0.5, pytest.approx(1 / 3))
    assert told["money_missed"] == 500
    assert told["money_missed_share"] == pytest.approx(500 / 800)


def test_a_theft_long_after_its_capture_is_outside_the_bar():
    told = scored([link("P1", ONE, FIRST), link("P3", TWO, FIRST)])
    assert told["recall_within_hour"] == 1.0
    assert told["recall"] == pytest.approx(2 / 3)


def test_below_a_half_nothing_is_linked_and_the_probability_counts_all_the_same():
    told = scored([link("P1", ONE, FIRST, 0.49), link("P9", TWO, FIRST, 0.2)], THEFTS[:1])
    assert (told["linked"], told["recall"], told["precision"]) == (0, 0.0, None)
    assert told["brier"] == pytest.approx(((1 - 0.49) ** 2 + 0.2**2) / 2)


def test_a_theft_that_is_not_listed_was_given_no_chance():
    assert scored([], THEFTS[:1])["brier"] == 1.0


def test_the_wrong_cell_is_seen():
    assert scored([link("P1", ONE, SECOND)])["right_cell_share"] == 0.0


def test_without_amounts_there_is_no_money():
    told = scored([link("P1", ONE, FIRST)], [theft("P1", ONE, FIRST, "05 16:35", amount=None, delay_s=None)])
    assert (told["money"], told["money_missed"]) == (None, None)


def test_a_theft_of_which_no_delay_is_known_followed_at_once():
    assert scored([], [theft("P1", ONE, FIRST, "05 16:35", delay_s=None)])["recall_within_hour"] == 0.0


def test_the_bar_on_precision_is_not_of_cities_whose_thefts_are_all_late():
    late = [theft("P1", ONE, FIRST, "05 16:35", delay_s=9e4)]
    links = [link("P1", ONE, FIRST), link("P9", TWO, FIRST)]
    assert (scored(links, late)["precision"], scored(links, late)["precision_within_hour"]) == (0.5, None)
    assert scored(links)["precision_within_hour"] == 0.5
    assert scored(links, [])["precision_within_hour"] == 0.0


def test_where_all_thefts_are_late_nothing_is_said_about_the_hour():
    assert scored([], [theft("P1", ONE, FIRST, "05 16:35", delay_s=9e4)])["recall_within_hour"] is None


def test_victims_are_people_not_payments():
    said = truth(thefts=THEFTS)
    told = victim_scores(said, found(payment_links=[link("P1", ONE, FIRST), link("P2", ONE, FIRST), link("P8", "003", FIRST)]))
    assert (told["true"], told["told"], told["precision"], told["recall"]) == (2, 2, 0.5, 0.5)


def test_without_thefts_and_links_nothing_is_known():
    told = scored([], [])
    assert (told["precision"], told["recall"], told["brier"], told["money"]) == (None, None, None, 0)


def test_complaints_count_by_their_cause():
    causes = {"K1": "theft", "K2": "theft", "K3": "news"}
    said = truth(complaints=[{"complaint_id": name, "cause": cause} for name, cause in causes.items()])
    told = [{"complaint_id": name, "probability": chance} for name, chance in (("K1", 0.9), ("K2", 0.4), ("K3", 0.6))]
    scores = complaint_scores(said, found(complaint_links=told))
    assert (scores["true"], scores["told"], scores["precision"], scores["recall"]) == (2, 2, 0.5, 0.5)
