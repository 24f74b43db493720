import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cellwarden.incident.drawing import Bin, Position, Spell, episodes_chart, exposure_bar, timeline, track_map

AT = datetime(2025, 8, 5, 12, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
NASTY = '<b>&"name"</b>'


def shapes(svg, name):
    return [node for node in ET.fromstring(svg).iter() if node.tag.rpartition("}")[2] == name]  # noqa: S314  # our own


def draw_timeline(**more):
    settings = {
        "bin_minutes": 10,
        "span": (AT, AT + timedelta(hours=2)),
        "alert_at": None,
        "payments": [],
        "zone": SEOUL,
        "language": "en",
    }
    return timeline("k", NASTY, [Bin(AT + timedelta(minutes=10 * i), i, 1) for i in range(12)], **{**settings, **more})


def test_names_are_escaped():
    svg, _ = draw_timeline()
    assert shapes(svg, "title")[0].text == f"Activity of cell {NASTY}"


def test_a_timeline_marks_the_alert_and_the_payments_inside_it():
    svg, alt = draw_timeline(alert_at=AT + timedelta(hours=1), payments=[AT + timedelta(minutes=5), AT + timedelta(days=9)])
    assert "alert 08-05 22:00" in svg
    assert len(shapes(svg, "path")) == 1
    assert alt == "From 2025-08-05 21:00 to 2025-08-05 23:00: 66 events; busiest at 2025-08-05 22:50 with 11."


def test_an_alert_outside_the_episode_is_not_drawn():
    svg, _ = draw_timeline(alert_at=AT + timedelta(days=3))
    assert "stroke-dasharray" not in svg


def test_an_episode_of_one_row_can_be_drawn():
    svg, _ = timeline(
        "k", "c", [Bin(AT, 1, 0)], bin_minutes=10, span=(AT, AT), alert_at=AT, payments=[], zone=UTC, language="ko"
    )
    assert "NaN" not in svg
    assert shapes(svg, "rect")


def test_a_map_shows_every_circle_and_only_known_cells_in_the_frame():
    track = [Position(AT, 37.45, 126.9, 200.0), Position(AT + timedelta(minutes=10), 37.46, 126.92, 300.0)]
    svg, alt = track_map("k", "c", track, [(37.455, 126.91), (35.0, 129.0)], zone=SEOUL, language="en")
    assert len([c for c in shapes(svg, "circle") if c.get("fill") == "#9aa2ad"]) == 1
    for circle in (c for c in shapes(svg, "circle") if c.get("fill-opacity")):
        assert float(circle.get("cx")) >= float(circle.get("r"))
        assert float(circle.get("cy")) + float(circle.get("r")) <= 250
    assert "2 estimated positions" in alt
    assert "median radius 300 m" in alt
    assert re.search(r"\d+ k?m</text>", svg)


@pytest.mark.parametrize("radius", [0.0, 50_000.0])
def test_a_map_of_one_place_has_no_track(radius):
    svg, alt = track_map("k", "c", [Position(AT, 37.45, 126.9, radius)], [], zone=SEOUL, language="en")
    assert not shapes(svg, "polyline")
    assert "one estimated position" in alt


def test_the_exposure_bar_divides_its_length():
    svg, alt = exposure_bar("k", imsi=3, possible=0, guti=1, language="en")
    wide = [float(r.get("width")) for r in shapes(svg, "rect") if r.get("height") == "20.0"]
    assert wide == [538.5, 179.5]
    assert alt == "Of 4: 3 imsi, 0 possible, 1 guti."


def test_the_exposure_bar_of_nobody_is_empty():
    svg, _ = exposure_bar("k", imsi=0, possible=0, guti=0, language="ko")
    assert not [r for r in shapes(svg, "rect") if r.get("height") == "20.0"]


def test_the_chart_of_episodes_says_how_many_cells_it_left_out():
    spells = [Spell(f"0x{i}", AT, AT + timedelta(hours=i), i % 2 == 0) for i in range(1, 9)]
    svg, alt, left = episodes_chart("k", spells, most_rows=5, zone=SEOUL, language="en")
    assert left == 3
    assert "8 rogue or suspect episodes" in alt
    assert "0x5" in svg
    assert "0x6" not in svg
