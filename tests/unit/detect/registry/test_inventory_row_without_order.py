import math

import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, minutes, touches, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("inventory_row_without_order")
SINCE = at("2025-06-02 03:00")
SEEN = touches(HOME, 3, at("05 10:00"))
DAYS = DETECTOR.threshold("backdated_days")


def ordered(cell, **more):
    """A row with an order and a line, recorded in the forenoon by the registry's clerk."""
    return version(cell, **{"work_order": f"WO-{cell}", "access_line": f"line-{cell}", "recorded_by": "clerk", **more})


FLEET = [
    ordered(OTHER_HOME + number, valid_from=SINCE + minutes(number), recorded_at=SINCE + minutes(number))
    for number in range(120)
]
WITHOUT = ordered(HOME, work_order=None, valid_from=SINCE, recorded_at=SINCE)


def weight(room, row, fleet=FLEET):
    found = room.findings(DETECTOR, access=SEEN, equipment=[*fleet, row])
    assert accused(found) in ([], [HOME])
    return sum(finding.weight for finding in found)


def test_accuses_a_cell_that_serves_by_a_row_that_nobody_ordered(room):
    (finding,) = room.findings(DETECTOR, access=SEEN, equipment=[*FLEET, WITHOUT])
    assert (finding.key.cell, finding.hand, finding.known_at) == (HOME, None, at("05 10:00"))
    assert "1 of 121 rows" in finding.evidence["en"]
    assert "121행 중 1행" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("more", "told", "korean"),
    [
        pytest.param({"access_line": None}, "no access line", "회선 없음", id="rogue:no-line"),
        pytest.param({"valid_from": SINCE - minutes(1440 * DAYS + 1)}, "backdated", "소급", id="rogue:backdated"),
        pytest.param({"recorded_at": at("2025-06-02 17:00"), "valid_from": at("2025-06-02 17:00")}, "at an hour", "시간대", id="rogue:at-night"),
        pytest.param({"recorded_by": "another"}, "by a hand", "기록자", id="rogue:an-unusual-hand"),
    ],
)  # fmt: skip
def test_what_else_is_unusual_about_the_row_is_told_and_weighs(room, more, told, korean):
    (finding,) = room.findings(DETECTOR, access=SEEN, equipment=[*FLEET, {**WITHOUT, **more}])
    assert told in finding.evidence["en"]
    assert korean in finding.evidence["ko"]
    assert finding.weight > weight(room, WITHOUT)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        pytest.param({"valid_from": SINCE - minutes(1440 * DAYS)}, "backdated", id="rogue:exactly-the-days-of-a-weekend"),
        pytest.param({"recorded_at": at("2025-06-02 05:59"), "valid_from": at("2025-06-02 05:59")}, "at an hour", id="innocent:an-hour-later-than-the-others"),
        pytest.param({"kind": "small", "access_line": None}, "no access line", id="innocent:a-small-cell-needs-no-line"),
        pytest.param({"recorded_by": None}, "by a hand", id="innocent:nobody-says-who"),
    ],
)  # fmt: skip
def test_what_is_usual_is_not_told(room, more, told):
    (finding,) = room.findings(DETECTOR, access=SEEN, equipment=[*FLEET, {**WITHOUT, **more}])
    assert told not in finding.evidence["en"]


@pytest.mark.parametrize(
    ("days", "is_old"),
    [pytest.param(0, False, id="rogue:exactly-so-old"), pytest.param(1, True, id="innocent:a-slip-of-years-ago")],
)
def test_a_row_that_stood_for_long_weighs_less(room, days, is_old):
    since = SEEN[0]["at"] - minutes(1440 * (DETECTOR.threshold("settled_days") + days))
    old = {**WITHOUT, "valid_from": since, "recorded_at": since}
    shares = DETECTOR.threshold("share_of_rogues") / DETECTOR.threshold("share_of_settled")
    found = weight(room, old, fleet=[{**row, "valid_from": since, "recorded_at": since} for row in FLEET])
    assert found == pytest.approx(weight(room, WITHOUT) - (math.log(shares) if is_old else 0))


def test_a_registry_of_few_rows_has_no_habits(room):
    """Below `min_rows` an hour or a hand that is the only one says nothing."""
    least = int(DETECTOR.threshold("min_rows"))
    odd = {**WITHOUT, "recorded_by": "another"}
    for size, is_told in ((least - 2, False), (least - 1, True)):
        (finding,) = room.findings(DETECTOR, access=SEEN, equipment=[*FLEET[:size], odd])
        assert ("by a hand" in finding.evidence["en"]) is is_told


def test_a_forgotten_order_is_review_and_no_accusation(room):
    everything = {"access_line": None, "valid_from": SINCE - minutes(9000), "recorded_by": "another"}
    most = weight(room, {**WITHOUT, **everything})
    assert 4 < most <= DETECTOR.threshold("max_weight")
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["suspect"])


@pytest.mark.parametrize(
    ("fleet", "row"),
    [
        pytest.param(FLEET, {**WITHOUT, "work_order": "WO-1"}, id="innocent:ordered"),
        pytest.param(FLEET, {**WITHOUT, "status": "deleted"}, id="innocent:not-active-is-another-detectors"),
        pytest.param([{**row, "work_order": None} for row in FLEET[:61]] + FLEET[61:], WITHOUT, id="innocent:a-registry-that-keeps-few-work-orders"),
        pytest.param([], WITHOUT, id="innocent:the-only-row"),
    ],
)  # fmt: skip
def test_says_nothing(room, fleet, row):
    assert weight(room, row, fleet) == 0


def test_a_migration_of_many_rows_without_orders_makes_them_usual(room):
    """innocent: a migration that recorded many rows at once, at night, by a hand of its own."""
    night = at("2025-06-03 17:00")
    moved = [ordered(OTHER_HOME + 1000 + n, work_order=None, recorded_by="migration", valid_from=night, recorded_at=night) for n in range(50)]  # fmt: skip
    odd = {**WITHOUT, "recorded_by": "migration", "valid_from": night, "recorded_at": night}
    (finding,) = room.findings(DETECTOR, access=SEEN, equipment=[*FLEET, *moved, odd])
    assert "hour" not in finding.evidence["en"]
    assert "hand" not in finding.evidence["en"]
    assert finding.weight < weight(room, WITHOUT) - 1


def test_a_later_row_with_an_order_speaks_for_the_cell_from_then_on(room):
    """innocent: a row that lost its order and got it later."""
    repaired = {**WITHOUT, "work_order": "WO-9", "recorded_at": at("04 10:00")}
    assert room.findings(DETECTOR, access=SEEN, equipment=[*FLEET, WITHOUT, repaired]) == []


def test_a_row_that_came_after_the_cell_was_on_air_does_not_count_twice(room):
    """innocent: inventory lag; the cell was unregistered then, which another detector says."""
    late = {**WITHOUT, "recorded_at": at("09 10:00")}
    assert room.findings(DETECTOR, access=SEEN, equipment=[*FLEET, late]) == []
    assert room.findings(DETECTOR, access=[*SEEN, *touches(HOME, 3, at("10 10:00"))], equipment=[*FLEET, late]) == []


def test_the_box_of_a_test_laboratory_stays_below_an_accusation(room):
    """innocent: a laboratory's rows have no line and often no order; what is left is for its explanation."""
    assert PRIOR.value + weight(room, {**WITHOUT, "access_line": None}) < log_odds_of(GRADES["suspect"])


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
