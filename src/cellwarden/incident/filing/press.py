"""The press sheet: every figure that may be quoted, with its query and the one sentence that may be said of it; then the census tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.incident.figures import ABSENT, number, stamp
from cellwarden.incident.filing.parts import Part, figure, said
from cellwarden.incident.phrases import word
from cellwarden.incident.privacy.publication import KINDS, PEOPLE, TABLES, Withheld
from cellwarden.records.vocabulary import IDENTITY_GRADES

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cellwarden.incident.phrases import Language
    from cellwarden.incident.privacy.publication import Publication, Value

Row = dict[str, Any]


def press_parts(told: Publication, window: Row, zone: ZoneInfo, language: Language) -> list[Part]:
    """Return the sheet in one language; `window` is that of summary.json."""
    span = {"first": stamp(window["from"], zone)[:10], "last": stamp(window["to"], zone)[:10]}
    rows = []
    for line in told.lines:
        if isinstance(line.value, Withheld):
            value = sentence = said("press", "withheld", language)
        elif line.value is None:
            value, sentence = ABSENT, said("press", "unknown", language)
        else:
            value = figure(line.name, line.value, line.unit, language)
            sentence = said("press", line.name, language, value=value, **span)
        rows.append((sentence, value, line.query))
    head = tuple(said(group, name, language) for group, name in (("press", "say"), ("column", "value"), ("column", "query")))
    sheet = Part(
        title=said("press", "figures", language),
        lines=(said("press", "intro", language, k=told.k),),
        head=head,
        rows=tuple(rows),
        is_figure=(False, True, False),
    )
    return [sheet, *(_table(told, measure, zone, language) for measure in TABLES if told.tables[measure])]


def _table(told: Publication, measure: str, zone: ZoneInfo, language: Language) -> Part:
    head = (
        said("column", measure, language),
        said("column", "count", language),
        *(said("column", grade, language) for grade in IDENTITY_GRADES),
    )
    rows = [
        (_part(measure, row["part"], language), *(_shown(row[of], language) for of in (PEOPLE, *KINDS)))
        for row in told.tables[measure]
    ]
    notes = [said("press", f"note_{measure}", language, zone=zone.key)] if measure in ("technology", "day") else []
    return Part(
        title=said("press", f"by_{measure}", language),
        lines=tuple(notes),
        head=head,
        rows=tuple(rows),
        is_figure=(False, *(True for _ in head[1:])),
    )


def _part(measure: str, part: str, language: Language) -> str:
    if part == "not recorded":
        return said("press", "not_recorded", language)
    if measure == "technology":
        return word("rat", part, language)
    return said("press", "own", language) if (measure, part) == ("controller", "own") else part


def _shown(value: Value, language: Language) -> str:
    return said("press", "withheld_short", language) if isinstance(value, Withheld) else number(value)
