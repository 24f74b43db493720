"""The phrases of the report in Korean and English, which stand in `phrases.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final, Literal

Language = Literal["ko", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")
"""Korean first: the reader who must act first reads Korean."""
PHRASES: Final[dict[str, tuple[str, str]]] = {
    key: (korean, english)
    for key, (korean, english) in tomllib.loads(
        files("cellwarden.incident").joinpath("phrases.toml").read_text(encoding="utf-8")
    ).items()
}
"""Key -> (Korean, English)."""


def phrase(key: str, language: Language, **values: object) -> str:
    """Return a phrase with its values filled in; an unknown key is a programming error."""
    return PHRASES[key][LANGUAGES.index(language)].format_map(values)


def word(group: str, name: object, language: Language) -> str:
    """Return the word for an enumerated value (`grade`, `rogue`); a value we have no word for stays as it is."""
    key = f"{group}_{name}"
    return phrase(key, language) if key in PHRASES else str(name)
