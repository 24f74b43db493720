"""Both directions of the search side by side: from the victims to the cells, and from the cells to the victims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.incident.blocks import Column, Heading, Paragraph, Table
from cellwarden.incident.figures import ABSENT, Count, cell_name, number
from cellwarden.incident.phrases import phrase, word
from cellwarden.incident.rules import title_of
from cellwarden.incident.suspect_pages import MOST_ROWS, cut_note

if TYPE_CHECKING:
    from cellwarden.incident.blocks import Block, Text
    from cellwarden.incident.episodes import Episodes
    from cellwarden.incident.phrases import Language


def side_by_side(case: Episodes, language: Language) -> list[Block]:
    """Say what each direction found alone and what it adds; nothing where no direction found anything."""
    told = case.summary.get("directions")
    if not told or not told["rows"]:
        return []
    blocks: list[Block] = [
        Heading(id=f"{language}-directions", level=3, text=phrase("directions", language)),
        Paragraph(text=phrase("directions_note", language)),
    ]
    if not told["victims_searched"]:
        blocks.append(Paragraph(text=phrase("directions_no_victims", language), tone="warning"))
    for direction in ("both", "cells", "victims"):
        counts = {name: Count(told[direction][name]) for name in ("ids", "people", "people_added", "payments")}
        blocks.append(Paragraph(text=phrase(f"directions_{direction}", language, **counts)))
    return [*blocks, _table(told["rows"], language)]


def _table(found: list[dict[str, object]], language: Language) -> Table:
    rows: list[list[Text]] = [
        [
            cell_name(row),
            word("grade", str(row["by_cells"]), language) if row["by_cells"] else ABSENT,
            ", ".join(title_of(str(name), language) for name in _names(row["by_victims"])) or ABSENT,
            word("grade", str(row["grade"]), language) if row["grade"] else ABSENT,
            number(row["people"]),
            number(row["payments"]),
        ]
        for row in found
    ]
    shares = {"cell": 1.9, "by_cells": 1.1, "by_victims": 2.2, "grade": 0.8, "people": 0.8, "linked": 0.8}
    columns = [
        Column(title=phrase(f"column_{name}", language), is_number=name in ("people", "linked"), share=share)
        for name, share in shares.items()
    ]
    return Table(
        caption=phrase("directions_caption", language),
        columns=columns,
        rows=rows[:MOST_ROWS],
        more=cut_note(MOST_ROWS, len(rows), "summary.json", language),
    )


def _names(value: object) -> list[object]:
    return value if isinstance(value, list) else []
