"""Draw a notice as PDF."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from cellwarden.incident.notices.notice import wording
from cellwarden.incident.typesetting import pdf

if TYPE_CHECKING:
    from cellwarden.incident.notices.notice import Notice


def notice_pdf(notice: Notice, company: str) -> bytes:
    """Return a notice as PDF/A-2a and PDF/UA-1; the same notice gives the same bytes."""
    return pdf(
        "notice.typ",
        "notice",
        {
            "title": notice.title,
            "lead": notice.lead,
            "company": company,
            "reference": notice.reference,
            "language": notice.language,
            "on": notice.on.isoformat(),
            "day": [notice.on.year, notice.on.month, notice.on.day],
            "sections": [asdict(section) for section in notice.sections],
            "words": {name: wording("text", name, notice.language) for name in ("reference", "columns")},
        },
    )
