import pytest
from made_up_records import HOME, OTHER_HOME, at, card, link, minutes, touch, touches, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("revived_cell")
RETIRED, ACTIVE = DETECTOR.threshold("retired_weight"), DETECTOR.threshold("active_weight")
BACK = at("05 10:00")
DOWN = [link(HOME, at("2025-03-01 10:00"), event="ike_down")]
DELETED = [version(HOME, status="deleted")]


def covered(days):
    """Another cell's rows, so that silence could have been seen on that many days."""
    return [touch(OTHER_HOME, 99, BACK - minutes(24 * 60 * (number + 1))) for number in range(days)]


def weights(room, **tables):
    return [finding.weight for finding in room.findings(DETECTOR, **tables) if finding.key.cell == HOME]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        pytest.param("deleted", [RETIRED], id="rogue:deleted"),
        pytest.param("dormant", [RETIRED], id="rogue:dormant"),
        pytest.param("active", [ACTIVE], id="innocent:a-customer-who-was-away"),
    ],
)
def test_weighs_a_return_after_a_logged_disconnection(room, status, expected):
    assert weights(room, access=touches(HOME, 2, BACK), links=DOWN, equipment=[version(HOME, status=status)]) == expected


def test_a_customer_who_was_away_stays_far_below_review():
    assert PRIOR.value + RETIRED < log_odds_of(GRADES["review"])


@pytest.mark.parametrize(
    ("silent_from", "expected"),
    [
        pytest.param(BACK - minutes(90 * 24 * 60), [], id="rogue:exactly-90-days-is-too-short"),
        pytest.param(BACK - minutes(90 * 24 * 60 + 1), [RETIRED], id="rogue:a-minute-longer"),
    ],
)
def test_ninety_days_of_silence_are_needed(room, silent_from, expected):
    gone = [link(HOME, silent_from, event="ike_down")]
    assert weights(room, access=touches(HOME, 2, BACK), links=gone, equipment=DELETED) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [pytest.param(30, [RETIRED], id="rogue:seen"), pytest.param(29, [], id="innocent:not-seen")]
)
def test_silence_counts_where_it_could_be_seen(room, days, expected):
    """Without a logged disconnection only days with records show that the cell was silent."""
    access = [touch(HOME, 1, at("2025-03-01 10:00")), *covered(days), touch(HOME, 1, BACK)]
    assert weights(room, access=access, equipment=DELETED) == expected


@pytest.mark.parametrize(
    ("reissue", "expected"),
    [
        pytest.param({"valid_from": at("01 00:00"), "recorded_at": at("02 00:00")}, [], id="innocent:issued-anew"),
        pytest.param(
            {"valid_from": at("01 00:00"), "recorded_at": at("07 00:00")},
            [RETIRED],
            id="innocent:a-re-issue-whose-row-came-late",
        ),
    ],
)
def test_equipment_that_was_issued_anew_is_new(room, reissue, expected):
    assert weights(room, access=touches(HOME, 2, BACK), links=DOWN, equipment=[*DELETED, version(HOME, **reissue)]) == expected


def test_tells_since_when_it_was_silent_in_both_languages(room):
    (finding,) = room.findings(DETECTOR, access=touches(HOME, 2, BACK), links=DOWN, equipment=DELETED)
    assert "157 days" in finding.evidence["en"]
    assert "2025-03-01T10:00:00Z" in finding.evidence["ko"]
    assert (finding.from_at, finding.known_at) == (BACK, BACK)


def test_a_registry_that_is_not_there_does_not_call_a_cell_retired(room):
    tables = {"access": touches(HOME, 2, BACK), "links": DOWN}
    assert weights(room, **tables) == [ACTIVE]
    assert weights(room, **tables, equipment=[version(OTHER_HOME)]) == [RETIRED]


def test_no_records_and_rows_without_a_kind_make_no_findings(room):
    assert room.findings(DETECTOR) == []
    assert (
        room.findings(
            DETECTOR, access=touches(HOME, 2, BACK, cell_type=None, source=None), links=[link(None, at("2025-03-01 10:00"))]
        )
        == []
    )
