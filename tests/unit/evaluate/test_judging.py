import pytest
from made_up_truth import FIRST, HONEST, THIRD, TUNNELS, at, key, suspect, tunnel

from cellwarden.evaluate.judging import Air, days_of, judged, key_of, named_at, overlap_s


@pytest.mark.parametrize(
    ("row", "unit"),
    [
        pytest.param(suspect(FIRST, "05 16:05", "05 17:00"), "van", id="rogue:inside"),
        pytest.param(suspect(FIRST, "05 18:00", "05 19:00"), "van", id="rogue:touches"),
        pytest.param(suspect(FIRST, "05 18:00:00.000001", "05 19:00"), None, id="honest:after it had left"),
        pytest.param(suspect(HONEST, "05 16:05", "05 17:00"), None, id="honest:another cell"),
        pytest.param(suspect(FIRST, "05 16:05", "05 17:00", cell_type="macro"), None, id="honest:same number, another kind"),
        pytest.param(suspect(FIRST, "05 16:05", "05 17:00", plmn="00102"), None, id="honest:same number, another operator"),
    ],
)
def test_a_line_is_a_rogues_where_its_span_touches_a_tunnel(row, unit):
    assert [line.unit for line in judged([row], Air(TUNNELS))] == [unit]


def test_of_two_units_under_one_id_the_longer_overlap_counts():
    air = Air([tunnel(FIRST, "05 10:00", "05 11:00", "early"), tunnel(FIRST, "05 11:00", "05 14:00", "late")])
    assert air.unit(key_of(key(FIRST)), suspect(FIRST, "05 10:30", "05 13:00")) == "late"


def test_grades_add_up():
    lines = judged([suspect(THIRD, "06 16:00", "06 17:00", grade=grade) for grade in ("rogue", "suspect", "review", "explained")], Air(TUNNELS))  # fmt: skip
    assert [len(named_at(lines, level)) for level in ("rogue", "suspect", "review")] == [1, 2, 3]


def test_a_span_is_cut_at_utc_midnight():
    days = list(days_of(suspect(FIRST, "05 23:00", "07 00:00")))
    assert [day.isoformat() for day, _ in days] == ["2025-08-05", "2025-08-06", "2025-08-07"]
    assert days[0][1]["to_at"] < at("06 00:00") == days[1][1]["from_at"]
    assert days[2][1] == {"from_at": at("07 00:00"), "to_at": at("07 00:00")}


def test_spans_that_touch_overlap_for_no_time():
    assert overlap_s(tunnel(1, "05 10:00", "05 11:00"), tunnel(1, "05 11:00", "05 12:00")) == 0
    assert overlap_s(tunnel(1, "05 10:00", "05 11:00"), tunnel(1, "05 11:30", "05 12:00")) == -1800
