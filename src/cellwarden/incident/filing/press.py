"""The press sheet: every figure that may be quoted, with its query and the one sentence that may be said of it.

Small figures are withheld, and so is what would give them away by subtraction: of people, the parts add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.figures import ABSENT, stamp
from cellwarden.incident.filing.parts import Part, figure, said

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cellwarden.incident.phrases import Language

Row = dict[str, Any]
K = 10
"""Counts of people and of their payments below this are withheld."""
_PEOPLE = ("people_imsi", "people_possible", "people_guti")
_OF_PEOPLE = ("people_signal_exposed", *_PEOPLE, "payments_linked", "money_linked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One quotable figure."""

    name: str
    value: float | int | None
    """None: withheld, or not known."""
    unit: str
    query: str
    is_withheld: bool


def lines(summary: Row, *, k: int = K) -> list[Line]:
    """Return the quotable figures of a summary in its order.

    Raises:
        MalformedInputError: The figures do not reconcile: such a sheet must not exist.
    """
    rows = {row["name"]: row for row in summary["headlines"]}
    values = {name: row["value"] for name, row in rows.items()}
    total, parts = values.get("people_signal_exposed"), sum(values.get(name) or 0 for name in _PEOPLE)
    if total is not None and total != parts:
        raise MalformedInputError(
            f"{total} people exposed, and the kinds add up to {parts}",
            where="summary.json",
            fix="Do not publish; make the result anew",
        )
    withheld = {name for name in _OF_PEOPLE if values.get(name) is not None and 0 < values[name] < k}
    if len(withheld & set(_PEOPLE)) == 1 and "people_signal_exposed" not in withheld:
        # The total less the two others would give the one away: the smallest other kind goes with it.
        others = [name for name in _PEOPLE if name not in withheld and values[name]]
        withheld |= {min(others, key=lambda name: (values[name], name))} if others else {"people_signal_exposed"}
    if "payments_linked" in withheld:
        withheld.add("money_linked")
    return [
        Line(
            name=name,
            value=None if name in withheld else values[name],
            unit=str(row["unit"]),
            query=str(row["query"]),
            is_withheld=name in withheld,
        )
        for name, row in rows.items()
    ]


def press_parts(summary: Row, zone: ZoneInfo, language: Language, *, k: int = K) -> list[Part]:
    """Return the sheet in one language."""
    window = summary["window"]
    span = {"first": stamp(window["from"], zone)[:10], "last": stamp(window["to"], zone)[:10]}
    rows = []
    for line in lines(summary, k=k):
        if line.is_withheld:
            value = sentence = said("press", "withheld", language, k=k)
        elif line.value is None:
            value, sentence = ABSENT, said("press", "unknown", language)
        else:
            value = figure(line.name, line.value, line.unit, language)
            sentence = said("press", line.name, language, value=value, **span)
        rows.append((sentence, value, line.query))
    head = tuple(said(group, name, language) for group, name in (("press", "say"), ("column", "value"), ("column", "query")))
    return [
        Part(
            title=said("press", "title", language), lines=(said("press", "intro", language, k=k),), head=head, rows=tuple(rows)
        )
    ]
