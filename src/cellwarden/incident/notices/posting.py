"""What stands on the web site for 30 days for those whom no notice reached: the same elements, about nobody in particular.

One page in two languages, made with the round, so that it was approved with it. It has no link, no script and no form: whoever asks whether it is
about them proves to hold the line (`lookup.py`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from cellwarden.incident.notices.delivery import FALLBACK_DAYS
from cellwarden.incident.notices.facts import LANGUAGES
from cellwarden.incident.notices.notice import Section, wording, write
from cellwarden.incident.notices.people import CERTAIN, Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

    from cellwarden.incident.notices.facts import Facts
    from cellwarden.incident.notices.notice import Notice
    from cellwarden.incident.phrases import Language

OF_ONE = ("payments", "correction", "authentic", "evidence")
"""Elements that speak of one person's payments, earlier notice, reference or records."""
_STYLE = "body{font:1rem/1.6 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}h2{margin-top:2.5rem}h3{margin-bottom:.2rem}p,ul{margin-top:.2rem}"


def postings(
    persons: Iterable[Person], facts: Facts, *, language: Language, on: date, zone: ZoneInfo, case: str
) -> list[Notice]:
    """Return the general notices of a round: to those for whom it is certain, then to those for whom it is possible; none for nobody."""
    told: dict[str, list[Person]] = {"confirmed": [], "possible": []}
    for person in persons:
        if person.kind != "cleared":
            told["confirmed" if person.kind in CERTAIN else "possible"].append(person)
    return [_general(kind, held, facts, language=language, on=on, zone=zone, case=case) for kind, held in told.items() if held]


def _general(kind: str, held: list[Person], facts: Facts, *, language: Language, on: date, zone: ZoneInfo, case: str) -> Notice:
    items = tuple(dict.fromkeys(item for person in held for item in person.items))
    times = [pair for person in held for pair in person.times]
    span = ((min(first for first, _ in times), max(last for _, last in times)),) if times else ()
    everybody = Person(subject="", kind=kind, items=items, grounds=(), times=span)
    notice = write(everybody, facts, language=language, on=on, zone=zone, case=case)
    until = on + timedelta(days=FALLBACK_DAYS)
    asking = Section(
        element="lookup",
        title=wording("heading", "lookup", language),
        lines=(wording("text", "lookup", language).format(page=facts.page[language], phone=facts.phone),),
    )
    kept = tuple(section for section in notice.sections if section.element not in OF_ONE)
    lead = wording("posting", kind, language).format(name=facts.name[language], first=on.isoformat(), last=until.isoformat())
    return replace(notice, lead=lead, sections=(asking, *kept))


def page(notices: dict[Language, list[Notice]], facts: Facts) -> str:
    """Draw the general notices as one HTML page."""
    head = (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGES[0]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(facts.name[LANGUAGES[0]])} · {escape(wording('title', 'confirmed', LANGUAGES[0]))}</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    parts = [head]
    for language, held in notices.items():
        parts.append(f'<main lang="{language}">\n<h1>{escape(facts.name[language])}</h1>\n')
        for notice in held:
            parts.append(f"<section>\n<h2>{escape(notice.title)}</h2>\n<p>{escape(notice.lead)}</p>\n")
            parts += [_section(section) for section in notice.sections]
            parts.append("</section>\n")
        parts.append("</main>\n")
    return "".join([*parts, "</body>\n</html>\n"])


def _section(section: Section) -> str:
    lines = [escape(line) for line in section.lines]
    told = f"<p>{lines[0]}</p>" if len(lines) == 1 else "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    return f"<h3>{escape(section.title)}</h3>\n{told}\n"
