import io
from datetime import date

import pikepdf
import pytest
from filed_matter import matter

from cellwarden.incident.filing.drawing import filing_pdf
from cellwarden.incident.filing.parts import parts


@pytest.fixture
def editions(tmp_path):
    return {language: ("Report", "no. 1", parts(matter(tmp_path), language)) for language in ("ko", "en")}


def test_it_is_an_accessible_archive_file_of_two_languages(editions):
    content = filing_pdf("Example Mobile", "no. 1", editions, on=date(2025, 9, 11))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("2", "A", "1")
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "ko"


def test_the_same_content_gives_the_same_bytes(editions):
    first = filing_pdf("Example Mobile", "no. 1", editions, on=date(2025, 9, 11))
    assert filing_pdf("Example Mobile", "no. 1", editions, on=date(2025, 9, 11)) == first
