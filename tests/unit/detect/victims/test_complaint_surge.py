import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, complaint, minutes, touches

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("complaint_surge")
START = at("05 10:00")
HEARD = at("06 09:00")
PEOPLE = [{"imsi": 100_000 + n, "district": f"D{n % 10}"} for n in range(1000)]
"""Ten districts of a hundred."""


def complaints(count, district=None, *, first=1, topic="payment", when=HEARD, **more):
    return [
        complaint(f"{topic}-{district}-{first + n}", when + minutes(n), topic=topic, district=district, **more)
        for n in range(count)
    ]


def everywhere(count, **more):
    """So many complaints from each of the other nine districts."""
    return [row for n in range(1, 10) for row in complaints(count, f"D{n}", **more)]


def districts(room, rows, people=PEOPLE):
    found = room.findings(DETECTOR, complaints=rows, subscribers=people)
    assert all((each.subject_kind, each.weight, each.key) == ("district", 0.0, None) for each in found)
    return [each.subject for each in found]


def test_names_a_district_from_which_a_theme_crowds(room):
    rows = [*complaints(12, "D0"), *everywhere(1)]
    (finding,) = room.findings(DETECTOR, complaints=rows, subscribers=PEOPLE)
    assert (finding.subject, finding.weight) == ("D0", 0.0), "a district is a lead, not a suspect"
    assert "12 of 21 complaints from D0 were complaints of theme payment (10" in finding.evidence["en"]
    assert "D0 민원" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([*complaints(5, "D0"), *everywhere(1)[:3]], ["D0"], id="rogue:five"),
        pytest.param([*complaints(4, "D0"), *everywhere(1)[:3]], [], id="rogue:one-too-few"),
        pytest.param([*complaints(12, "D0"), *everywhere(12)], [], id="innocent:a-news-day"),
        pytest.param([*complaints(12, "D0"), *everywhere(1, topic="network")], [], id="innocent:the-only-ones-of-the-theme"),
        pytest.param([*complaints(12), *everywhere(1)], [], id="innocent:no-district-told"),
    ],
)  # fmt: skip
def test_a_district_is_measured_against_the_others(room, rows, expected):
    assert districts(room, rows) == expected


def test_a_large_district_has_more_people_who_may_complain(room):
    """innocent: exposure is the number of people."""
    rows = [*complaints(12, "D0"), *everywhere(1)]
    large = [*PEOPLE, *({"imsi": 200_000 + n, "district": "D0"} for n in range(1500))]
    assert districts(room, rows, large) == []


SHOPS = [row for n in range(20) for row in touches(OTHER_HOME + n, 40, START, first=10_000 + 100 * n, source=f"10.1.0.{n}")]


def of_people(count, first, **more):
    return [
        row
        for n in range(count)
        for row in complaints(1, first=first + n, imsi=first + n, about_from=START + minutes(120), **more)
    ]


ELSEWHERE = [row for n in range(20) for row in of_people(1, 10_000 + 100 * n)]
"""One complainant among the forty people of each other cell."""


def cells(room, rows, access=()):
    return room.findings(DETECTOR, access=[*SHOPS, *(access or touches(HOME, 40, START))], complaints=rows)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([*ELSEWHERE, *of_people(15, 1)], [HOME], id="rogue"),
        pytest.param([*ELSEWHERE, *of_people(2, 1)], [], id="innocent:a-family"),
        pytest.param([*ELSEWHERE, *of_people(15, 1, topic="network")], [], id="innocent:the-only-cell-with-the-theme"),
        pytest.param([row for n in range(20) for row in of_people(15, 10_000 + 100 * n)] + of_people(15, 1), [], id="innocent:a-news-day-at-all-cells"),
        pytest.param([*ELSEWHERE, *of_people(15, 900)], [], id="innocent:bought-from-people-who-were-not-there"),
    ],
)  # fmt: skip
def test_a_cell_is_measured_against_other_cells(room, rows, expected):
    found = cells(room, rows)
    assert accused(found) == expected
    for finding in found:
        assert f"15 of 40 people at cell {HOME}" in finding.evidence["en"]
        assert finding.known_at == HEARD


@pytest.mark.parametrize(
    ("days", "expected"), [pytest.param(7, [HOME], id="rogue:a-week-before"), pytest.param(8, [], id="rogue:just-before-that")]
)
def test_what_people_complain_of_lies_within_a_week(room, days, expected):
    visit = at("20 12:00") - minutes(days * 24 * 60)
    rows = [
        row
        for n in range(15)
        for row in complaints(1, first=1 + n, imsi=1 + n, when=at("21 09:00"), about_from=at("20 12:00") - minutes(1))
    ]
    rows += [
        row
        for n in range(20)
        for row in complaints(1, first=10_000 + 100 * n, imsi=10_000 + 100 * n, about_from=START + minutes(120))
    ]
    assert accused(cells(room, rows, touches(HOME, 40, visit, every=minutes(0)))) == expected


def test_it_is_a_hint_beside_others():
    assert any("festival" in each for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"]) - 2


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
