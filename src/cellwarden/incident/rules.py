"""Detectors and explanations in the report's words.

A card speaks English, being written beside its query; what a Korean reader needs of it stands in `rules.toml`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cellwarden.incident.blocks import Span
from cellwarden.incident.figures import ABSENT

if TYPE_CHECKING:
    from cellwarden.incident.phrases import Language

Row = dict[str, Any]


@cache
def words() -> dict[str, Row]:
    """Return what `rules.toml` says of each rule, by name."""
    return tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))


def title_of(name: str, language: Language) -> str:
    """Return the plain-language title of a detector or explanation; a new one reads as its name."""
    rule = words().get(name)
    return str(rule[f"title_{language}"]) if rule else name.replace("_", " ")


def looks_for(card: Row, language: Language) -> Span:
    """Return what a card of the catalogue looks for; in English, and marked so, where no Korean is known."""
    return _said(str(card.get("looks_for") or ABSENT), words().get(card["name"], {}).get(f"looks_for_{language}"), language)


def innocent_causes(card: Row, language: Language) -> Span:
    """Return the innocent causes of a card, joined; in English, and marked so, where no Korean is known."""
    causes = words().get(card["name"], {}).get(f"innocent_{language}")
    return _said("; ".join(card["innocent_causes"]), "; ".join(causes) if causes else None, language)


def _said(english: str, own: str | None, language: Language) -> Span:
    if language == "en":
        return Span(english)
    return Span(own) if own else Span(english, lang="en")
