"""The two searches in the report."""

import pytest
from example_dossier import example

from cellwarden.incident.blocks import Paragraph, Table
from cellwarden.incident.directions import side_by_side
from cellwarden.incident.episodes import Episodes

NOTHING = {"ids": 0, "people": 0, "people_added": 0, "payments": 0}
ROW = {"plmn": "00101", "rat": "lte", "cell_type": "home", "cell": 7, "by_cells": "rogue", "by_victims": ["common_cell_of_victims"], "grade": "rogue", "people": 12, "payments": 3, "found_by": "both"}  # fmt: skip


def blocks(language="en", **directions):
    told = {"both": NOTHING, "cells": NOTHING, "victims": NOTHING, "victims_searched": True, "rows": [ROW], **directions}
    dossier = example()
    dossier.summary["directions"] = told
    return side_by_side(Episodes(dossier), language)


def sentences(found):
    return [block.text for block in found if isinstance(block, Paragraph)]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_says_what_each_direction_found_and_lists_the_ids(language):
    found = blocks(language, both={"ids": 4, "people": 250, "people_added": 250, "payments": 31}, cells={"ids": 16, "people": 900, "people_added": 777, "payments": 0})  # fmt: skip
    text = " ".join(map(str, sentences(found)))
    assert all(figure in text for figure in ("250", "31", "16", "777"))
    (table,) = [block for block in found if isinstance(block, Table)]
    assert len(table.rows) == 1
    assert [str(cell) for cell in table.rows[0]][-2:] == ["12", "3"]


def test_says_that_victims_alone_are_no_accusation():
    found = blocks(victims={**NOTHING, "ids": 1}, rows=[{**ROW, "by_cells": None, "grade": None}])
    assert "a lead, not an accusation" in sentences(found)[-1]
    (table,) = [block for block in found if isinstance(block, Table)]
    assert table.rows[0][1] == table.rows[0][3] != ""


def test_warns_where_the_search_from_the_victims_could_not_be_made():
    warned = [block for block in blocks(victims_searched=False) if isinstance(block, Paragraph) and block.tone == "warning"]
    assert "could not be made" in warned[0].text


def test_says_nothing_where_nothing_was_found_or_asked():
    assert blocks(rows=[]) == []
    assert side_by_side(Episodes(example()), "en") == []
