"""The scores for people: one HTML file that works offline and prints, and JSON for machines."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files as resources
from typing import Any

import jinja2

from cellwarden.foundation.clock import iso
from cellwarden.foundation.digest import canonical_json

PLOT = 240
"""Side of the reliability plot, CSS pixels."""


def to_json(scores: dict[str, Any]) -> str:
    """Write scores as JSON: sorted keys, times in ISO 8601 and UTC; the same scores have the same bytes."""
    return canonical_json(_plain(scores))


def render_html(scores: dict[str, Any]) -> str:
    """Write scores as one HTML file without scripts, pictures or addresses of others."""
    return _rendered("report", scores=_plain(scores), plot=PLOT, points=points(scores["calibration"]["bins"]))


def render_drill(told: dict[str, Any]) -> str:
    """Write a drill as one HTML file, in the same manner."""
    return _rendered("drill", told=_plain(told))


def _rendered(template: str, **values: Any) -> str:
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"figure": figure, "percent": _percent}
    source = (resources("cellwarden.evaluate") / "templates" / f"{template}.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source).render(**values)


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


def figure(value: Any) -> str:
    """Write a figure as people read it: at most four digits after the point; what was not measured as a dash.

    >>> figure(0.98761), figure(1253), figure(None), figure(True)
    ('0.9876', '1,253', '-', 'yes')
    """
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(value)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value * 100:.2f} %"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return iso(value) if isinstance(value, datetime) else value
