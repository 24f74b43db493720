"""What the operator itself must state before anybody is told: whom to ask, what is done, who is the protection officer."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import MalformedInputError

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("ko", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of `notice.toml`."""

    name: dict[str, str]
    """Of the company, by language."""
    phone: str
    email: str
    hours: dict[str, str]
    dpo: dict[str, str]
    """Name and contact of the protection officer."""
    response: dict[str, list[str]]
    """What the company does: measures and relief, a sentence each."""
    route: dict[str, str]
    """How it happened, as far as is known; empty: the general sentence."""
    page: dict[str, str]
    """In words, where on the web site the notice stands for 30 days; never a link."""
    handover: tuple[str, ...] = ()
    """Controllers that tell their own subscribers; they get a pack."""

    @classmethod
    def read(cls, path: Path) -> Facts:
        """Read notice.toml.

        Raises:
            MalformedInputError: Not TOML, an unknown key, or a fact missing in one of the languages.
        """
        try:
            content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise MalformedInputError(
                f"not readable as TOML ({error})", where=path.name, fix="See how-to/customer-care"
            ) from error
        known = set(cls.__dataclass_fields__)
        if unknown := sorted(set(content) - known):
            raise MalformedInputError(
                f"unknown keys {', '.join(unknown)}", where=path.name, fix=f"Known are {', '.join(sorted(known))}"
            )
        for name in ("phone", "email"):
            if not isinstance(content.get(name), str) or not content[name].strip():
                raise MalformedInputError(f"{name} is not stated", where=path.name, fix=f'Write {name} = "…"')
        for name, kind in (("name", str), ("hours", str), ("dpo", str), ("page", str), ("response", list)):
            held = content.get(name)
            if not isinstance(held, dict) or any(not held.get(language) for language in LANGUAGES):
                raise MalformedInputError(
                    f"{name} is not stated in both languages", where=path.name, fix=f"Write [{name}] with ko and en"
                )
            if any(not isinstance(held[language], kind) for language in LANGUAGES):
                raise MalformedInputError(
                    f"{name} is not a {'list' if kind is list else 'text'}",
                    where=path.name,
                    fix=f"See [{name}] in how-to/customer-care",
                )
        content.setdefault("route", dict.fromkeys(LANGUAGES, ""))
        return cls(**{**content, "handover": tuple(content.get("handover", ()))})
