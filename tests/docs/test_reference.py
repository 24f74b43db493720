"""The reference is what the code says."""

from __future__ import annotations

import runpy

import pytest


@pytest.fixture(scope="module")
def generator(checkout):
    return runpy.run_path(str(checkout / "docs/generate.py"), run_name="generate")


def test_no_page_of_the_reference_is_stale(generator):
    stale = generator["stale"]()
    assert not stale, f"{', '.join(stale)}: run {generator['COMMAND']} (or make docs)"


def test_every_field_of_a_mapping_file_has_a_meaning(generator):
    lacking = [line for line in generator["mapping_file"]().splitlines() if line.endswith("|  |")]
    assert not lacking, "put a docstring under the field in ingest/mapping.py"


def test_every_kind_of_value_says_how_it_is_read(generator):
    lacking = [line for line in generator["input_tables"]().splitlines() if line.startswith("| `") and line.endswith("` |  |")]
    assert not lacking, "put a docstring under the kind in records/tables.py"


def test_docstrings_of_fields_are_found(generator):
    class Card:
        """A class with two fields."""

        name: str
        size: int
        """In octets."""

    assert generator["field_docs"](Card) == {"size": "In octets."}
