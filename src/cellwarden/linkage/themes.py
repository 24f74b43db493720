"""What a complaint is about, in Korean and English, by a lexicon that works on the first day."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine

Row = dict[str, Any]
THEFT = ("unauthorised_payment", "no_verification")
"""Themes that speak of money taken."""


@cache
def lexicon() -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    """Return each theme with what makes it and what takes it away."""
    content = tomllib.loads((files("cellwarden.linkage") / "themes.toml").read_text(encoding="utf-8"))
    return {
        theme: (_either(words["any"]), _either(words["not"]) if "not" in words else None) for theme, words in content.items()
    }


def _either(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(words), flags=re.IGNORECASE)


def themes_of(text: str) -> tuple[str, ...]:
    """Return the themes of a complaint in the order of the lexicon; none where no word is known.

    >>> themes_of("인증번호 문자도 안 왔는데 상품권 2건이 결제됐어요")
    ('unauthorised_payment', 'no_verification', 'gift_card')
    >>> themes_of("My child bought game items; can this be refunded?")
    ('refund',)
    """
    spoken = " ".join(text.split())
    return tuple(
        theme
        for theme, (makes, unmakes) in lexicon().items()
        if makes.search(spoken) and not (unmakes and unmakes.search(spoken))
    )


def complaint_rows(engine: Engine) -> list[Row]:
    """Return the complaints in order of receipt, with their themes."""
    rows = engine.fetch(
        "SELECT c.complaint_id AS complaint_id, c.at AS received_at, c.about_from AS about_from, c.about_to AS about_to, c.imsi AS imsi, "
        "c.text AS text, c.payment_id AS payment_id, c.district AS district FROM complaints c ORDER BY received_at, complaint_id"
    ).to_pylist()
    return [{**row, "themes": themes_of(row["text"])} for row in rows]
