import pytest
from made_up_records import HOME, MACRO, OTHER_HOME, at, card, minutes, payment, touch

DETECTOR = card("tip_unexplained")
START = at("05 10:00")
TIP = {
    "tip_id": "T1",
    "at": at("07 09:00"),
    "from_at": at("05 00:00"),
    "to_at": at("06 00:00"),
    "district": "North",
    "victims": 4,
}
SUBSCRIBERS = [{"imsi": n, "district": "North"} for n in range(1, 9)]


def lost(*people, cells=(), since=START, paid=START, **more):
    """People who disputed a payment, each on a cell before it."""
    return {
        "payments": [payment(f"P{n}", n, paid, disputed_at=at("06 12:00"), **more) for n in people],
        "access": [touch(cell, n, since) for n, cell in zip(people, cells, strict=False)],
    }


def leads(room, tip=TIP, subscribers=SUBSCRIBERS, **tables):
    found = room.findings(DETECTOR, tips=[tip], subscribers=subscribers, **tables)
    assert all((each.weight, each.key, each.hand) == (0.0, None, None) for each in found), "a lead accuses no cell"
    return found


def test_a_report_without_a_cell_is_a_lead(room):
    (finding,) = leads(room, **lost(1, 2, cells=(HOME, OTHER_HOME)))
    assert (finding.subject_kind, finding.subject, finding.known_at) == ("tip", "T1", at("07 09:00"))
    assert "4 victims were reported in North; we know 2 losses there and then" in finding.evidence["en"]
    assert "피해자 4명" in finding.evidence["ko"]


@pytest.mark.parametrize(
    ("tables", "losses"),
    [
        pytest.param({}, 0, id="innocent:another-operators-customers"),
        pytest.param(lost(1, 2), 2, id="innocent:another-kind-of-fraud-without-any-cell"),
        pytest.param(lost(1, 2, cells=(HOME, HOME), paid=at("08 10:00")), 0, id="innocent:a-wrong-time-in-the-report"),
        pytest.param(lost(11, 12, cells=(HOME, HOME)), 0, id="innocent:a-wrong-district-in-the-report"),
        pytest.param(lost(1, cells=(HOME,)), 1, id="rogue:one-person-has-nothing-in-common"),
        pytest.param(lost(1, 2, cells=(HOME, HOME), since=START - minutes(49 * 60)), 2, id="rogue:just-too-long-ago"),
    ],
)  # fmt: skip
def test_is_unexplained(room, tables, losses):
    subscribers = [*SUBSCRIBERS, {"imsi": 11, "district": "South"}, {"imsi": 12, "district": "South"}]
    (finding,) = leads(room, subscribers=subscribers, **tables)
    assert f"we know {losses} losses" in finding.evidence["en"]


def test_a_macro_cell_that_all_pass_explains_nothing(room):
    tables = lost(1, 2)
    access = [touch(MACRO, n, START, cell_type="macro", source=None) for n in (1, 2)]
    assert len(leads(room, payments=tables["payments"], access=access)) == 1


@pytest.mark.parametrize(
    ("tip", "subscribers"),
    [
        pytest.param(TIP, SUBSCRIBERS, id="the-district"),
        pytest.param({**TIP, "district": None}, SUBSCRIBERS, id="no-district-told"),
        pytest.param(TIP, [], id="no-district-known"),
        pytest.param({**TIP, "to_at": None}, SUBSCRIBERS, id="no-end-told"),
    ],
)
def test_two_on_one_cell_explain_it(room, tip, subscribers):
    assert leads(room, tip, subscribers, **lost(1, 2, cells=(HOME, HOME))) == []


def test_a_report_without_a_time_says_nothing(room):
    assert leads(room, {**TIP, "from_at": None, "to_at": None}) == []


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
