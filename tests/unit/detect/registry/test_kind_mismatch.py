import pytest
from made_up_records import HOME, MACRO, OTHER_HOME, OTHER_MACRO, accused, at, card, link, mast, minutes, touches, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("kind_mismatch")
START = at("05 10:00")
TUNNEL = [link(HOME, at("04 05:00"), inner_ip="10.0.0.1")]
STATIONS = [
    row
    for number in range(12)
    for row in touches(OTHER_MACRO + number, 2, START + minutes(number), source=f"10.9.0.{number // 2}", cell_type="macro")
]
"""Six macro stations of two cells each, none of them behind the gateway."""
ODD = touches(MACRO, 3, START, source="10.0.0.1", cell_type="macro")


def test_accuses_a_macro_size_id_that_came_through_the_gateway(room):
    (finding,) = room.findings(DETECTOR, access=[*STATIONS, *ODD], links=TUNNEL)
    assert (finding.key.cell, finding.key.cell_type) == (MACRO, "macro")
    assert "security gateway; 1 of 13" in finding.evidence["en"]
    assert "보안 게이트웨이" in finding.evidence["ko"]


def test_accuses_a_home_id_from_a_macro_stations_address(room):
    access = [*STATIONS, *touches(HOME, 3, START, source="10.9.0.0"), *touches(OTHER_HOME, 3, START, source="10.0.0.2")]
    (finding,) = room.findings(DETECTOR, access=access, links=TUNNEL)
    assert (finding.key.cell, finding.key.cell_type) == (HOME, "home")
    assert "address of a macro station; 1 of 2" in finding.evidence["en"]
    assert "매크로 기지국 주소" in finding.evidence["ko"]


def test_the_more_stations_do_without_the_gateway_the_more_it_weighs(room):
    weights = []
    for size in (2, 12, 24):
        (finding,) = room.findings(DETECTOR, access=[*STATIONS[:size], *ODD], links=TUNNEL)
        weights.append(finding.weight)
    assert weights == sorted(weights)
    assert weights[0] < weights[-1] <= DETECTOR.threshold("max_weight")
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"])


@pytest.mark.parametrize(
    ("cells", "expected"), [pytest.param(2, [HOME], id="rogue:two-wide-cells"), pytest.param(1, [], id="rogue:one-wide-cell-is-no-station")]
)  # fmt: skip
def test_a_station_speaks_for_several_cells(room, cells, expected):
    access = [
        row for number in range(cells) for row in touches(OTHER_MACRO + number, 2, START, source="10.9.0.0", cell_type="macro")
    ]
    home = touches(HOME, 3, START, source="10.9.0.0")
    assert accused(room.findings(DETECTOR, access=[*access, *home], links=TUNNEL)) == expected


def test_an_operator_that_tunnels_its_macro_stations_is_no_news(room):
    """innocent: then most of its cells come so, and the weight falls with each."""
    ups = [
        link(OTHER_MACRO + 2 * number, at("04 05:00"), inner_ip=f"10.9.0.{number}", cell_type="macro") for number in range(6)
    ]
    alone = room.findings(DETECTOR, access=[*STATIONS, *ODD], links=TUNNEL)[0].weight
    among_others = [each.weight for each in room.findings(DETECTOR, access=[*STATIONS, *ODD], links=[*TUNNEL, *ups])]
    assert max(among_others) < alone - 1.2
    assert max(among_others) < 2


@pytest.mark.parametrize(
    "tables",
    [
        pytest.param({"access": [*STATIONS, *ODD], "equipment": [mast(MACRO, 37.5, 127.0, kind="small")]}, id="innocent:a-small-cell-with-a-macro-size-id"),
        pytest.param({"access": [*STATIONS, *touches(HOME, 3, START)]}, id="innocent:a-home-cell-in-its-tunnel"),
        pytest.param({"access": [*STATIONS, *touches(MACRO, 3, START, source=None, cell_type="macro")]}, id="innocent:a-way-that-nobody-logged"),
        pytest.param({"access": touches(MACRO, 3, START, cell_type=None)}, id="innocent:a-kind-that-nobody-knows"),
    ],
)  # fmt: skip
def test_says_nothing(room, tables):
    assert room.findings(DETECTOR, links=TUNNEL, **tables) == []


def test_a_gateway_that_hides_home_cells_is_no_station(room):
    """innocent: it carries more home cells than wide ones."""
    behind = [row for number in range(4) for row in touches(OTHER_HOME + number, 2, START, source="10.9.0.0")]
    found = room.findings(DETECTOR, access=[*STATIONS, *behind], links=TUNNEL)
    assert accused(found) == []


def test_a_refused_tunnel_is_no_way_in(room):
    refused = [link(HOME, at("04 05:00"), result="refused")]
    assert room.findings(DETECTOR, access=[*STATIONS, *ODD], links=refused) == []


def test_a_registered_small_cell_does_not_excuse_a_clone_before_it_was_recorded(room):
    """A temporary cell on wheels whose row comes later: until then it weighs, below a line."""
    row = version(MACRO, cell_type="macro", kind="small", recorded_at=at("06 00:00"))
    (finding,) = room.findings(DETECTOR, access=[*STATIONS, *ODD], links=TUNNEL, equipment=[row])
    assert PRIOR.value + finding.weight < log_odds_of(GRADES["review"])


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
