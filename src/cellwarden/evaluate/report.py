"""The scores for people: one HTML file that works offline and prints, and JSON for machines."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from cellwarden.evaluate.drill import GRADES
from cellwarden.foundation.clock import iso
from cellwarden.foundation.digest import canonical_json
from cellwarden.records import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

PLOT = 240
"""Side of the reliability plot, CSS pixels."""


def to_json(scores: dict[str, Any]) -> str:
    """Write scores as JSON: sorted keys, times in ISO 8601 and UTC; the same scores have the same bytes."""
    return canonical_json(_plain(scores))


def render_html(scores: dict[str, Any]) -> str:
    """Write scores as one HTML file in Korean and English, without scripts, pictures or addresses of others."""
    title = f"Cellwarden · {scores['result']['name']}"
    zone = scores["scenario"]["time_zone"]
    return _rendered("report", title, zone, scores=scores, plot=PLOT, points=points(scores["calibration"]["bins"]))


def render_drill(told: dict[str, Any]) -> str:
    """Write a drill as one HTML file, in the same manner."""
    return _rendered("drill", f"Cellwarden · {told['grade']}", told["scenario"]["time_zone"], told=told, grades=GRADES)


def _rendered(template: str, title: str, time_zone: str | None, **values: Any) -> str:
    zone = ZoneInfo(time_zone or "UTC")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("cellwarden.evaluate"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"figure": lambda value: figure(value, zone), "percent": _percent}
    korean = tomllib.loads((resources("cellwarden.evaluate") / "templates" / "words.toml").read_text(encoding="utf-8"))
    words: dict[str, Callable[[str], str]] = {"ko": lambda text: korean.get(text, text), "en": str}
    articles = {
        language: Markup(environment.get_template(f"{template}.html.j2").render(t=words[language], zone=zone.key, **values))  # noqa: S704  # rendered with escapes
        for language in v.LANGUAGES
    }
    return environment.get_template("page.html.j2").render(title=title, articles=articles)


def points(bins: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the dots of the reliability plot: place in pixels, and how many forecasts each stands for."""
    return [
        {
            "x": round(row["said"] * PLOT, 1),
            "y": round((1 - row["happened"]) * PLOT, 1),
            "r": round(3 + min(row["forecasts"], 100) ** 0.5, 1),
            "forecasts": row["forecasts"],
        }
        for row in bins
        if row["forecasts"]
    ]


def figure(value: Any, zone: tzinfo = UTC) -> str:
    """Write a figure as people read it: at most four digits, times to the minute; what was not measured as a dash.

    >>> figure(0.98761), figure(112.5072), figure(1253), figure(None), figure(True)
    ('0.9876', '112.5', '1,253', '-', 'yes')
    """
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            whole = len(str(int(abs(value)))) if abs(value) >= 1 else 0
            text = f"{value:,.{max(0, 4 - whole)}f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    return str(value)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value * 100:.2f} %"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return iso(value) if isinstance(value, datetime) else value
