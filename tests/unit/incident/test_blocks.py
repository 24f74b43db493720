"""Both templates draw exactly the kinds of block that there are."""

import re
from importlib.resources import files
from typing import get_args

import pytest

from cellwarden.incident.blocks import Block

KINDS = sorted(kind.__dataclass_fields__["kind"].default for kind in get_args(Block))
TEMPLATES = files("cellwarden.incident") / "templates"


def drawn_by(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return set(re.findall(r'(?:block|b)\.kind == "(\w+)"', text))


def test_each_kind_has_a_name_of_its_own():
    assert len(KINDS) == len(set(KINDS)) == len(get_args(Block))


@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_draws_every_kind_of_block(kind):
    assert kind in drawn_by("report.typ")


def test_the_html_draws_every_kind_of_block_and_prints_code_by_itself():
    assert drawn_by("report.html.j2") == set(KINDS) - {"code"}
    assert "query.text" in (TEMPLATES / "report.html.j2").read_text(encoding="utf-8")
