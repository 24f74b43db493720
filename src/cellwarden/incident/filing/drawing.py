"""Draw a filing or a press sheet as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from cellwarden.incident.typesetting import pdf

if TYPE_CHECKING:
    from datetime import date

    from cellwarden.incident.filing.parts import Part

NARROWEST, WIDEST = 8, 48
"""A column is given room as for so many letters at least, and at most."""
_WIDE = 0x2E80
"""Letters from here on (Hangul among them) are about twice as wide as Latin ones."""


def filing_pdf(company: dict[str, str], editions: dict[str, tuple[str, str, list[Part]]], *, on: date) -> bytes:
    """Return a PDF.

    Args:
        company: Whose it is, by language.
        editions: By language, first the main one: title, line beneath (also at the foot of each page), parts.
        on: Date of the document.
    """
    first = next(iter(editions.values()))
    return pdf(
        "filing.typ",
        "filing",
        {
            "title": first[0],
            "company": company[next(iter(editions))],
            "day": [on.year, on.month, on.day],
            "editions": [
                {
                    "language": language,
                    "company": company[language],
                    "title": title,
                    "subtitle": beneath,
                    "parts": [
                        {**asdict(part), "shares": _shares(part), "is_figure": part.is_figure or [False] * len(part.head)}
                        for part in parts
                    ],
                }
                for language, (title, beneath, parts) in editions.items()
            ],
        },
    )


def _shares(part: Part) -> list[int]:
    """Give each column room by its longest text."""
    longest = [max(_width(row[place]) for row in (part.head, *part.rows)) for place in range(len(part.head))]
    return [min(WIDEST, max(NARROWEST, each)) for each in longest]


def _width(text: str) -> int:
    return sum(2 if ord(letter) >= _WIDE else 1 for letter in text)
