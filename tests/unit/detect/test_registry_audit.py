"""The inside question, on every engine: an insider's row, honest imports, clerks who forget, and hands that differ from their peers."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from made_up_records import HOME, OTHER_HOME, at, link, minutes, touches, version
from scipy.stats import fisher_exact
from statsmodels.stats.contingency_tables import StratifiedTable

from cellwarden.detect.registry_audit import HELPS, MARKS, NEEDS, THRESHOLDS, _against_peers, audit

SEOUL = ZoneInfo("Asia/Seoul")
FORENOON = at("2025-03-03 01:00")
"""Ten o'clock in Seoul."""


def row(number, **more):
    """A row as it should be: ordered, placed, on a line, written by a clerk on a forenoon, minutes after the fact."""
    when = FORENOON + timedelta(days=number % 60, minutes=number)
    given = {"work_order": f"WO-{number}", "access_line": "line", "lat": 37.5, "recorded_by": ("kim", "lee", "park")[number % 3], "valid_from": when, "recorded_at": when + minutes(9)}  # fmt: skip
    return version(more.pop("cell", OTHER_HOME + number), **{**given, **more})


def inserted(**more):
    """A row as an insider makes it: backdated, nobody ordered it, no line, no place."""
    given = {"work_order": None, "access_line": None, "lat": None, "valid_from": at("2024-05-01"), "recorded_at": at("04 01:00"), "recorded_by": "lee"}  # fmt: skip
    return version(more.pop("cell", HOME), **{**given, **more})


REGISTRY = [row(number) for number in range(150)]
RECORDS = {"access": [*touches(OTHER_HOME, 3, at("01 00:00")), *touches(OTHER_HOME, 3, at("02 00:00")), *touches(OTHER_HOME, 3, at("03 00:00"))]}  # fmt: skip


def audited(room, equipment, *, zone=SEOUL, **tables):
    room.fill(equipment=equipment, **{**RECORDS, **tables})
    room.base()
    return audit(room.engine, zone=zone, lacking=room.holdings.missing((*NEEDS, *HELPS)))


def marks_of(found, cell=HOME):
    return [each.marks for each in found.rows if each.row["cell"] == cell]


def test_names_the_insiders_row_with_who_wrote_it_and_what_chance_would_give(room):
    found = audited(room, [*REGISTRY, inserted()])
    (named,) = found.named
    assert (named.row["cell"], named.row["recorded_by"]) == (HOME, "lee")
    assert named.marks == ("no_order", "backdated", "never_seen", "nowhere")
    assert named.found == 1
    assert named.expected < 1e-3
    assert (found.hands[0].name, found.hands[0].named) == ("lee", 1)
    assert "links" in found.lacking


@pytest.mark.parametrize(
    ("more", "tables"),
    [
        pytest.param({"work_order": "WO-9", "lat": 37.5}, {}, id="innocent:late-but-ordered-and-placed"),
        pytest.param({"valid_from": at("04 00:00")}, {}, id="innocent:written-at-once"),
        pytest.param({"valid_from": at("01 00:30"), "recorded_at": at("04 00:30"), "lat": 37.5}, {}, id="innocent:exactly-a-weekend-late"),
        pytest.param({"lat": 37.5, "access_line": "line"}, {"access": [*RECORDS["access"], *touches(HOME, 1, at("02 12:00"))]}, id="innocent:it-was-on-the-air"),
        pytest.param({"lat": 37.5, "access_line": "line"}, {"links": [link(HOME, at("02 12:00"))]}, id="innocent:it-had-joined"),
        pytest.param({"status": "dormant"}, {}, id="innocent:lets-nothing-in"),
    ],
)  # fmt: skip
def test_an_honest_row_is_not_named(room, more, tables):
    assert audited(room, [*REGISTRY, inserted(**more)], **tables).named == []


def test_a_row_that_chance_could_explain_is_listed_and_not_named(room):
    """Where one row in thirty lacks its order and one in thirty is late and unseen, one of both comes about by itself."""
    careless = [
        inserted(cell=HOME + 1 + number, lat=37.5, **({"work_order": "WO-1"} if number % 2 else {"valid_from": at("04 00:59")}))
        for number in range(10)
    ]
    found = audited(room, [*REGISTRY, *careless, inserted(lat=37.5)])
    assert found.named == []
    (ours,) = [each for each in found.rows if each.row["cell"] == HOME]
    assert ours.marks == ("no_order", "backdated", "never_seen")
    assert ours.p > THRESHOLDS["chance"].value


def test_without_records_of_the_claimed_days_nothing_is_said_of_them(room):
    (marks,) = marks_of(audited(room, [*REGISTRY, inserted(recorded_at=at("02 02:00"))]))
    assert marks == ("no_order", "backdated", "nowhere")


def test_a_nightly_import_of_a_batch_account_is_held_against_none_of_its_rows(room):
    """Imports of old stock: hundreds of rows at three in the morning, all backdated and without orders."""
    night = at("2025-07-01 18:00")
    batch = [inserted(cell=HOME + 10 + n, valid_from=at("2024-01-01"), recorded_at=night + timedelta(seconds=n), recorded_by="batch", lat=37.5) for n in range(200)]  # fmt: skip
    found = audited(room, [*REGISTRY, *batch])
    assert found.named == []
    (imported,) = found.imports
    assert (imported["recorded_by"], imported["row_count"]) == ("batch", 200)
    assert {"no_order", "backdated", "off_hours"} <= set(imported["excused"])
    assert not [rate for hand in found.hands for rate in hand.rates if rate.differs]


def test_a_row_that_hides_in_an_import_is_still_named(room):
    night = at("2025-07-01 18:00")
    batch = [row(n, cell=HOME + 10 + n, valid_from=night, recorded_at=night + timedelta(seconds=n), recorded_by="batch") for n in range(200)]  # fmt: skip
    found = audited(room, [*REGISTRY, *batch, inserted(recorded_at=night, recorded_by="batch")])
    assert [each.row["cell"] for each in found.named] == [HOME]


def test_hours_are_the_operators_and_summer_time_moves_with_them(room):
    """Nine o'clock in the evening in Seoul is noon in UTC: off hours in a registry that is written in forenoons."""
    evening = inserted(recorded_at=at("04 12:00"))
    assert "off_hours" in marks_of(audited(room, [*REGISTRY, evening]))[0]
    assert "off_hours" not in marks_of(audited(room, [*REGISTRY, inserted(recorded_at=at("04 03:00"))]))[0]
    berlin = [row(n, valid_from=at("2025-02-03 08:00") + timedelta(days=n), recorded_at=at("2025-02-03 08:00") + timedelta(days=n, hours=-1 if n > 55 else 0)) for n in range(100)]  # fmt: skip
    assert not [each for each in audited(room, berlin, zone=ZoneInfo("Europe/Berlin")).rows if "off_hours" in each.marks]


@pytest.mark.parametrize("status", ["deleted", "scrapped", "lost"])
def test_a_cell_that_was_given_up_and_is_active_again_is_revived(room, status):
    past = [row(0, cell=HOME), row(70, cell=HOME, status=status), row(140, cell=HOME)]
    assert marks_of(audited(room, [*REGISTRY, *past])) == [("revived",)]
    assert marks_of(audited(room, [*REGISTRY, *past[:2]])) == []


def test_a_hand_whose_rows_carry_a_mark_more_often_than_those_of_its_peers_is_told_apart(room):
    careless = [row(number, work_order=None, recorded_by="choi", cell=HOME + number) for number in range(12)]
    found = audited(room, [*REGISTRY, *careless])
    assert [(hand.name, rate.mark) for hand in found.hands for rate in hand.rates if rate.differs] == [("choi", "no_order")]
    (rate,) = [rate for hand in found.hands for rate in hand.rates if rate.differs]
    assert (rate.rows, rate.peers) == (12, 0)


def test_what_everybody_does_is_a_habit_of_the_registry_and_no_mark(room):
    loose = [row(number, work_order=None if number % 10 else "WO-1") for number in range(150)]
    found = audited(room, [*loose, inserted()])
    assert found.common == {"femto": ["no_order"]}
    assert [each.row["cell"] for each in found.named] == [HOME]
    assert audited(room, [*loose, inserted(lat=37.5, recorded_at=at("02 02:00"))]).named == []


def test_a_registry_of_few_rows_has_no_habits_and_names_nobody(room):
    found = audited(room, [*REGISTRY[:40], inserted()])
    assert (found.few, found.named) == (["femto"], [])


def test_a_registry_that_names_nobody_still_shows_its_rows(room):
    found = audited(room, [{**each, "recorded_by": None} for each in [*REGISTRY, inserted()]])
    assert [each.row["cell"] for each in found.named] == [HOME]
    assert (found.hands, found.named[0].row["recorded_by"]) == ([], "")
    assert "equipment.recorded_by" in found.lacking


def test_an_empty_registry_is_said_and_not_silent(room):
    found = audited(room, [])
    assert "equipment" in found.lacking
    assert (found.rows, found.hands) == ([], [])


def test_a_row_that_was_delivered_twice_counts_once(room):
    found = audited(room, [*REGISTRY, *REGISTRY, inserted(), inserted()])
    assert [(each.row["cell"], each.found) for each in found.named] == [(HOME, 1)]
    assert sum(hand.rows for hand in found.hands) == 151


def strata(*cells):
    """Rows of one hand and totals from (kind, own rows, own marked, all rows, all marked)."""
    ours = [{"kind": kind, "year": 2025, "row_count": n, "no_order": k} for kind, n, k, _, _ in cells]
    places = {(kind, 2025): {"row_count": total, "no_order": marked} for kind, _, _, total, marked in cells}
    return ours, places


def test_one_kind_and_year_is_fishers_exact_test():
    for n, k, total, marked in ((20, 6, 200, 15), (50, 0, 120, 9), (7, 7, 90, 8)):
        others = [[k, n - k], [marked - k, total - n - (marked - k)]]
        expected, p = _against_peers(*strata(("femto", n, k, total, marked)), "no_order")
        assert p == pytest.approx(fisher_exact(others, alternative="greater").pvalue)
        assert expected == pytest.approx(n * marked / total)


def test_several_kinds_agree_with_mantel_and_haenszel_where_numbers_are_large():
    cells = (("femto", 400, 48, 2000, 200), ("macro", 300, 17, 1500, 75))
    _, p = _against_peers(*strata(*cells), "no_order")
    tables = [[[k, n - k], [marked - k, total - n - (marked - k)]] for _, n, k, total, marked in cells]
    two_sided = StratifiedTable([list(map(list, each)) for each in tables]).test_null_odds(correction=True).pvalue
    assert p == pytest.approx(two_sided / 2, rel=0.05)


def test_old_masts_of_one_hand_are_not_another_hands_fault():
    """A hand that wrote all macro rows, which lack orders, is compared with nobody there."""
    assert _against_peers(*strata(("macro", 100, 90, 100, 90), ("femto", 50, 1, 150, 3)), "no_order")[1] > 0.5


def test_every_mark_has_its_words_in_the_report():
    from cellwarden.incident.phrases import PHRASES  # noqa: PLC0415 (another layer; this test alone ties them)

    assert {f"mark_{mark}" for mark in MARKS} <= set(PHRASES)
