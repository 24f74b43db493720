import pytest
from made_up_truth import FIRST, HONEST, NAMED, SECOND, THIRD, at, exposure, lines, suspect, theft, truth, tunnel

from cellwarden.evaluate.delay import delays, first_alerts

VAN_ROBS = [
    theft("P1", "001010000000001", FIRST, "05 16:35", amount=300),
    theft("P2", "001010000000001", FIRST, "05 16:45", amount=500),
    theft("P3", "001010000000001", FIRST, "05 16:36", amount=900, status="declined"),
]


def test_hours_run_from_the_first_activity_to_the_first_alert():
    named = [NAMED[0] | {"alert_at": at("05 17:00")}, NAMED[1] | {"alert_at": at("05 18:30")}, NAMED[2]]
    told = delays(truth(), lines(named))
    assert [(row["unit"], row["hours"]) for row in told["units"]] == [("box", pytest.approx(5 / 60)), ("van", 1.0)]
    assert told["median_hours"] == pytest.approx((1 + 5 / 60) / 2)
    assert told["longest_hours"] == 1.0
    assert told["undetected"] == 0


def test_what_happened_before_the_alert_is_counted():
    named = [NAMED[0] | {"alert_at": at("05 16:40")}]
    (_, van) = delays(truth(thefts=VAN_ROBS), lines(named))["units"]
    assert (van["exposed_before"], van["exposed"]) == (1, 2)
    assert (van["stolen_before"], van["stolen"]) == (300, 800)


def test_what_happened_at_the_very_alert_is_not_before_it():
    named = [NAMED[0] | {"alert_at": at("05 16:30")}]
    (_, van) = delays(truth(), lines(named))["units"]
    assert van["exposed_before"] == 0


def test_an_undetected_unit_takes_for_ever_and_all_it_did_was_before():
    told = delays(truth(thefts=VAN_ROBS), lines(NAMED[2:]))
    assert told["undetected"] == 1
    assert told["longest_hours"] is None
    assert told["median_hours"] is None
    assert (told["exposed_before"], told["stolen_before"]) == (2, 800)


@pytest.mark.parametrize(
    "named",
    [
        pytest.param([NAMED[0] | {"grade": "review"}], id="review is no alert"),
        pytest.param([NAMED[0] | {"alert_at": None}], id="no time"),
        pytest.param([suspect(HONEST, "05 16:00", "05 17:00")], id="somebody else"),
    ],
)
def test_these_are_no_alerts(named):
    assert first_alerts(lines(named)) == {}


def test_the_first_night_ends_with_its_last_tunnel():
    late = [NAMED[1] | {"alert_at": at("05 20:00")}, NAMED[2] | {"alert_at": at("06 18:00:00.000001")}]
    assert [row["within_first_night"] for row in delays(truth(), lines(late))["units"]] == [False, True]


def test_a_tunnel_of_the_next_night_is_another_night():
    two = truth(cells=[tunnel(FIRST, "05 16:00", "05 18:00"), tunnel(SECOND, "06 16:00", "06 18:00")])
    named = [suspect(SECOND, "06 16:00", "06 17:00")]
    assert delays(two, lines(named, two))["within_first_night"] == 0


def test_without_amounts_there_is_no_money():
    told = delays(truth(thefts=[theft("P1", "1", FIRST, "05 16:35", amount=None)]), lines(NAMED))
    assert told["stolen_before"] is None
    assert [row["stolen"] for row in told["units"]] == [0, None]


def test_a_quiet_month_has_no_units():
    quiet = truth(cells=[], exposures=[exposure("1", THIRD, "06 16:00", "06 17:00")])
    told = delays(quiet, [])
    assert (told["units"], told["median_hours"], told["undetected"], told["stolen_before"]) == ([], None, 0, 0)
