"""Every PDF that we hand out holds PDF/A-2a and PDF/UA-1, as a validator that is not ours counts their rules (ISO 19005-2, ISO 14289-1).

One rule of each is not asked of it: it reads the width of glyphs whose font program states it as a default (CFF `defaultWidthX`) as 0. Another
reader of fonts, fontTools, compares every width instead.
"""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import page
import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.basePen import NullPen

INCIDENT = Path(__file__).parents[1] / "unit" / "incident"
sys.path[:0] = [str(INCIDENT / name) for name in ("notices", "filing", ".")]

from example_dossier import example  # noqa: E402
from filed_matter import CENSUS, matter, summary  # noqa: E402
from told_people import PERSONS, noticed  # noqa: E402

from cellwarden.incident.filing.drawing import filing_pdf  # noqa: E402
from cellwarden.incident.filing.parts import parts  # noqa: E402
from cellwarden.incident.filing.press import press_parts  # noqa: E402
from cellwarden.incident.notices.drawing import notice_pdf  # noqa: E402
from cellwarden.incident.privacy.publication import publication  # noqa: E402
from cellwarden.incident.report import render_pdf  # noqa: E402

LANGUAGES = ("ko", "en")
COMPANY = {"ko": "예시모바일", "en": "Example Mobile"}
MISREAD = {"PDFA2A-TRUETYPE-GLYPH-WIDTH-001", "PDFUA1-FONT-GLYPH-WIDTH-001"}
RULES = {"2a": 150, "ua1": 100}
"""Fewest rules of a profile that must have been asked: a validator that asks nothing finds nothing."""


def a_filing(tmp_path):
    editions = {language: ("Report", "no. 1", parts(matter(tmp_path), language)) for language in LANGUAGES}
    return filing_pdf(COMPANY, editions, on=date(2025, 9, 11))


def a_press_sheet(_tmp_path):
    told = publication(summary(), CENSUS)
    editions = {
        language: ("Press", "2025-09-11", press_parts(told, summary()["window"], ZoneInfo("Asia/Seoul"), language))
        for language in LANGUAGES
    }
    return filing_pdf(COMPANY, editions, on=date(2025, 9, 11))


DOCUMENTS = {
    **{
        f"notice {kind} {language}": lambda tmp_path, kind=kind, language=language: notice_pdf(noticed(tmp_path, kind, language), COMPANY[language])
        for kind in PERSONS
        for language in LANGUAGES
    },
    "filing": a_filing,
    "press sheet": a_press_sheet,
}  # fmt: skip


def failures(content, profile):
    report = page.validate_pdf_bytes(content, profile=profile)
    assert report.rules.total >= RULES[profile]
    return {failure.rule_id for failure in report.failures}


@pytest.mark.parametrize("profile", RULES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_holds_the_rules_of_archive_and_accessibility(name, profile, tmp_path):
    assert failures(DOCUMENTS[name](tmp_path), profile) <= MISREAD


def test_the_investigation_report_holds_the_rules_of_accessibility():
    assert failures(render_pdf(example()), "ua1") <= MISREAD


@pytest.mark.parametrize("name", ["filing", "press sheet", "notice confirmed ko", "notice confirmed en"])
def test_every_glyph_is_as_wide_in_the_font_as_the_page_says(name, tmp_path):
    compared = 0
    with pikepdf.open(io.BytesIO(DOCUMENTS[name](tmp_path))) as pdf:
        for font in pdf.objects:
            if isinstance(font, pikepdf.Dictionary) and font.get("/Subtype") == "/CIDFontType0":
                fonts = CFFFontSet()
                fonts.decompile(io.BytesIO(font.FontDescriptor.FontFile3.read_bytes()), None)
                said = widths_of(font.W.as_list())
                for cid, width in said.items():
                    glyph = fonts[0].CharStrings[f"cid{cid:05}" if cid else ".notdef"]
                    glyph.draw(NullPen())
                    assert glyph.width == pytest.approx(width, abs=1), cid
                compared += len(said)
    assert compared > 50


def widths_of(listed):
    """Read a /W array (ISO 32000-1, 9.7.4.3): `first [width …]` or `first last width`."""
    found, rest = {}, list(listed)
    while rest:
        first = int(rest.pop(0))
        second = rest.pop(0)
        if isinstance(second, pikepdf.Array):
            found.update({first + place: float(width) for place, width in enumerate(second)})
        else:
            width = float(rest.pop(0))
            found.update(dict.fromkeys(range(first, int(second) + 1), width))
    return found


@pytest.mark.parametrize(("profile", "key"), [("2a", "/MarkInfo"), ("ua1", "/Lang"), ("2a", "/Metadata")])
def test_a_file_that_lost_what_it_needs_is_found(profile, key, tmp_path):
    """The validator is tried on files that we break, so that its silence means something."""
    content, broken = a_filing(tmp_path), io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        del pdf.Root[key]
        pdf.save(broken)
    assert failures(broken.getvalue(), profile) - MISREAD
