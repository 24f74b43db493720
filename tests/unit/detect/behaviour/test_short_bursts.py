import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, minutes, touches

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("short_bursts")
START = at("05 10:00")
PEOPLE, LONGEST = int(DETECTOR.threshold("min_people")), DETECTOR.threshold("burst_minutes")
SHOPS = [
    row
    for number in range(40)
    for day in (4, 5, 6)
    for row in touches(OTHER_HOME + number, 14, at(f"0{day} 02:00"), every=minutes(60), first=1000 + 100 * number, source=f"10.1.0.{number}")
]  # fmt: skip
"""Open from 02 to 15 h every day."""


def burst(count=PEOPLE, lasts=60.0, **more):
    return [
        row
        for number in range(count)
        for row in touches(HOME, 1, START + minutes(lasts * number / (count - 1)), first=1 + number, **more)
    ]


def test_accuses_a_cell_that_was_on_air_for_an_hour_only(room):
    (finding,) = room.findings(DETECTOR, access=[*SHOPS, *burst()])
    assert (finding.key.cell, finding.from_at, finding.to_at) == (HOME, START, START + minutes(60))
    assert finding.known_at == START + minutes(60 + 6 * 60), "that it stays silent is known only when it has been"
    assert "on air for 60 minutes with 12 people" in finding.evidence["en"]
    assert "60분 동안만 12명" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        pytest.param(burst(lasts=LONGEST), [HOME], id="rogue:three-hours"),
        pytest.param(burst(lasts=LONGEST + 1), [], id="innocent:longer"),
        pytest.param(burst(PEOPLE - 1), [], id="innocent:one-person-fewer"),
        pytest.param([*burst(), *touches(HOME, 1, START + minutes(60 + 359))], [], id="innocent:on-air-again-within-six-hours"),
        pytest.param([*burst(), *touches(HOME, 1, at("06 05:00"))], [HOME], id="rogue:the-next-morning"),
        pytest.param([*burst(), *touches(HOME, 1, at("04 23:59"))], [HOME], id="rogue:the-evening-before"),
        pytest.param([{**row, "at": row["at"] - minutes(32 * 60)} for row in burst()], [], id="innocent:records-that-begin-there"),
        pytest.param([{**row, "at": row["at"] + minutes(28 * 60)} for row in burst()], [], id="innocent:records-that-end-there"),
    ],
)  # fmt: skip
def test_what_is_a_burst(room, access, expected):
    assert accused(room.findings(DETECTOR, access=[*SHOPS, *access])) == expected


def test_a_kind_of_cell_that_is_switched_on_for_events_is_no_news(room):
    """innocent: then many of its kind show bursts on a usual day."""
    events = [
        row
        for number in range(40)
        for day in (4, 5)
        for row in touches(OTHER_HOME + 100 + number, 14, at(f"0{day} 10:00"), source=f"10.1.1.{number}", first=1000)
    ]
    alone = room.findings(DETECTOR, access=[*SHOPS, *burst()])[0].weight
    assert max(each.weight for each in room.findings(DETECTOR, access=[*SHOPS, *events, *burst()])) < alone - 1.4


def test_ids_that_live_a_night_each_do_not_make_each_other_common(room):
    """rogue: forty ids of one unit, two a day, are no fashion."""
    others = [row for number in range(2) for row in touches(OTHER_HOME + 200 + number, 14, at(f"0{4 + number} 10:00"), source=f"10.1.2.{number}", first=1000)]  # fmt: skip
    alone = room.findings(DETECTOR, access=[*SHOPS, *burst()])[0].weight
    assert max(each.weight for each in room.findings(DETECTOR, access=[*SHOPS, *others, *burst()])) > alone - 0.4


@pytest.mark.parametrize("cause", ["a power cut", "maintenance that tried the cell"])
def test_a_pulled_plug_stays_far_below_a_line(cause):
    assert any(each.startswith(cause) for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"]) - 2


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
