"""The investigation report for people: one HTML file that works offline, and a tagged PDF.

Both are drawn from the same blocks, Korean first, then English; the queries are printed once, for both.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import typst
from markupsafe import Markup
from pylopdf_fonts_ko import sans_path

from cellwarden.incident import counts, limits, opening, suspect_pages
from cellwarden.incident.blocks import Heading
from cellwarden.incident.directions import side_by_side
from cellwarden.incident.episodes import Episodes
from cellwarden.incident.phrases import LANGUAGES, phrase
from cellwarden.incident.registry_audit import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.incident.blocks import Block
    from cellwarden.incident.dossier import Dossier
    from cellwarden.incident.phrases import Language

_TEMPLATES = resources("cellwarden.incident") / "templates"
_BLIND_CHAPTER = 10
_CHAPTERS: tuple[tuple[str, Callable[[Episodes, Language], list[Block]]], ...] = (
    ("verdict", lambda case, language: opening.verdict(case, language, blind_chapter=_BLIND_CHAPTER)),
    ("headlines", opening.headlines),
    ("words", lambda _case, language: opening.words(language)),
    ("suspects", suspect_pages.suspects),
    ("cleared", suspect_pages.cleared),
    ("census", counts.census),
    ("payments", lambda case, language: [*counts.payments(case, language), *side_by_side(case, language)]),
    ("registry", registry),
    ("files", counts.files),
    ("blind", limits.blind),
    ("detectors", limits.detectors),
)
"""The chapters in their order; those after `blind` are appendices and carry a letter instead of a number."""
_OWN_PAGE = ("headlines", "suspects", "cleared", "detectors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The report in one language."""

    language: Language
    name: str
    title: str
    operator: str
    contents_title: str
    contents: list[tuple[str, str]]
    """(identifier, title) of every chapter, the queries included."""
    blocks: list[Block]


def edition(case: Episodes, language: Language) -> Edition:
    """Write the report in one language, as blocks."""
    blocks: list[Block] = opening.cover(case, language)
    contents: list[tuple[str, str]] = []
    for place, (name, write) in enumerate(_CHAPTERS, start=1):
        title = phrase(f"chapter_{name}", language)
        title = f"{place}. {title}" if place <= _BLIND_CHAPTER else title
        anchor = f"{language}-{name}"
        contents.append((anchor, title))
        blocks += [Heading(level=2, text=title, id=anchor, starts_page=name in _OWN_PAGE), *write(case, language)]
    contents.append(("queries", phrase("chapter_queries", language)))
    operator = case.summary.get("operator", {}).get("name") or phrase("operator_unnamed", language)
    return Edition(
        language=language,
        name=phrase("language_name", language),
        title=phrase("title", language),
        operator=operator,
        contents_title=phrase("contents", language),
        contents=contents,
        blocks=blocks,
    )


def render_html(dossier: Dossier) -> str:
    """Return the report as one HTML file: no script, nothing fetched, language chosen by radio buttons."""
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({"report": (_TEMPLATES / "report.html.j2").read_text(encoding="utf-8")}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    case = Episodes(dossier)
    return environment.get_template("report").render(
        css=_own(_read("report.css")),
        own=_own,
        editions=[edition(case, language) for language in LANGUAGES],
        queries=limits.queries(case),
        queries_title=" · ".join(phrase("chapter_queries", language) for language in LANGUAGES),
        phrase=phrase,
        languages=LANGUAGES,
    )


def render_pdf(dossier: Dossier) -> bytes:
    """Return the report as PDF/UA-1: tagged, with bookmarks, undated, the same bytes for the same dossier."""
    case = Episodes(dossier)
    content = {
        "editions": [asdict(edition(case, language)) for language in LANGUAGES],
        "queries": [asdict(query) for query in limits.queries(case)],
        "phrases": {language: _phrases_of_the_pdf(language, has_queries=bool(dossier.queries)) for language in LANGUAGES},
    }
    return typst.compile(
        _read("report.typ").encode(),
        format="pdf",
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(sans_path()).parent)]
        ),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )


def _phrases_of_the_pdf(language: Language, *, has_queries: bool) -> dict[str, str]:
    return {
        "queries": phrase("chapter_queries", language),
        "queries_intro": phrase("queries_intro" if has_queries else "queries_none", language),
    }


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _own(text: str) -> Markup:
    """Mark text of our own making (style sheet, drawings, whose texts are escaped already) as safe."""
    return Markup(text)  # noqa: S704  # never called with text from the dossier
