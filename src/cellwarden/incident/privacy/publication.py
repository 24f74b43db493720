"""What of a result may be published: headline figures and census tables, small counts withheld over all of them together.

Tables of the same people share their totals, so they are judged in one go: what one table withholds cannot be added up from another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.privacy.suppression import K, Name, Sum, withheld
from cellwarden.records.vocabulary import IDENTITY_GRADES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = dict[str, Any]
PEOPLE = "people"
KINDS = tuple(f"{PEOPLE}_{grade}" for grade in IDENTITY_GRADES)
_COUNTED = (PEOPLE, *KINDS)
TABLES = ("district", "controller", "technology", "day")
"""Measures of the census that are published. Cells are not: which cell somebody used says where they were."""
_SMALL_TELLS = ("payments_linked", "money_linked")
"""Headlines about payments: their number is a count; the money of withheld payments is withheld with them."""
_HEADLINE_OF = {PEOPLE: "people_signal_exposed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Stands where a figure is not published."""

    k: int


Value = int | float | Withheld | None
"""A published figure; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One quotable figure."""

    name: str
    value: Value
    unit: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What may leave the house."""

    k: int
    lines: list[Line]
    """The headlines in the order of the summary."""
    tables: dict[str, list[dict[str, Any]]]
    """By measure of `TABLES`: rows with `part`, `people` and one column a grade; their values are of `Value`."""


def publication(summary: Row, census: Iterable[Row], *, k: int = K) -> Publication:
    """Return what may be published of a result.

    Args:
        summary: summary.json.
        census: Rows of census.parquet.
        k: Fewest people of a published count.

    Raises:
        MalformedInputError: The figures do not reconcile: such a publication must not exist.
    """
    figures = {row["name"]: row["value"] for row in summary["headlines"]}
    _reconcile(figures)
    tables: dict[str, list[Row]] = {measure: [] for measure in TABLES}
    for row in census:
        if row["measure"] in tables:
            tables[row["measure"]].append(row)
    counts, sums = _counts(figures, tables)
    gone = withheld(counts, sums, k=k)
    mark = Withheld(k=k)

    def of_headline(name: str, value: Value) -> Value:
        place = ("payments_linked",) if name in _SMALL_TELLS else ("all", _counted_as(name))
        return mark if value is not None and place in gone else value

    return Publication(
        k=k,
        lines=[
            Line(name=name, value=of_headline(name, row["value"]), unit=str(row["unit"]), query=str(row["query"]))
            for name, row in ((row["name"], row) for row in summary["headlines"])
        ],
        tables={
            measure: [
                {"part": row["part"], **{of: mark if (measure, row["part"], of) in gone else row[of] for of in _COUNTED}}
                for row in rows
            ]
            for measure, rows in tables.items()
        },
    )


def _counted_as(headline: str) -> str:
    return next((of for of, name in _HEADLINE_OF.items() if name == headline), headline)


def _reconcile(figures: Mapping[str, Any]) -> None:
    total, parts = figures.get(_HEADLINE_OF[PEOPLE]), sum(figures.get(name) or 0 for name in KINDS)
    if total is not None and total != parts:
        raise MalformedInputError(
            f"{total} people exposed, and the kinds add up to {parts}",
            where="summary.json",
            fix="Do not publish; make the result anew",
        )


def _counts(figures: Mapping[str, Any], tables: Mapping[str, list[Row]]) -> tuple[dict[Name, int], list[Sum]]:
    """Name every count, and every sum that a reader can form of them."""
    counts: dict[Name, int] = {("all", of): int(figures.get(_HEADLINE_OF.get(of, of)) or 0) for of in _COUNTED}
    counts["payments_linked",] = int(figures.get("payments_linked") or 0)
    sums = [Sum(("all", PEOPLE), tuple(("all", kind) for kind in KINDS))]
    for measure, rows in tables.items():
        known = [row for row in rows if row[PEOPLE] is not None]
        counts |= {(measure, row["part"], of): int(row[of]) for row in known for of in _COUNTED}
        sums += [Sum((measure, row["part"], PEOPLE), tuple((measure, row["part"], kind) for kind in KINDS)) for row in known]
        if known:
            sums += [Sum(("all", of), tuple((measure, row["part"], of) for row in known)) for of in _COUNTED]
    return counts, sums
