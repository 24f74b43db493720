import pytest
from made_up_records import HOME, accused, at, card, link, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("setup_conflict")
UP = at("05 10:00")
SERIAL, TAC, LINE = (DETECTOR.threshold(name) for name in ("serial_weight", "tac_weight", "line_weight"))
REGISTERED = version(HOME, access_line="line-1")


@pytest.mark.parametrize(
    ("joined", "weight", "told"),
    [
        pytest.param({"serial": "X1"}, SERIAL, "serial", id="rogue:another-serial"),
        pytest.param({"tac": 9}, TAC, "tac", id="innocent:a-re-homed-cell"),
        pytest.param({"access_line": "line-2"}, LINE, "line", id="innocent:a-customer-who-changed-the-line"),
        pytest.param({"tac": 9, "access_line": "line-2"}, TAC + LINE, "tac, line", id="innocent:both"),
        pytest.param({"serial": "X1", "tac": 9, "access_line": "line-2"}, DETECTOR.threshold("max_weight"), "serial, tac, line", id="rogue:all"),
    ],
)  # fmt: skip
def test_adds_up_what_differs_up_to_a_bound(room, joined, weight, told):
    (finding,) = room.findings(DETECTOR, equipment=[REGISTERED], links=[link(HOME, UP, **{"access_line": "line-1", **joined})])
    assert (finding.weight, finding.known_at) == (weight, UP)
    assert told in finding.evidence["en"]
    assert told in finding.evidence["ko"]


def test_a_swapped_box_whose_row_came_late_stays_below_review():
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"])


@pytest.mark.parametrize(
    ("equipment", "joined"),
    [
        pytest.param([REGISTERED], {}, id="innocent:the-registered-device"),
        pytest.param([REGISTERED], {"serial": None, "tac": None}, id="innocent:nothing-told"),
        pytest.param([version(HOME, serial=None, tac=None)], {"serial": "X1", "tac": 9}, id="innocent:nothing-registered"),
        pytest.param([], {"serial": "X1"}, id="innocent:not-registered-is-another-detectors"),
        pytest.param([REGISTERED, version(HOME, serial="X1", recorded_at=UP)], {"serial": "X1"}, id="innocent:a-swap-recorded-in-time"),
        pytest.param([REGISTERED], {"serial": "X1", "event": "ike_refused"}, id="innocent:refused"),
        pytest.param([REGISTERED, version(HOME, serial="X1", recorded_at=at("06 00:00"))], {}, id="innocent:what-is-recorded-later"),
    ],
)  # fmt: skip
def test_says_nothing_where_nothing_is_contradicted(room, equipment, joined):
    assert room.findings(DETECTOR, equipment=equipment, links=[link(HOME, UP, **joined)]) == []


def test_a_swap_whose_row_came_late_counts_as_known_then(room):
    equipment = [REGISTERED, version(HOME, serial="X1", recorded_at=at("06 00:00"))]
    assert accused(room.findings(DETECTOR, equipment=equipment, links=[link(HOME, UP, serial="X1")])) == [HOME]


def test_of_two_rows_of_one_instant_neither_is_lost(room):
    """Tunnel and address change are logged in the same microsecond: both must be looked at, in whatever order they lie."""
    rows = [link(HOME, UP, tac=None), link(HOME, UP, tac=9), link(HOME, UP, tac=9)]
    for links in (rows, rows[::-1]):
        (finding,) = room.findings(DETECTOR, equipment=[REGISTERED], links=links)
        assert finding.weight == TAC


def test_two_addresses_are_judged_apart(room):
    """A clone that copies the serial is told from the household by its address alone."""
    links = [link(HOME, UP), link(HOME, UP, source_ip="198.51.100.50", tac=9)]
    (finding,) = room.findings(DETECTOR, equipment=[REGISTERED], links=links)
    assert finding.parameters["source_ip"] == "198.51.100.50"


def test_a_gnb_setup_is_told_as_nr(room):
    (finding,) = room.findings(
        DETECTOR,
        equipment=[version(HOME, cell_type="gnb")],
        links=[link(HOME, UP, event="s1_setup", cell_type="gnb", serial="X1")],
    )
    assert (finding.key.rat, finding.key.cell_type) == ("nr", "gnb")


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []


BEFORE = link(HOME, at("01 10:00"), serial="OLD", tac=1)


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        pytest.param({"serial": "X1", "tac": 1}, [DETECTOR.threshold("device_weight")], id="rogue:another-device"),
        pytest.param({"serial": "X1", "tac": 9}, [DETECTOR.threshold("device_weight") + TAC], id="rogue:with-another-tac"),
        pytest.param({"serial": "OLD", "tac": 9}, [], id="innocent:the-same-device"),
        pytest.param({"serial": None}, [], id="innocent:no-serial-tells"),
    ],
)
def test_without_any_row_the_ids_own_past_is_asked(room, joined, expected):
    """What the registry never heard of, or where there is no registry."""
    found = room.findings(DETECTOR, links=[BEFORE, link(HOME, UP, **joined)])
    assert [finding.weight for finding in found] == expected
    assert all("than the id had before" in finding.evidence["en"] and "과거와" in finding.evidence["ko"] for finding in found)


def test_where_the_registry_knows_the_id_its_past_is_not_asked(room):
    equipment = [version(HOME, serial="X1")]
    found = room.findings(DETECTOR, equipment=equipment, links=[BEFORE, link(HOME, UP, serial="X1")])
    assert [finding.hand for finding in found] == ["OLD"]
