"""What a filing says, part by part, in one language; the PDF and the HWPX are drawn from the same parts.

Content as asked by the PIPA Decree, Article 40 (items, time and circumstances, response, relief, contact) and the Network Act Decree,
Article 58-2 (time, cause and damage, response status, contact).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cellwarden.incident.figures import ABSENT, is_currency, money, number, stamp
from cellwarden.incident.filing.chain import LIMIT_H
from cellwarden.incident.phrases import word
from cellwarden.incident.privacy.suppression import Name, Sum, withheld

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cellwarden.incident.filing.chain import Filing
    from cellwarden.incident.notices.facts import Facts
    from cellwarden.incident.phrases import Language

Row = dict[str, Any]


TEXT_COLUMNS = ("figure", "because", "query", "channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a filing."""

    title: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_figure: tuple[bool, ...] = ()
    """Of each column, whether it holds figures: they stand at the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a filing is about."""

    filing: Filing
    previous: Filing | None
    summary: Row
    """summary.json of the result."""
    suspects: list[Row]
    facts: Facts
    known_at: datetime
    """When the operator knew, aware."""
    at: datetime
    """When this is filed, aware."""
    late_because: str = ""
    law: str = "pipa"
    notices: Row | None = None
    """faults.json of the round of notices; None: none yet."""
    restated: dict[str, str] = field(default_factory=dict)
    """By language, who moved since the report before and why (`census diff`); empty: not compared."""


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("cellwarden.incident.filing") / "wording.toml").read_text(encoding="utf-8"))


def said(group: str, name: str, language: str, **values: object) -> str:
    """Return words of wording.toml, filled in."""
    text: str = _words()[group][name][language]
    return text.format(**values) if values else text


def figure(name: str, value: float | None, unit: str, language: Language) -> str:
    """Write one headline figure."""
    if value is None:
        return ABSENT
    if name == "money_linked" or is_currency(unit):
        return money(value, unit, language)
    return number(value)


def parts(matter: Matter, language: Language) -> list[Part]:
    """Return the parts of a filing in their order; `changes` only after the first."""
    writer = _Writer(matter, language)
    order = [
        "reporter",
        "changes",
        "known",
        "people",
        "circumstances",
        "damage",
        "channels",
        "response",
        "notices",
        "unknown",
        "basis",
    ]
    return [part for name in order if (part := getattr(writer, name)()) is not None]


@dataclass(frozen=True, slots=True)
class _Writer:
    matter: Matter
    language: Language

    def _part(self, name: str, *lines: str, head: tuple[str, ...] = (), rows: Sequence[tuple[str, ...]] = ()) -> Part:
        return Part(
            title=said("part", name, self.language),
            lines=tuple(lines),
            head=tuple(said("column", column, self.language) for column in head),
            rows=tuple(rows),
            is_figure=tuple(column not in TEXT_COLUMNS for column in head),
        )

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.matter.summary["operator"]["time_zone"])

    def _units(self) -> dict[str, str]:
        return {row["name"]: str(row["unit"]) for row in self.matter.summary["headlines"]}

    def reporter(self) -> Part:
        facts, language = self.matter.facts, self.language
        contact = said("say", "contact", language, phone=facts.phone, email=facts.email)
        return self._part("reporter", facts.name[language], contact, facts.dpo[language])

    def changes(self) -> Part | None:
        filing, previous = self.matter.filing, self.matter.previous
        if previous is None:
            return None
        units = self._units()
        follows = said("say", "previous", self.language, number=previous.number, digest=filing.previous)
        rows = [
            (
                word("headline", each.name, self.language),
                figure(each.name, each.before, units.get(each.name, ""), self.language),
                figure(each.name, each.after, units.get(each.name, ""), self.language),
                each.because[self.language],
            )
            for each in filing.changes
        ]
        moved = [self.matter.restated[self.language]] if self.matter.restated else []
        return self._part("changes", follows, *moved, head=("figure", "before", "after", "because") if rows else (), rows=rows)

    def known(self) -> Part:
        matter = self.matter
        hours = round((matter.at - matter.known_at).total_seconds() / 3600, 1)
        limit = LIMIT_H[matter.law]
        lines = [said("say", "known", self.language, at=stamp(matter.known_at, self._zone, named=True))]
        if matter.filing.kind == "first":
            told = {"hours": number(hours), "limit": limit, "reason": matter.late_because}
            lines.append(said("say", "late" if hours > limit else "in_time", self.language, **told))
        return self._part("known", *lines)

    def people(self) -> Part:
        units = self._units()
        names = ("people_signal_exposed", "people_imsi", "people_possible", "people_guti")
        rows = [
            (
                word("headline", name, self.language),
                figure(name, self.matter.filing.figures.get(name), units.get(name, ""), self.language),
            )
            for name in names
        ]
        rows += self._by_controller()
        return self._part("people", head=("figure", "value"), rows=[tuple(row) for row in rows])

    def _by_controller(self) -> list[tuple[str, str]]:
        """Split the total, small counts withheld: reports become public. The total itself is what the law asks for."""
        split = sorted((self.matter.summary.get("people_by_controller") or {}).items())
        counts: dict[Name, int] = {("of", name): int(count) for name, count in split}
        total: Name = ("all",)
        sums = [Sum(total, tuple(counts))] if counts else []
        gone = withheld({**counts, total: sum(counts.values())}, sums, stated={total})
        label, mark = said("column", "controller", self.language), said("press", "withheld", self.language)
        own = said("press", "own", self.language)
        return [
            (f"{label}: {own if name == 'own' else name}", mark if ("of", name) in gone else number(count))
            for name, count in split
        ]

    def circumstances(self) -> Part:
        window, zone = self.matter.summary["window"], self._zone
        lines = [self.matter.facts.route.get(self.language) or said("say", "route", self.language)]
        lines.append(
            said("say", "window", self.language, first=stamp(window["from"], zone), last=stamp(window["to"], zone, named=True))
        )
        accused = [row for row in self.matter.suspects if row["grade"] in ("rogue", "suspect")]
        if accused:
            first, last = min(row["from_at"] for row in accused), max(row["to_at"] for row in accused)
            told = {"first": stamp(first, zone), "last": stamp(last, zone, named=True), "count": number(len(accused))}
            lines.append(said("say", "episodes", self.language, **told))
        else:
            lines.append(said("say", "no_episodes", self.language))
        return self._part("circumstances", *lines)

    def damage(self) -> Part:
        figures, units = self.matter.filing.figures, self._units()
        rows = [
            (word("headline", name, self.language), figure(name, figures.get(name), units.get(name, ""), self.language))
            for name in ("payments_linked", "money_linked")
        ]
        chance = figures.get("payments_linked_by_chance")
        lines = [] if chance is None else [said("say", "chance", self.language, expected=number(chance))]
        lines.append(said("say", "open_question", self.language))
        return self._part("damage", *lines, head=("figure", "value"), rows=[tuple(row) for row in rows])

    def channels(self) -> Part | None:
        held = (self.matter.summary.get("links") or {}).get("channels") or []
        if not held:
            return None
        rows = [
            (
                word("channel", row["channel"], self.language),
                number(row["payments"]) if row["payments"] else said("say", "not_searched", self.language),
                number(row["met"]) if row["payments"] else ABSENT,
                number(row["expected"], digits=2) if row["payments"] else ABSENT,
                number(row["linked"]) if row["payments"] else ABSENT,
            )
            for row in held
        ]
        return self._part("channels", head=("channel", "payments", "met", "expected", "linked"), rows=rows)

    def response(self) -> Part:
        return self._part("response", *self.matter.facts.response[self.language])

    def notices(self) -> Part:
        made = self.matter.notices
        if made is None:
            return self._part("notices", said("say", "no_notices", self.language))
        language = self.language
        classes = ", ".join(said("class", name, language, count=f"{count:,}") for name, count in made["by_class"].items())
        lines = [said("say", "notices", language, on=made["on"], count=f"{made['notices']:,}", classes=classes or ABSENT)]
        if handed := sum(made["handed_over"].values()):
            lines.append(said("say", "handed_over", language, count=f"{handed:,}"))
        return self._part("notices", *lines)

    def unknown(self) -> Part:
        missing = self.matter.summary.get("missing_sources") or []
        lines = [
            said("say", "missing", self.language, names=", ".join(missing))
            if missing
            else said("say", "none_missing", self.language)
        ]
        return self._part("unknown", *lines)

    def basis(self) -> Part:
        filing, units = self.matter.filing, self._units()
        told = {"result": filing.result, "sha256": filing.manifest_sha256, "version": self.matter.summary["version"]}
        queries = {row["name"]: row["query"] for row in self.matter.summary["headlines"]}
        rows = [
            (
                word("headline", name, self.language),
                figure(name, value, units.get(name, ""), self.language),
                queries.get(name, ABSENT),
            )
            for name, value in filing.figures.items()
        ]
        return self._part("basis", said("say", "result", self.language, **told), head=("figure", "value", "query"), rows=rows)
