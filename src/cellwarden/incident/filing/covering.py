"""The letter of a pack: to another controller, or to a service, about the rows that lie beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.incident.figures import stamp
from cellwarden.incident.filing.parts import Part, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cellwarden.incident.notices.facts import Facts
    from cellwarden.incident.phrases import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What a letter is about."""

    kind: str
    """`mvno` or `service`."""
    receiver: str
    rows: int
    columns: Sequence[str]
    sha256: str
    """Of people.csv."""
    window: tuple[datetime | str | None, datetime | str | None]
    """First and last access record."""


def letter(pack: Pack, facts: Facts, zone: ZoneInfo, language: Language) -> list[Part]:
    """Return the letter in one language: what happened, what the rows are, what is asked of the receiver, how to check them."""

    def part(name: str, *lines: str) -> Part:
        return Part(title=said("pack", name, language), lines=lines)

    window = {"first": stamp(pack.window[0], zone), "last": stamp(pack.window[1], zone, named=True)}
    rows = tuple((column, said("pack_column", column, language)) for column in pack.columns)
    head = (said("pack", "column", language), said("pack", "means", language))
    held = said("pack", f"held_{pack.kind}", language, rows=f"{pack.rows:,}")
    return [
        part("to", pack.receiver),
        part(
            "happened", facts.route.get(language) or said("say", "route", language), said("say", "window", language, **window)
        ),
        Part(title=said("pack", "held", language), lines=(held,), head=head, rows=rows),
        part("asked", *said("pack", f"asked_{pack.kind}", language).split("\n")),
        part("check", said("pack", "digest", language, sha256=pack.sha256)),
        part(
            "contact",
            facts.name[language],
            said("say", "contact", language, phone=facts.phone, email=facts.email),
            facts.dpo[language],
        ),
    ]
