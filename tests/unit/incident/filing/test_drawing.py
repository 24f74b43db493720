import io
import os
import shutil
import subprocess
from datetime import date

import pikepdf
import pytest
from filed_matter import matter

from cellwarden.incident.filing.drawing import _shares, filing_pdf
from cellwarden.incident.filing.parts import Part, parts

COMPANY = {"ko": "예시모바일", "en": "Example Mobile"}


@pytest.fixture
def editions(tmp_path):
    return {language: ("Report", "no. 1", parts(matter(tmp_path), language)) for language in ("ko", "en")}


def test_it_is_an_accessible_archive_file_of_two_languages(editions):
    content = filing_pdf(COMPANY, editions, on=date(2025, 9, 11))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("2", "A", "1")
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "ko"


def test_the_same_content_gives_the_same_bytes(editions):
    first = filing_pdf(COMPANY, editions, on=date(2025, 9, 11))
    assert filing_pdf(COMPANY, editions, on=date(2025, 9, 11)) == first


def test_each_language_has_the_company_and_the_foot_in_its_own_words(editions, tmp_path):
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        assert not os.environ.get("CI"), "poppler-utils is missing"
        pytest.skip("pdftotext is missing: apt install poppler-utils")
    path = tmp_path / "filing.pdf"
    path.write_bytes(filing_pdf(COMPANY, editions, on=date(2025, 9, 11)))
    pages = subprocess.run([pdftotext, path, "-"], capture_output=True, text=True, check=True).stdout.split("\f")[:-1]
    feet = [next(name for name in COMPANY.values() if f"{name} · no. 1" in page) for page in pages]
    assert feet == sorted(feet, key=list(COMPANY.values()).index)
    assert set(feet) == set(COMPANY.values())


def test_a_column_has_room_by_its_longest_text_and_hangul_is_wide():
    rows = (("a", "1", "불법 기지국에 접속한 사람"), ("b", "2", "x" * 200))
    assert _shares(Part(title="t", head=("a", "b", "c"), rows=rows)) == [8, 8, 48]
    assert _shares(Part(title="t", head=("a",), rows=(("불법 기지국",),))) == [11]
