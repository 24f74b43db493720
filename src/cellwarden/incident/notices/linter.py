"""Does a notice hold what each law asks, in words that people understand? Nothing is sent while a fault stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cellwarden.incident.clocks.rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.incident.notices.notice import Notice, Section

PLAIN = "plain_language"
"""The law of faults that are about words."""
LONGEST = {"en": 30, "ko": 20}
"""Words of the longest sentence that still counts as plain: English by common guides; Korean words carry their particles."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_PHONE = re.compile(r"\d[\d \-]{2,}\d")
_MAIL = re.compile(r"\S+@\S+\.\S+")
_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|net|org|kr|io|me|ly)\b", flags=re.IGNORECASE)
_LEFT_OPEN = re.compile(r"\{[^}]*\}|TODO|TBD|lorem", flags=re.IGNORECASE)
_IDENTIFIER = re.compile(r"(?<![\d-])\d{10,16}(?![\d-])")
_SOOTHING = {
    "en": re.compile(
        r"harmless|no (?:harm|damage) (?:was|has been)|nothing to worry|you are safe|were not affected", flags=re.IGNORECASE
    ),
    "ko": re.compile(r"피해가 없|안심하|문제가 없|영향을 받지 않"),
}
"""Words that nobody can prove; a notice tells what is known."""
_RIGHTS = {"en": ("damages", "statutory damages", "mediation"), "ko": ("손해배상", "법정손해배상", "분쟁조정")}
_PROMISE = {"en": ("as soon as", "if it was not"), "ko": ("즉시", "유출되지 않은")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that keeps a notice back."""

    reference: str
    law: str
    """Key of laws.toml, or `plain_language`."""
    article: str
    """The place that demands it; empty for words."""
    element: str
    what: str


@cache
def laws() -> dict[str, Any]:
    """Return by key the name (by language), the clock's rule and the classes of notices of each law."""
    return tomllib.loads((files("cellwarden.incident.notices") / "laws.toml").read_text(encoding="utf-8"))


def in_force(on: date) -> tuple[str, ...]:
    """Return the keys of the laws in force on a day."""
    return tuple(key for key, law in laws().items() if rules()[law["rule"]].in_force_on <= on)


def required(law: str, on: date = date.max) -> dict[str, str]:
    """Return the elements that a law asks for on a day, each with the place that demands it; by default all that it ever asked for."""
    asked = rules()[laws()[law]["rule"]].asked(on)
    return {section: article for element in asked for section, article in element.said_by.items()}


def lint(notice: Notice, *, under: tuple[str, ...], on: date = date.max) -> list[Fault]:
    """Return what a notice lacks.

    Args:
        notice: As it will be drawn.
        under: Keys of the laws that apply (`in_force`, less those of other countries).
        on: Day of the notice, where the laws are to be read as they stood then.
    """
    found = []
    sections = {section.element: section for section in notice.sections}
    for key in under:
        law = laws()[key]
        if notice.kind in law["classes"]:
            for element, article in required(key, on).items():
                said = _lacks(element, sections.get(element), notice)
                if said:
                    found.append(Fault(reference=notice.reference, law=key, article=article, element=element, what=said))
    found += [
        Fault(reference=notice.reference, law=PLAIN, article="", element=element, what=what)
        for element, what in _unplain(notice)
    ]
    return found


def _lacks(element: str, section: Section | None, notice: Notice) -> str:
    """Say what an element lacks; empty if it says what it should."""
    if section is None or not any(re.search(r"\w", line) for line in section.lines):
        return "is missing"
    check = _CONCRETE.get(element)
    return check(section, notice) if check is not None else ""


def _words_lacking(section: Section, words: tuple[str, ...]) -> list[str]:
    text = " ".join(section.lines).casefold()
    return [word for word in words if word not in text]


def _when(section: Section, _notice: Notice) -> str:
    text = " ".join(section.lines)
    return "" if _DAY.search(text) and _CLOCK.search(text) else "names no day and time"


def _contact(section: Section, _notice: Notice) -> str:
    text = " ".join(section.lines)
    return "" if _PHONE.search(text) and _MAIL.search(text) else "names no telephone and e-mail"


def _officer(section: Section, _notice: Notice) -> str:
    text = " ".join(section.lines)
    return "" if _PHONE.search(text) or _MAIL.search(text) else "names no way to reach the officer"


def _rights(section: Section, notice: Notice) -> str:
    lacking = _words_lacking(section, _RIGHTS[notice.language])
    return f"does not speak of {', '.join(lacking)}" if lacking else ""


def _promise(section: Section, notice: Notice) -> str:
    return "does not promise the outcome, whatever it is" if _words_lacking(section, _PROMISE[notice.language]) else ""


def _correction(section: Section, _notice: Notice) -> str:
    return "" if _DAY.search(" ".join(section.lines)) else "does not name the notice that it is about"


def _measures(section: Section, _notice: Notice) -> str:
    return "" if len(section.lines) > 1 else "is not concrete: fewer than two measures"


def _every_item(section: Section, notice: Notice) -> str:
    return "" if len(section.lines) >= max(1, len(notice.items)) else "does not name every item"


_CONCRETE: dict[str, Callable[[Section, Notice], str]] = {
    "items": _every_item,
    "when": _when,
    "contact": _contact,
    "dpo": _officer,
    "rights": _rights,
    "further_notice": _promise,
    "correction": _correction,
    "self_protection": _measures,
    "response": _measures,
}
"""What makes an element concrete, beyond being there."""


def _unplain(notice: Notice) -> list[tuple[str, str]]:
    found = []
    pieces = [("title", notice.title), ("lead", notice.lead)]
    pieces += [(section.element, line) for section in notice.sections for line in section.lines]
    for element, text in pieces:
        if _LEFT_OPEN.search(text):
            found.append((element, "a place was not filled in"))
        if _LINK.search(_MAIL.sub("", text)):
            found.append((element, "has a link to tap; say where to look in words"))
        if _IDENTIFIER.search(text):
            found.append((element, "shows a whole identifier"))
        if _SOOTHING[notice.language].search(text):
            found.append((element, "soothes: nobody can prove it"))
        longest = max(len(sentence.split()) for sentence in re.split(r"(?<=[.!?])\s", text))
        if longest > LONGEST[notice.language]:
            found.append((element, f"a sentence of {longest} words"))
    return found
