import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from filed_matter import matter
from hwpx import HwpxDocument

from cellwarden.incident.filing.hwpx import hwpx
from cellwarden.incident.filing.parts import parts


@pytest.fixture
def made(tmp_path):
    held = matter(tmp_path)
    return hwpx("개인정보 유출 신고서", "예시모바일 · 제1호", [parts(held, language) for language in ("ko", "en")])


def test_the_schema_and_the_package_are_valid(made, tmp_path):
    (tmp_path / "report.hwpx").write_bytes(made)
    for tool in ("hwpx-validate", "hwpx-validate-package"):
        command = shutil.which(tool, path=str(Path(sys.executable).parent))
        assert command, tool
        checked = subprocess.run([command, str(tmp_path / "report.hwpx")], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_word_and_cell_is_in_it(made, tmp_path):
    text = HwpxDocument.open(io.BytesIO(made)).text.plain()
    for part in (*parts(matter(tmp_path), "ko"), *parts(matter(tmp_path), "en")):
        assert part.title in text
        for line in part.lines:
            assert line in text
        for row in part.rows:
            assert all(cell in text for cell in row)


def test_the_same_content_gives_the_same_bytes(made, tmp_path):
    held = matter(tmp_path)
    again = hwpx("개인정보 유출 신고서", "예시모바일 · 제1호", [parts(held, language) for language in ("ko", "en")])
    assert again == made


def test_the_type_is_the_first_member_and_not_packed(made):
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert package.read("mimetype") == b"application/hwp+zip"
