"""The drawings of the report: pure functions from numbers to SVG text.

Shape and tone carry the meaning, never colour alone, so that they survive black-and-white print and any eye.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from cellwarden.incident.figures import Count, number
from cellwarden.incident.phrases import phrase
from cellwarden.incident.ticks import nice_step, time_axis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from cellwarden.incident.phrases import Language

INK, MUTED, LINE, ACCENT, ALERT = "#1b1f24", "#5b6470", "#c9ced6", "#1d4f8c", "#a33b00"
"""Text, quiet text (contrast 6 on white), hairlines, the one accent, and the alert."""
_WIDTH = 720
_FONT = "Noto Sans KR, Noto Sans CJK KR, Apple SD Gothic Neo, Malgun Gothic, sans-serif"
_METRES_PER_DEGREE = 111_320.0
_MOST_PLACES = 600


@dataclass(frozen=True, slots=True)
class Bin:
    """Activity of a cell from `at`, for as long as its bin."""

    at: datetime
    events: int
    people: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where a cell was estimated to be (WGS84), with its radius of error in metres."""

    at: datetime
    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Spell:
    """An episode, as a bar: which row, from when to when, and whether it is graded `rogue`."""

    row: str
    from_at: datetime
    to_at: datetime
    is_rogue: bool


def _svg(key: str, height: float, title: str, alt: str, body: Iterable[str]) -> str:
    """Wrap shapes in an SVG with a title and a description; `key` makes its ids unique in the page."""
    hatch = (
        f'<defs><pattern id="{key}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="#fff"/><line x1="0" y1="0" x2="0" y2="5" stroke="{INK}" stroke-width="2"/></pattern></defs>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}" role="img" '
        f'aria-labelledby="{key}-t {key}-d" font-family="{_FONT}" font-size="12" fill="{INK}">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(alt)}</desc>{hatch}{"".join(body)}</svg>'
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK, size: float = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size:g}">{escape(words)}</text>'


def _halo(x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK) -> str:
    """Write text over a map, on a white outline so that lines behind it do not disturb."""
    attributes = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    outline = 'fill="none" stroke="#fff" stroke-width="4" stroke-linejoin="round"'
    return f'<text {attributes} {outline}>{escape(words)}</text><text {attributes} fill="{fill}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = LINE, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'


def _rect(x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "none") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{stroke}"/>'


def _tick(x: float, y: float, label: str, *, is_day: bool) -> str:
    """Label a tick, inside the drawing even at its edge."""
    half = 3.3 * len(label)
    return _text(min(x, _WIDTH - half), y, label, anchor="middle", fill=INK if is_day else MUTED, size=11)


def timeline(
    key: str,
    name: str,
    bins: Sequence[Bin],
    *,
    bin_minutes: int,
    span: tuple[datetime, datetime],
    alert_at: datetime | None,
    payments: Sequence[datetime],
    zone: tzinfo,
    language: Language,
) -> tuple[str, str]:
    """Draw when a cell was on air: events above, people below, payments as marks, the alert as a dashed line.

    Args:
        key: Prefix of the ids; unique in the page.
        name: Of the cell, for the title.
        bins: At least one, in order of time.
        bin_minutes: How long each bin is.
        span: First and last row of the episode.
        alert_at: When it was accusable; None draws nothing.
        payments: Times of linked payments.
        zone: Of the axis.
        language: Of the words.

    Returns:
        The SVG, and what it shows in words.
    """
    left, right, top, tall, low, gap = 46.0, _WIDTH - 12.0, 34.0, 76.0, 36.0, 16.0
    axis = time_axis(span[0], max(span[1], bins[-1].at + timedelta(minutes=bin_minutes)), zone)

    def x(at: datetime) -> float:
        return left + axis.share(at) * (right - left)

    most_events, most_people = max(b.events for b in bins), max(b.people for b in bins)
    floor, base = top + tall, top + tall + gap + low
    body = [_line(left, floor, right, floor, stroke=MUTED), _line(left, base, right, base, stroke=MUTED)]
    for at, label, is_day in axis.ticks:
        body += [
            _line(x(at), top, x(at), base + 4, stroke=LINE, width=1.4 if is_day else 0.7),
            _tick(x(at), base + 17, label, is_day=is_day),
        ]
    for b in bins:
        begin, end = x(b.at), x(b.at + timedelta(minutes=bin_minutes))
        wide = max(1.0, end - begin - 0.4)
        body.append(
            _rect(begin, floor - tall * b.events / max(1, most_events), wide, tall * b.events / max(1, most_events), ACCENT)
        )
        body.append(
            _rect(begin, base - low * b.people / max(1, most_people), wide, low * b.people / max(1, most_people), MUTED)
        )
    body += [
        _text(left - 6, top + 9, f"{most_events:,}", anchor="end", fill=MUTED, size=11),
        _text(left - 6, floor, "0", anchor="end", fill=MUTED, size=11),
        _text(left - 6, base - low + 9, f"{most_people:,}", anchor="end", fill=MUTED, size=11),
        _text(left + 3, top - 3, phrase("draw_events", language), fill=MUTED, size=11),
        _text(left + 3, base - low - 3, phrase("draw_people", language), fill=MUTED, size=11),
    ]
    for at in payments:
        if axis.first <= at <= axis.last:
            body.append(f'<path d="M{x(at) - 3.5:.1f} {top - 14:.1f}h7l-3.5 6z" fill="{INK}"/>')
    if alert_at is not None and axis.first <= alert_at <= axis.last:
        side = "end" if x(alert_at) > _WIDTH / 2 else "start"
        label = f"{phrase('draw_alert', language)} {alert_at.astimezone(zone):%m-%d %H:%M}"
        body.append(_line(x(alert_at), top - 18, x(alert_at), base, stroke=ALERT, width=1.6, dash="4 3"))
        body.append(_halo(x(alert_at) + (-5 if side == "end" else 5), top - 20, label, anchor=side, fill=ALERT))
    busiest = max(bins, key=lambda b: (b.events, b.at))
    alt = phrase(
        "draw_timeline_alt",
        language,
        first=f"{span[0].astimezone(zone):%Y-%m-%d %H:%M}",
        last=f"{span[1].astimezone(zone):%Y-%m-%d %H:%M}",
        events=Count(sum(b.events for b in bins)),
        peak=f"{busiest.at.astimezone(zone):%Y-%m-%d %H:%M}",
        most=Count(busiest.events),
    )
    return _svg(key, base + 24, phrase("draw_timeline", language, cell=name), alt, body), alt


def track_map(
    key: str,
    name: str,
    positions: Sequence[Position],
    places: Sequence[tuple[float, float]],
    *,
    zone: tzinfo,
    language: Language,
) -> tuple[str, str]:
    """Draw where a cell was, among known cells, with scale bar and north.

    Args:
        key: Prefix of the ids; unique in the page.
        name: Of the cell, for the title.
        positions: At least one, in order of time.
        places: Latitude and longitude of known cells; only those in the frame are drawn, the nearest 600.
        zone: Of the labels.
        language: Of the words.

    Returns:
        The SVG, and what it shows in words.
    """
    height = 250.0
    frame = _Frame.around(positions, _WIDTH, height)
    body = [
        f'<clipPath id="{key}-clip"><rect width="{_WIDTH}" height="{height:g}"/></clipPath><g clip-path="url(#{key}-clip)">',
        _rect(0, 0, _WIDTH, height, "#f6f7f9"),
    ]
    spots = [frame.xy(lat, lon) for lat, lon in places]
    inside = [(x, y) for x, y in spots if 0 <= x <= _WIDTH and 0 <= y <= height]
    inside.sort(key=lambda spot: (math.hypot(spot[0] - _WIDTH / 2, spot[1] - height / 2), spot))
    body += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="#9aa2ad"/>' for x, y in inside[:_MOST_PLACES]]
    points = [(*frame.xy(p.lat, p.lon), p.radius_m / frame.metres_per_unit) for p in positions]
    body += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{max(r, 1.0):.1f}" fill="{ACCENT}" fill-opacity="{0.16 if len(points) < 4 else 0.05}" '
        f'stroke="{ACCENT}" stroke-width="0.8" stroke-opacity="0.55"/>'
        for x, y, r in points
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    if len(points) > 1:
        body.append(f'<polyline points="{path}" fill="none" stroke="{ACCENT}" stroke-width="1.8" stroke-linejoin="round"/>')
        body += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.9" fill="{ACCENT}"/>' for x, y, _ in points[1:-1]]
    (first_x, first_y, _), (last_x, last_y, _) = points[0], points[-1]
    first, last = (f"{p.at.astimezone(zone):%m-%d %H:%M}" for p in (positions[0], positions[-1]))
    if len(points) > 1:
        body.append(_rect(last_x - 5, last_y - 5, 10, 10, INK, stroke="#fff"))
        body.append(_label(last_x, last_y, phrase("draw_last", language, at=last), is_below=last_y >= first_y))
        body.append(_label(first_x, first_y, phrase("draw_first", language, at=first), is_below=last_y < first_y))
    body.append(f'<circle cx="{first_x:.1f}" cy="{first_y:.1f}" r="5" fill="#fff" stroke="{INK}" stroke-width="2"/></g>')
    body += [*_scale_bar(frame, height), *_north(language), _rect(0.5, 0.5, _WIDTH - 1, height - 1, "none", stroke=LINE)]
    radii = sorted(p.radius_m for p in positions)
    common = {"radius": number(round(radii[len(radii) // 2])), "width": number(_WIDTH * frame.metres_per_unit / 1000)}
    alt = (
        phrase("draw_map_alt_one", language, **common)
        if len(points) == 1
        else phrase("draw_map_alt", language, n=Count(len(points)), first=first, last=last, **common)
    )
    return _svg(key, height, phrase("draw_map", language, cell=name), alt, body), alt


@dataclass(frozen=True, slots=True)
class _Frame:
    """A flat map around a middle: good to a few metres over a city."""

    lat: float
    lon: float
    width: float
    height: float
    metres_per_unit: float

    @classmethod
    def around(cls, positions: Sequence[Position], width: float, height: float) -> _Frame:
        """Fit every circle with a margin, and never less than 1.5 km across."""
        east = _METRES_PER_DEGREE * max(0.01, math.cos(math.radians(sum(p.lat for p in positions) / len(positions))))
        lows = [(p.lat - p.radius_m / _METRES_PER_DEGREE, p.lon - p.radius_m / east) for p in positions]
        highs = [(p.lat + p.radius_m / _METRES_PER_DEGREE, p.lon + p.radius_m / east) for p in positions]
        south, west = min(a for a, _ in lows), min(b for _, b in lows)
        north, east_end = max(a for a, _ in highs), max(b for _, b in highs)
        across = max((east_end - west) * east / width, (north - south) * _METRES_PER_DEGREE / height) * 1.25
        return cls((south + north) / 2, (west + east_end) / 2, width, height, max(across, 1500 / width))

    def xy(self, lat: float, lon: float) -> tuple[float, float]:
        """Return the place on the drawing; y grows southwards."""
        east = _METRES_PER_DEGREE * max(0.01, math.cos(math.radians(self.lat)))
        return (
            self.width / 2 + (lon - self.lon) * east / self.metres_per_unit,
            self.height / 2 - (lat - self.lat) * _METRES_PER_DEGREE / self.metres_per_unit,
        )


def _label(x: float, y: float, words: str, *, is_below: bool) -> str:
    """Write beside a mark, inwards from the nearer edge, below or above it."""
    is_left = x < _WIDTH / 2
    return _halo(x + (9 if is_left else -9), y + (18 if is_below else -10), words, anchor="start" if is_left else "end")


def _scale_bar(frame: _Frame, height: float) -> list[str]:
    """Draw a bar of a round length, about a fifth of the map."""
    metres = nice_step(_WIDTH / 5 * frame.metres_per_unit)
    long, y = metres / frame.metres_per_unit, height - 16
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    return [
        _rect(10, y - 22, long + 16, 30, "#fff"),
        _line(18, y, 18 + long, y, stroke=INK, width=2),
        _line(18, y - 4, 18, y + 4, stroke=INK, width=2),
        _line(18 + long, y - 4, 18 + long, y + 4, stroke=INK, width=2),
        _text(18 + long / 2, y - 8, label, anchor="middle", size=11),
    ]


def _north(language: Language) -> list[str]:
    x = _WIDTH - 24
    return [
        f'<path d="M{x} 14l7 22l-7 -5l-7 5z" fill="{INK}" stroke="#fff"/>',
        _text(x, 50, phrase("draw_north", language), anchor="middle"),
    ]


def exposure_bar(key: str, *, imsi: int, possible: int, guti: int, language: Language) -> tuple[str, str]:
    """Draw how the people exposed divide: solid imsi, hatched possible, open guti. Returns the SVG and its words."""
    total, x, body = imsi + possible + guti, 0.0, []
    fills = (INK, f"url(#{key}-hatch)", "#fff")
    for people, fill in zip((imsi, possible, guti), fills, strict=True):
        wide = (_WIDTH - 2) * people / max(1, total)
        if people:
            body.append(_rect(1 + x, 1, wide, 20, fill, stroke=INK))
        x += wide
    x = 1.0
    for people, fill, name in zip((imsi, possible, guti), fills, ("word_imsi", "word_possible", "word_guti"), strict=True):
        body += [_rect(x, 32, 11, 11, fill, stroke=INK), _text(x + 17, 42, f"{phrase(name, language)} {people:,}")]
        x += 180
    alt = phrase(
        "draw_exposure_alt", language, total=f"{total:,}", imsi=f"{imsi:,}", possible=f"{possible:,}", guti=f"{guti:,}"
    )
    return _svg(key, 48, phrase("draw_exposure", language), alt, body), alt


def episodes_chart(
    key: str, spells: Sequence[Spell], *, most_rows: int, zone: tzinfo, language: Language
) -> tuple[str, str, int]:
    """Draw every episode as a bar, one line a cell in the order given.

    Returns:
        The SVG, what it shows in words, and how many lines did not fit into `most_rows`.
    """
    names = list(dict.fromkeys(spell.row for spell in spells))
    shown = names[:most_rows]
    left, right, top, step = 118.0, _WIDTH - 12.0, 22.0, 15.0 if len(shown) < 16 else 12.0
    base = top + step * len(shown)
    axis = time_axis(min(s.from_at for s in spells), max(s.to_at for s in spells), zone)
    body = []
    for at, label, is_day in axis.ticks:
        x = left + axis.share(at) * (right - left)
        body += [
            _line(x, top - 4, x, base, stroke=LINE, width=1.4 if is_day else 0.7),
            _tick(x, top - 9, label, is_day=is_day),
        ]
    for row, name in enumerate(shown):
        y = top + step * row
        body.append(_line(left, y + step, right, y + step, width=0.5))
        body.append(_text(left - 8, y + step - 3, name, anchor="end", size=11))
        for s in (s for s in spells if s.row == name):
            x1, x2 = (left + axis.share(at) * (right - left) for at in (s.from_at, s.to_at))
            fill = INK if s.is_rogue else f"url(#{key}-hatch)"
            body.append(_rect(x1, y + 3, max(2.5, x2 - x1), step - 6, fill, stroke=INK))
    alt = phrase(
        "draw_episodes_alt",
        language,
        n=Count(len(spells)),
        first=f"{axis.first.astimezone(zone):%Y-%m-%d %H:%M}",
        last=f"{axis.last.astimezone(zone):%Y-%m-%d %H:%M}",
    )
    return _svg(key, base + 6, phrase("draw_episodes", language), alt, body), alt, len(names) - len(shown)
