"""Set a document by typst: PDF/A-2a for the archive and PDF/UA-1 for the screen reader in one file, the same bytes every time."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from pylopdf_fonts_ko import sans_path


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(sans_path()).parent)])


@cache
def _template(name: str) -> bytes:
    return (files("cellwarden.incident") / "templates" / name).read_bytes()


def pdf(template: str, name: str, content: dict[str, Any]) -> bytes:
    """Return a PDF.

    Args:
        template: File of `incident/templates`.
        name: Under which the template reads its content.
        content: Plain JSON; the date of the document is part of it, so that no clock is asked.
    """
    made: bytes = typst.compile(
        _template(template),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={name: json.dumps(content, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
    )
    return made
