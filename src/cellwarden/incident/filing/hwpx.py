"""A filing as HWPX (KS X 6101), the format in which Korean offices exchange documents."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from hwpx import HwpxDocument

if TYPE_CHECKING:
    from cellwarden.incident.filing.parts import Part

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MADE_UP_ID = re.compile(rb'(<hp:(?:p|tbl)\b[^>]*?\bid=")(\d{4,})(")')


def hwpx(title: str, subtitle: str, editions: list[list[Part]]) -> bytes:
    """Return an HWPX file, the same bytes for the same content.

    Args:
        title: Heading of the document.
        subtitle: Line beneath.
        editions: The parts of each language, one after another.
    """
    document = HwpxDocument.new()
    document.add_heading(title, level=1)
    document.add_paragraph(subtitle)
    for parts in editions:
        for number, part in enumerate(parts, start=1):
            document.add_heading(f"{number}. {part.title}", level=2)
            for line in part.lines:
                document.add_paragraph(line)
            if part.rows:
                _table(document, part)
    return _settled(document.to_bytes())


def _table(document: HwpxDocument, part: Part) -> None:
    rows = [part.head, *part.rows]
    table = document.add_table(len(rows), len(part.head))
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            table.set_cell_text(down, across, text)


def _settled(content: bytes) -> bytes:
    """Give paragraphs and tables running numbers instead of random ones, and every member one date."""
    numbers = iter(range(1, 1 << 31))
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(settled, "w") as made:
        for member in given.infolist():
            held = given.read(member)
            if member.filename.startswith("Contents/section"):
                held = _MADE_UP_ID.sub(lambda match: match[1] + str(next(numbers)).encode() + match[3], held)
            entry = zipfile.ZipInfo(member.filename, _EPOCH)
            entry.compress_type = member.compress_type
            entry.external_attr = member.external_attr
            made.writestr(entry, held)
    return settled.getvalue()
