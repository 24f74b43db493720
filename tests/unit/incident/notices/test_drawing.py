import io

import pikepdf
import pytest
from told_people import PERSONS, noticed

from cellwarden.incident.notices.drawing import notice_pdf


@pytest.fixture(params=[(kind, language) for kind in sorted(PERSONS) for language in ("ko", "en")], ids="-".join)
def drawn(request, tmp_path):
    kind, language = request.param
    notice = noticed(tmp_path, kind, language)
    return notice, notice_pdf(notice, "Example Mobile")


def texts(element, found):
    """Collect the standard types of a structure tree."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found.append(str(kid.S))
            texts(kid, found)
    return found


def test_it_says_that_it_is_an_archive_file_and_accessible(drawn):
    _, content = drawn
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"


def test_it_is_built_as_those_standards_ask(drawn):
    """Structure only; `contract/test_pdf_conformance.py` asks a validator."""
    notice, content = drawn
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang).startswith(notice.language)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == notice.title
        assert "/OutputIntents" in root
        assert "/AF" not in root
        assert not pdf.is_encrypted
        kinds = texts(root.StructTreeRoot, [])
        assert {"/H1", "/H2"} <= set(kinds)
        assert kinds.count("/H2") == len(notice.sections)
        assert ("/TH" in kinds) == any(section.rows for section in notice.sections)
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            assert "/ToUnicode" in font
            assert any(name in font.DescendantFonts[0].FontDescriptor for name in ("/FontFile2", "/FontFile3"))


def test_the_same_notice_gives_the_same_bytes(drawn):
    notice, content = drawn
    assert notice_pdf(notice, "Example Mobile") == content
