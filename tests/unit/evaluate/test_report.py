import inspect
import json
import re
import tomllib
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib import resources

import pytest
from made_up_truth import CAFE, NAMED, decoy, found, suspect, truth

from cellwarden.evaluate import scores as scores_module
from cellwarden.evaluate.bars import BARS
from cellwarden.evaluate.drill import days_of_drill, drill
from cellwarden.evaluate.report import PLOT, figure, points, render_drill, render_html, to_json
from cellwarden.evaluate.scores import score

VOID = {"meta", "rect", "line", "circle", "input"}


class Balanced(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 (the parser's own signature)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


CASES = {
    "perfect": score(truth(), found(), ablations=(found(name="less"),)),
    "accused": score(truth(), found(suspects=[*NAMED, suspect(CAFE, "05 10:00", "05 11:00")])),
    "hidden": score(truth(), found(name_of=None)),
    "quiet": score(truth(cells=[decoy()], exposures=[], thefts=[]), found(suspects=[], exposures=[], payment_links=[])),
}


PLAYED = drill(truth(), days_of_drill(truth(), [found(manifest={"until": f"2025-08-0{day}T12:00:00Z"}) for day in (6, 7)]))
PAGES = {name: render_html(scores) for name, scores in CASES.items()} | {"drill": render_drill(PLAYED)}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_page_is_whole_and_needs_nobody(page):
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert not re.search(r"<script|https?://|src=|href=|@import", page)
    assert "None" not in page
    assert "@media print" in page


def test_every_word_of_the_pages_is_there_in_korean_and_none_is_left_over():
    folder = resources.files("cellwarden.evaluate") / "templates"
    korean = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
    templates = "".join((folder / f"{name}.html.j2").read_text(encoding="utf-8") for name in ("report", "drill", "scene"))
    said = set(re.findall(r't\("([^"]+)"', templates)) | set(re.findall(r'\("[a-z0-9_]+", "([^"]+)"\)', templates))
    said |= set(re.findall(r'else "([^"]+)"\)', templates)) | {"nothing to measure", "yes", "no"}
    said |= {bar.name for bar in BARS} | set(re.findall(r'"(the (?:result|truth) [^"]+)"', inspect.getsource(scores_module)))
    assert said == set(korean)
    assert all(re.search("[가-힣]", text) for english, text in korean.items() if english not in ("F1", "PLMN", "B-cubed F1"))


def test_times_are_told_in_the_zone_of_the_operator_and_numbers_of_cells_without_commas():
    told = truth(manifest={**truth().manifest, "time_zone": "Asia/Seoul"})
    page = render_html(score(told, found(suspects=[*NAMED, suspect(CAFE, "05 10:00", "05 11:00")])))
    assert "2025-08-05 19:00" in page
    assert "Asia/Seoul" in page
    assert f"<td>{CAFE}</td>" in page


def test_a_missed_bar_stands_out():
    assert 'class="missed"' in render_html(CASES["accused"])
    assert 'class="missed"' not in render_html(CASES["perfect"])


def test_what_was_not_measured_says_why():
    assert "the key of its lake was not given" in render_html(CASES["hidden"])


def test_names_are_escaped():
    assert "<b>" not in render_html(score(truth(), found(name="<b>")))


def test_json_is_the_same_for_the_same_scores_and_times_are_iso():
    text = to_json(CASES["accused"])
    assert text == to_json(json.loads(text))
    assert json.loads(text)["false_accusations"]["cells"][0]["from_at"] == "2025-08-05T10:00:00Z"


def test_dots_lie_in_the_plot_and_empty_bins_have_none():
    bins = [{"forecasts": 4, "said": 1.0, "happened": 1.0}, {"forecasts": 0, "said": None, "happened": None}]
    assert points(bins) == [{"x": PLOT, "y": 0, "r": 5.0, "forecasts": 4}]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (True, "yes"),
        (False, "no"),
        (1253, "1,253"),
        (0.98761, "0.9876"),
        (112.5072, "112.5"),
        (-1620.4, "-1,620"),
        (1.0, "1"),
        (0.0, "0"),
        (datetime(2025, 8, 4, 15, 30, 59, tzinfo=UTC), "2025-08-04 15:30"),
        ("van", "van"),
    ],
)
def test_figures_read_as_people_write_them(value, text):
    assert figure(value) == text
