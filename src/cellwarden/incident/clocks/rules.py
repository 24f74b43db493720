"""The rules of `rules.toml` as objects, and when a clock under one of them is due. Pure: times go in, times come out."""

from __future__ import annotations

import calendar
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Something that a notice must say."""

    key: str
    ko: str
    en: str
    asked_from: date | None = None
    """Local day from which the law asks for it; None: always."""
    said_by: dict[str, str] = field(default_factory=dict)
    """Sections of a notice to people that say it, each with the place of the law; empty for what no notice of ours says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One legal deadline."""

    name: str
    law: str
    article: str
    source: str
    """Where it is written."""
    trigger: str
    """The recorded act that starts it."""
    to: str
    """Who gets the notice."""
    in_force_on: date
    content: tuple[Element, ...]
    hours: int | None = None
    days: int | None = None
    weeks: int | None = None
    months: int | None = None
    slips_for: tuple[str, ...] = ()
    """Reasons for which the law lets it be later; empty: none."""
    replaced_by: str | None = None
    """The rule whose notice is sent instead, if that comes to apply first."""
    condition: str = ""

    @property
    def period(self) -> str:
        """The period in words; "at once" where the law names none."""
        named = ((self.hours, "hours"), (self.days, "days"), (self.weeks, "weeks"), (self.months, "months"))
        return next((f"{length} {unit}" for length, unit in named if length), "at once")

    def due_at(self, started_at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the instant by which the duty is met in time; None: at once.

        Hours run straight on. Days and weeks do not count the day of the start and end with the last local day; months end with
        the same day of a later month, or its last day.
        """
        if self.hours:
            return started_at.astimezone(UTC) + timedelta(
                hours=self.hours
            )  # in UTC: a sum in a zone would follow the wall clock
        first = started_at.astimezone(zone).date()
        if self.days or self.weeks:
            last = first + timedelta(days=self.days or 0, weeks=self.weeks or 0)
        elif self.months:
            last = _months_later(first, self.months)
        else:
            return None
        return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)

    def asked(self, on: date) -> tuple[Element, ...]:
        """Return what a notice of that local day must say."""
        return tuple(each for each in self.content if each.asked_from is None or each.asked_from <= on)


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by name."""
    return {each["name"]: _rule(each) for each in _read("rules.toml")["rules"]}


@cache
def triggers() -> dict[str, dict[str, str]]:
    """Return what each trigger means, in Korean (`ko`) and English (`en`)."""
    return dict(_read("rules.toml")["triggers"])


def started_by(trigger: str, on: date) -> list[Rule]:
    """Return the rules that an act starts on a local day, in order of the file.

    Raises:
        UsageError: There is no such trigger.
    """
    if trigger not in triggers():
        raise UsageError(f"{trigger!r} starts no clock", where="trigger", fix=f"Known are {', '.join(triggers())}")
    return [each for each in rules().values() if each.trigger == trigger and each.in_force_on <= on]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _rule(entry: dict[str, Any]) -> Rule:
    content = tuple(
        Element(key=each["key"], ko=each["ko"], en=each["en"], asked_from=each.get("from"), said_by=each.get("said_by", {}))
        for each in entry["content"]
    )
    return Rule(**{**entry, "content": content, "slips_for": tuple(entry.get("slips_for", ()))})


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
