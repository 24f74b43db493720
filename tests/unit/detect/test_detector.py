import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_records import HOME, at, card

from cellwarden.detect.detector import CellKey, rarity


@given(seen=st.integers(0, 1000), more=st.integers(0, 1000), expected=st.floats(1e-5, 0.5), strength=st.floats(1, 5000))
def test_rarity_is_the_shrunk_log_ratio(seen, more, expected, strength):
    among = seen + more
    plain = math.log(0.9) - math.log((seen + expected * strength) / (among + strength))
    assert rarity(seen, among, expected=expected, strength=strength) == pytest.approx(max(0.0, plain))


def test_rarity_falls_as_the_property_becomes_common_and_never_below_nothing():
    weights = [rarity(seen, 1000, expected=0.001, strength=100) for seen in (0, 1, 10, 500, 1000)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] == 0
    assert rarity(2000, 1000, expected=0.001, strength=100) == 0


def test_a_small_fleet_does_not_decide_by_accident():
    assert rarity(1, 1, expected=0.001, strength=1000) == pytest.approx(math.log(0.9 / (2 / 1001)))


def test_a_cell_is_named_by_all_of_its_key():
    assert str(CellKey("00101", "lte", "home", HOME)) == f"00101 lte home {HOME}"
    assert "unknown type" in str(CellKey("00101", "lte", "", HOME))


def test_a_finding_says_which_query_selects_its_rows():
    row = {
        "plmn": "00101",
        "rat": "lte",
        "cell_type": "home",
        "cell": HOME,
        "from_at": at("05 10:00"),
        "to_at": at("05 11:00"),
        "source_ip": "192.0.2.1",
    }
    finding = card("two_places_at_once").finding(row, weight=1.0, hand="X1", cell=HOME, hand_name="X1", other="X2")
    told = json.loads(finding.rows())
    assert told["query"] == "detect/joining/two_places_at_once.sql"
    assert told["parameters"] == {"plmn": "00101", "rat": "lte", "cell_type": "home", "cell": HOME, "source_ip": "192.0.2.1"}
    assert finding.known_at == finding.from_at


def test_whole_thresholds_are_integers_in_a_query():
    assert card("identity_exposure_excess").values()["min_openings"] == 10
    assert isinstance(card("identity_exposure_excess").values()["min_openings"], int)
