"""Draw a filing or a press sheet as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from cellwarden.incident.typesetting import pdf

if TYPE_CHECKING:
    from datetime import date

    from cellwarden.incident.filing.parts import Part

LONGEST_SHARE = 4.0
"""A column is at most this many times as wide as the narrowest."""


def filing_pdf(company: str, subtitle: str, editions: dict[str, tuple[str, str, list[Part]]], *, on: date) -> bytes:
    """Return a PDF.

    Args:
        company: Whose it is.
        subtitle: For the foot of each page.
        editions: By language, first the main one: title, line beneath, parts.
        on: Date of the document.
    """
    first = next(iter(editions.values()))
    return pdf(
        "filing.typ",
        "filing",
        {
            "title": first[0],
            "company": company,
            "subtitle": subtitle,
            "day": [on.year, on.month, on.day],
            "editions": [
                {
                    "language": language,
                    "title": title,
                    "subtitle": beneath,
                    "parts": [{**asdict(part), "shares": _shares(part)} for part in parts],
                }
                for language, (title, beneath, parts) in editions.items()
            ],
        },
    )


def _shares(part: Part) -> list[float]:
    """Give each column room by its longest text."""
    longest = [max(len(row[place]) for row in (part.head, *part.rows)) for place in range(len(part.head))]
    least = min(longest, default=1) or 1
    return [min(LONGEST_SHARE, max(1.0, each / least)) for each in longest]
