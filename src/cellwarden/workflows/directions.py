"""What each direction of the search found alone, and what it adds to the other: ids, people, linked payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.detect.detector import CellKey
from cellwarden.detect.directions import side_by_side
from cellwarden.linkage.link import LINKED
from cellwarden.workflows.tables import key_columns

if TYPE_CHECKING:
    from cellwarden.workflows.investigated import Investigated

Row = dict[str, Any]
DIRECTIONS = ("both", "cells", "victims")


def directions(investigated: Investigated) -> Row:
    """Return the two searches side by side.

    Returns:
        For each of DIRECTIONS: `ids`, `people` (exposed there), `people_added` (exposed nowhere that is named before it in
        DIRECTIONS), `payments` (linked there); `victims_searched`, false where no payment, complaint or tip could lead
        anywhere; and `rows`, one an id.
    """
    examined = investigated.examination
    found = side_by_side(examined.suspects, examined.by_cells, examined.findings)
    people: dict[CellKey, set[int]] = {}
    for each in investigated.exposures:
        people.setdefault(CellKey(each.plmn, each.rat, each.cell_type, each.cell), set()).add(each.imsi)
    payments: dict[int, int] = {}
    for link in investigated.linkage.links:
        if link.probability >= LINKED:
            payments[link.cell] = payments.get(link.cell, 0) + 1
    told: Row = {}
    counted: set[int] = set()
    for direction in DIRECTIONS:
        ours = [each.key for each in found if each.found_by == direction]
        exposed = set().union(*(people.get(key, set()) for key in ours))
        told[direction] = {
            "ids": len(ours),
            "people": len(exposed),
            "people_added": len(exposed - counted),
            "payments": sum(payments.get(cell, 0) for cell in {key.cell for key in ours}),
        }
        counted |= exposed
    told["victims_searched"] = any(investigated.holdings.has(table) for table in ("payments", "complaints"))
    told["rows"] = [
        {
            **key_columns(each.key),
            "found_by": each.found_by,
            "by_cells": each.by_cells or None,
            "by_victims": sorted({finding.detector for finding in each.by_victims}),
            "grade": each.grade or None,
            "people": len(people.get(each.key, ())),
            "payments": payments.get(each.key.cell, 0),
        }
        for each in found
    ]
    return told
