"""One notice as sections of plain words; the PDF, the mail and the web page are drawn from it and say the same."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.clock import aware
from cellwarden.incident.figures import ABSENT, money
from cellwarden.incident.notices.people import CERTAIN

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from cellwarden.incident.notices.facts import Facts
    from cellwarden.incident.notices.people import Person
    from cellwarden.incident.phrases import Language

TO = "\u2013"
"""Stands between two times: an en dash."""
MOST_TIMES = 20
"""Times listed in one notice; the rest is told on demand."""
NEVER_SEEN = ("name", "birth_date", "resident_number", "card")
"""What a base station cannot see: the notice says so, since people fear for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One element of a notice."""

    element: str
    """As laws.toml names it."""
    title: str
    lines: tuple[str, ...]
    """Sentences, or the points of a list."""
    rows: tuple[tuple[str, ...], ...] = ()
    """A table beneath, if any, without its head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice to one subscriber."""

    reference: str
    """Twelve hex digits; says nothing about the subscriber, and the same facts give the same one."""
    subject: str
    kind: str
    language: Language
    on: date
    """Local date of the notice."""
    title: str
    lead: str
    sections: tuple[Section, ...]
    items: tuple[str, ...]

    def text(self) -> str:
        """Return the whole notice as plain text."""
        parts = [self.title, f"{wording('text', 'reference', self.language)}: {self.reference}", self.lead]
        parts += [
            "\n".join([section.title, *section.lines, *(" · ".join(row) for row in section.rows)]) for section in self.sections
        ]
        return "\n\n".join(parts) + "\n"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("cellwarden.incident.notices") / "wording.toml").read_text(encoding="utf-8"))


def wording(group: str, name: str, language: str) -> Any:
    """Return words of wording.toml: a sentence or a list of them."""
    return _words()[group][name][language]


def reference_of(case: str, person: Person) -> str:
    """Return the reference of a notice: a digest of the case, the subscriber and what they are told."""
    told = "|".join(
        [case, person.subject, person.kind, *person.items, *(at.isoformat() for pair in person.times for at in pair)]
    )
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def write(person: Person, facts: Facts, *, language: Language, on: date, zone: ZoneInfo, case: str) -> Notice:
    """Write the notice of a person.

    Args:
        person: To whom, and what is known.
        facts: What the operator states.
        language: `ko` or `en`.
        on: Local date of the notice.
        zone: In which times are told; its name is said.
        case: Number of the case, part of the reference.
    """
    kind = person.kind
    writer = _Writer(person, facts, language, zone)
    order = {
        "confirmed": ("items", "not_exposed", "when", "route", "evidence", "payments", "consequences", "self_protection", "response", "rights", "contact", "dpo", "authentic"),
        "possible": ("items", "not_exposed", "when", "route", "evidence", "payments", "consequences", "self_protection", "response", "further_notice", "contact", "dpo", "authentic"),
        "upgrade": ("correction", "items", "not_exposed", "when", "route", "evidence", "payments", "consequences", "self_protection", "response", "rights", "contact", "dpo", "authentic"),
        "cleared": ("correction", "contact", "dpo", "authentic"),
    }[kind]  # fmt: skip
    sections = tuple(section for element in order if (section := writer.section(element)) is not None)
    return Notice(
        reference=reference_of(case, person),
        subject=person.subject,
        kind=kind,
        language=language,
        on=on,
        title=wording("title", kind, language),
        lead=wording("lead", kind, language),
        sections=sections,
        items=person.items,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    person: Person
    facts: Facts
    language: Language
    zone: ZoneInfo

    def section(self, element: str) -> Section | None:
        """Return one section; None where the person gives no reason for it."""
        lines, rows = getattr(self, f"_{element}", self._general)(element)
        if not lines and not rows:
            return None
        title = "items_possible" if element == "items" and self.person.kind not in CERTAIN else element
        return Section(element=element, title=wording("heading", title, self.language), lines=tuple(lines), rows=tuple(rows))

    def _general(self, element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        said = wording("text", element, self.language)
        return (list(said) if isinstance(said, list) else [said]), []

    def _items(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        return [wording("item", item, self.language) for item in self.person.items], []

    def _not_exposed(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        names = [wording("item", item, self.language) for item in NEVER_SEEN]
        return [", ".join(names) + ".", wording("item_note", "none", self.language)], []

    def _when(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        times = self.person.times
        told = [self._span(first, last) for first, last in times[:MOST_TIMES]]
        if len(times) > MOST_TIMES:
            told.append(wording("text", "more_times", self.language).format(more=len(times) - MOST_TIMES))
        zone = aware(times[0][0]).astimezone(self.zone).tzname() or "UTC"
        return [*told, wording("text", "time_zone", self.language).format(zone=zone)], []

    def _span(self, first: datetime, last: datetime) -> str:
        begin, end = (aware(at).astimezone(self.zone) for at in (first, last))
        until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
        return f"{begin:%Y-%m-%d %H:%M}" + ("" if f"{begin:%Y-%m-%d %H:%M}" == f"{end:%Y-%m-%d %H:%M}" else f" {TO} {until}")

    def _route(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        return [wording("text", "route", self.language), *filter(None, [self.facts.route.get(self.language, "")])], []

    def _evidence(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        return [wording("evidence", ground, self.language) for ground in self.person.grounds], []

    def _payments(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        charged = [row for row in self.person.payments if row["status"] in (None, "approved")]
        sure = [row["meeting"] == "through" for row in charged]
        lines = [wording("text", "payments", self.language)] if any(sure) else []
        lines += [] if all(sure) else [wording("text", "payments_unsure", self.language)]
        rows: list[tuple[str, ...]] = [
            (
                f"{aware(row['at']).astimezone(self.zone):%Y-%m-%d %H:%M}" + ("" if is_sure else " *"),
                row["merchant"] or ABSENT,
                money(row["amount"], row["currency"], self.language),
            )
            for row, is_sure in zip(charged, sure, strict=True)
        ]
        return (lines, rows) if rows else ([], [])

    def _response(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        return list(self.facts.response[self.language]), []

    def _correction(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        earlier = self.person.earlier
        said = wording("correction", self.person.kind, self.language)
        return ([said.format(earlier=earlier.on)] if earlier is not None else []), []

    def _contact(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        facts, language = self.facts, self.language
        filled = {"name": facts.name[language], "phone": facts.phone, "email": facts.email, "hours": facts.hours[language]}
        return [wording("text", "contact", language).format(**filled)], []

    def _dpo(self, _element: str) -> tuple[list[str], list[tuple[str, ...]]]:
        return [self.facts.dpo[self.language]], []
