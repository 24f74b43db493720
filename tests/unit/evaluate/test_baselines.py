import pytest
from made_up_records import HOME, MACRO, OTHER_HOME, at, complaint, minutes, payment, touch, touches, version

from cellwarden.evaluate.baselines import BASELINES, baseline_tables
from cellwarden.foundation.errors import UsageError
from cellwarden.lake.pseudonyms import in_hex

NIGHT = at("05 16:00")


def run(room, name, **tables):
    room.fill(**tables)
    return baseline_tables(name, room.engine)


def accused(room, name, **tables):
    return [row["cell"] for row in run(room, name, **tables)["suspects"]]


@pytest.mark.parametrize(
    ("equipment", "expected"),
    [
        pytest.param([], [HOME], id="rogue: never issued"),
        pytest.param([version(HOME), version(HOME, status="deleted", recorded_at=at("01 00:00"))], [HOME], id="rogue: deleted"),
        pytest.param([version(HOME, cell_type="macro")], [HOME], id="rogue: the number of another kind"),
        pytest.param([version(HOME, valid_to=at("04 00:00"))], [HOME], id="rogue: no longer valid"),
        pytest.param(
            [version(HOME, recorded_at=at("06 00:00"))], [HOME], id="innocent, and accused all the same: recorded late"
        ),
        pytest.param([version(HOME)], [], id="innocent: registered"),
        pytest.param(
            [version(HOME, status="deleted"), version(HOME, recorded_at=at("01 00:00"))], [], id="innocent: issued again"
        ),
        pytest.param([version(HOME, recorded_at=NIGHT)], [], id="rogue, and missed: an insider's row"),
    ],
)
def test_not_in_registry(room, equipment, expected):
    assert accused(room, "not_in_registry", access=[touch(HOME, 1, NIGHT)], equipment=equipment) == expected


def test_not_in_registry_asks_every_day_anew(room):
    later = [touch(HOME, 1, NIGHT), touch(HOME, 1, at("07 10:00"))]
    rows = run(room, "not_in_registry", access=later, equipment=[version(HOME, recorded_at=at("06 00:00"))])["suspects"]
    assert [row["from_at"].day for row in rows] == [5]


@pytest.mark.parametrize(
    ("phones", "expected"),
    [
        pytest.param(20, [HOME], id="rogue"),
        pytest.param(19, [], id="too few openings"),
    ],
)
def test_imsi_share(room, phones, expected):
    quiet = [row for hour in range(20) for row in touches(OTHER_HOME, 50, at(f"05 {hour:02}:00"))]
    asked = touches(HOME, phones, NIGHT, identity="imsi")
    assert accused(room, "imsi_share_z_score", access=[*quiet, *asked]) == expected


def test_imsi_share_needs_somebody_to_compare_with(room):
    assert accused(room, "imsi_share_z_score", access=touches(HOME, 30, NIGHT, identity="imsi")) == []


@pytest.mark.parametrize(
    ("strangers", "regulars", "cell_type", "expected"),
    [
        pytest.param(10, 0, "home", [HOME], id="rogue, or a café"),
        pytest.param(9, 0, "home", [], id="too few visitors"),
        pytest.param(5, 5, "home", [HOME], id="half of them new"),
        pytest.param(5, 6, "home", [], id="less than half of them new"),
        pytest.param(20, 0, "macro", [], id="a macro cell"),
    ],
)
def test_new_visitor_share(room, strangers, regulars, cell_type, expected):
    known = touches(HOME, regulars, at("01 10:00"), first=500, cell_type=cell_type)
    today = [
        *touches(HOME, regulars, NIGHT, first=500, cell_type=cell_type),
        *touches(HOME, strangers, NIGHT, cell_type=cell_type),
    ]
    begun = touch(OTHER_HOME, 900, at("01 00:00"))
    assert accused(room, "new_visitor_share", access=[begun, *known, *today]) == expected


def test_in_the_first_two_days_everybody_is_new(room):
    assert accused(room, "new_visitor_share", access=touches(HOME, 30, NIGHT)) == []


def told(count, district="A", **more):
    return [complaint(f"K{n}", at("06 09:00") + minutes(n), imsi=n, district=district, topic="payment", about_from=NIGHT, about_to=NIGHT + minutes(60), **more) for n in range(1, count + 1)]  # fmt: skip


@pytest.mark.parametrize(
    ("complaints", "expected"),
    [
        pytest.param(told(3), [HOME], id="rogue"),
        pytest.param(told(2), [], id="two are no cluster"),
        pytest.param([row | {"topic": "quality"} for row in told(3)], [], id="another topic"),
        pytest.param([row | {"district": f"D{place}"} for place, row in enumerate(told(3))], [], id="three districts"),
        pytest.param([row | {"imsi": None} for row in told(3)], [], id="nobody knows who"),
    ],
)
def test_complaint_clustering(room, complaints, expected):
    access = [*touches(HOME, 3, NIGHT), touch(OTHER_HOME, 1, NIGHT + minutes(20))]
    rows = run(room, "complaint_clustering", access=access, complaints=complaints)["suspects"]
    assert [row["cell"] for row in rows] == expected
    assert all(row["alert_at"] > row["to_at"] for row in rows)


def test_complaint_clustering_asks_the_subscribers_for_the_district(room):
    said = [row | {"district": None} for row in told(3)]
    people = [{"imsi": number, "district": "A"} for number in (1, 2, 3)]
    assert accused(room, "complaint_clustering", access=touches(HOME, 3, NIGHT), complaints=said, subscribers=people) == [HOME]


def robbed(count, **more):
    return [payment(f"P{n}", n, NIGHT + minutes(30), disputed_at=at("07 09:00"), **more) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("payments", "expected"),
    [
        pytest.param(robbed(2), [HOME, MACRO, OTHER_HOME], id="rogue, and the neighbours on the road"),
        pytest.param(robbed(1), [], id="one has nothing in common with anybody"),
        pytest.param([row | {"disputed_at": None} for row in robbed(3)], [], id="nobody noticed"),
        pytest.param([row | {"at": NIGHT + minutes(90)} for row in robbed(3)], [], id="more than an hour later"),
    ],
)
def test_common_cell_of_victims(room, payments, expected):
    access = [
        *touches(HOME, 5, NIGHT),
        *touches(MACRO, 3, NIGHT - minutes(10), cell_type="macro"),
        *touches(OTHER_HOME, 2, NIGHT),
    ]
    assert sorted(accused(room, "common_cell_of_victims", access=access, payments=payments)) == sorted(expected)


def test_a_complaint_that_names_the_payment_makes_a_victim(room):
    payments = [row | {"disputed_at": None} for row in robbed(3)]
    complaints = [complaint(f"K{n}", at("08 09:00"), payment_id=f"P{n}") for n in (1, 2, 3)]
    rows = run(room, "common_cell_of_victims", access=touches(HOME, 3, NIGHT), payments=payments, complaints=complaints)
    assert [(row["cell"], row["alert_at"].day) for row in rows["suspects"]] == [(HOME, 8)]


def test_people_and_payments_follow_the_accusation(room):
    access = [
        touch(HOME, 1, NIGHT, identity="imsi"),
        touch(HOME, 1, NIGHT + minutes(5)),
        touch(HOME, 2, NIGHT + minutes(10), ciphering=0),
        touch(HOME, 3, NIGHT + minutes(15)),
        touch(HOME, None, NIGHT + minutes(16)),
        touch(OTHER_HOME, 4, NIGHT),
    ]
    paid = [payment("P1", 1, NIGHT + minutes(65)), payment("P2", 2, NIGHT + minutes(9)), payment("P3", 3, NIGHT + minutes(76))]
    tables = run(room, "not_in_registry", access=access, equipment=[version(OTHER_HOME)], payments=paid)
    told_by = {row["imsi"]: (row["identity"], row["events"]) for row in tables["exposures"]}
    assert told_by == {in_hex(1): ("imsi", 2), in_hex(2): ("possible", 1), in_hex(3): ("guti", 1)}
    assert [(row["payment_id"], row["imsi"], row["unit"]) for row in tables["payment_links"]] == [("P1", in_hex(1), "unit-1")]


@pytest.mark.parametrize("name", BASELINES)
def test_nothing_comes_of_nothing(room, name):
    assert run(room, name) == {"suspects": [], "exposures": [], "payment_links": []}


def test_a_baseline_that_is_none_is_refused(room):
    with pytest.raises(UsageError, match="no baseline"):
        baseline_tables("clairvoyance", room.engine)


@pytest.mark.parametrize("baseline", BASELINES.values(), ids=BASELINES)
def test_every_baseline_says_what_it_looks_for_and_where_it_fails(baseline):
    assert baseline.looks_for
    assert baseline.fails_on
    assert baseline.query.steps()[-1][0] is None
