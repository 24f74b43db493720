import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from example_dossier import HOSTILE, VAN, example, nothing, suspect

from cellwarden.incident.report import render_html, render_pdf

GOLDEN = Path(__file__).parents[2] / "golden" / "report" / "report.html"
VOID = {"meta", "input", "col", "br", "hr", "img", "link"}


class Outline(HTMLParser):
    """Collects what a reader of the markup can stumble over."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.ids, self.targets, self.levels, self.unbalanced = [], [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        self.targets += [value for name, value in attrs if name == "href"]
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


def outline(html):
    parser = Outline()
    parser.feed(html)
    parser.close()
    return parser


def text_of(pdf, tmp_path):
    if not shutil.which("pdftotext"):
        if os.environ.get("CI"):
            pytest.fail("pdftotext must be installed in CI")
        pytest.skip("pdftotext is not installed")
    (tmp_path / "report.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()


@pytest.fixture(scope="module")
def html():
    return render_html(example())


@pytest.fixture(scope="module")
def pdf():
    return render_pdf(example())


def test_the_report_is_the_golden_one(html):
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(html, encoding="utf-8")
    assert html == GOLDEN.read_text(encoding="utf-8"), "read the difference; UPDATE_GOLDEN=1 accepts it"


def test_the_same_dossier_gives_the_same_html(html):
    assert render_html(example()) == html


def test_nothing_is_fetched_and_nothing_runs(html):
    parser = outline(html)
    for tag, attrs in parser.tags:
        assert tag not in {"script", "iframe", "object", "embed", "link", "base"}
        for name, value in attrs.items():
            assert not name.startswith("on"), name
            assert name != "src"
            assert name not in {"href", "xlink:href"} or value.startswith("#"), value
    assert not re.search(r"url\((?!#)", html)
    assert "@import" not in html


@pytest.mark.parametrize("dossier", [example(), nothing()], ids=["example", "nothing"])
def test_the_html_is_well_formed(dossier):
    parser = outline(render_html(dossier))
    assert parser.open == []
    assert parser.unbalanced == []
    assert len(parser.ids) == len(set(parser.ids))


@pytest.mark.parametrize("dossier", [example(), nothing()], ids=["example", "nothing"])
def test_every_link_leads_somewhere(dossier):
    parser = outline(render_html(dossier))
    assert {target[1:] for target in parser.targets} <= set(parser.ids)


def test_headings_never_skip_a_level(html):
    levels = outline(html).levels
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_every_drawing_is_xml_with_a_title_and_a_description(html):
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert len(drawings) >= 16
    for drawing in drawings:
        names = [child.tag.rpartition("}")[2] for child in ET.fromstring(drawing)]  # noqa: S314  # our own
        assert names[:2] == ["title", "desc"]


def test_hostile_text_is_shown_and_never_obeyed(html, pdf, tmp_path):
    assert HOSTILE not in html
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert html.count("</style>") == 1
    shown = text_of(pdf, tmp_path)
    assert "#set text(red)" in shown
    assert "*bold*" in shown


def test_a_report_of_nothing_says_so_in_plain_words(tmp_path):
    html = render_html(nothing())
    for words in (
        "There are no access records, so it cannot be told whether there was a rogue base station.",
        "Without access records no cell could be judged.",
        "Payments are not among the records",
        "There is no input file.",
        "No row was rejected.",
        "불법 기지국이 있었는지 판단할 수 없습니다.",
    ):
        assert words in html
    assert "접속 기록이 없어 어떤 셀도 판단하지 못했습니다." in text_of(render_pdf(nothing()), tmp_path)


def test_every_headline_number_names_its_query_and_what_it_could_not_use(html):
    cards = re.findall(r'<section class="card">.*?</section>', html, flags=re.DOTALL)
    assert len(cards) == 20
    for card in cards:
        assert re.search(r'href="#query-(census|fusion)"', card)
        assert "links" in card
    assert "2,475,000원" in html
    assert "2,475,000 KRW" in html


def test_numbers_that_do_not_add_up_are_not_called_sums():
    dossier = example()
    dossier.summary["people_signal_exposed"]["total"] = 21
    html = render_html(dossier)
    assert "It does not add up; do not quote these numbers." in html
    assert "It adds up." not in html


def test_a_macro_cell_is_also_named_by_base_station_and_sector(html):
    assert "19752561 (hex 0x12d6671, eNB-cell 77158-113)" in html
    assert f"{VAN} (hex 0x12d6871)" in html


def test_payments_not_yet_disputed_are_called_first(html):
    english = html[html.index('<article lang="en"') :]
    assert english.index("approved · call first") < english.index("approved · disputed")


def test_a_cell_without_a_place_cannot_be_placed(html):
    assert html.count("Cannot tell where it was") == 1


def test_long_tables_are_cut_and_say_where_the_rest_is():
    dossier = replace(example(), payments=example().payments * 30)
    html = render_html(dossier)
    assert "The first 100 are shown; 80 more are in payment_links.parquet." in html


def test_forty_episodes_stay_one_page_each_with_an_overview():
    many = [suspect(0x12D6800 + i, "rogue", hours=17 * i, unit=f"unit-{i % 5}") for i in range(40)]
    html = render_html(replace(example(), suspects=many))
    assert 'id="en-suspect-40"' in html
    assert "10 more cells not drawn." in html
    assert render_pdf(replace(example(), suspects=many)).startswith(b"%PDF")


def test_an_episode_of_a_year_is_drawn_with_few_bars():
    long = suspect(VAN, "suspect", lasts=24 * 305)
    activity = [
        {
            **{n: long[n] for n in ("plmn", "rat", "cell_type", "cell", "unit", "from_at")},
            "at": long["from_at"] + timedelta(hours=i),
            "events": 1,
            "people": 1,
        }
        for i in range(24 * 305)
    ]
    html = render_html(replace(example(), suspects=[long], activity=activity, tracks=[]))
    drawing = re.search(r'<svg[^>]*aria-labelledby="en-suspect-1-timeline.*?</svg>', html, flags=re.DOTALL)
    assert drawing
    assert drawing.group().count("<rect") < 500
    assert "Above: events in each 7 days" in html


def test_the_pdf_is_a_tagged_pdf_of_the_same_bytes_every_time(pdf):
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf
    assert render_pdf(example()) == pdf


def test_the_pdf_can_be_searched_in_both_languages(pdf, tmp_path):
    text = text_of(pdf, tmp_path)
    for words in (
        "불법 기지국 조사 보고서",
        "Rogue base station investigation report",
        "예시텔레콤",
        "GROUP BY imsi",
        "노출 등급",
    ):
        assert words in text


def test_a_pseudonym_can_be_found_and_copied_from_the_pdf(pdf, tmp_path):
    text = text_of(pdf, tmp_path)
    assert text.count("0000000000000003") == 2
    assert "19752561" in text


def test_a_sentence_is_given_in_the_language_of_the_reader_where_there_is_one(html):
    korean, english = html[: html.index('<article lang="en"')], html[html.index('<article lang="en"') :]
    assert "방문자의 주변 셀이 9시간 동안 11.2 km 이동함" in korean
    assert "방문자의 주변 셀이" not in english
    assert '<span lang="en">two setups overlap' in korean


def test_equipment_that_nobody_touched_is_told_and_accuses_no_cell(html):
    assert "HENB-00417" in html
    assert html.count("joined under an id that was never issued") == 2
