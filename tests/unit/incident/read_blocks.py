"""Reads blocks as a person would: their words, in order."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from cellwarden.incident.blocks import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN = {"kind", "id", "svg", "to", "lang", "tone"}


def words(part: Any) -> str:
    """Return every word that a reader sees in blocks, one piece a line; drawings by their description."""
    return "\n".join(_pieces(part))


def _pieces(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _pieces(each)
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in HIDDEN:
                yield from _pieces(getattr(part, field.name))


def spans(part: Any) -> Iterator[Span]:
    """Yield every span in blocks."""
    if isinstance(part, Span):
        yield part
    elif isinstance(part, list | tuple):
        for each in part:
            yield from spans(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from spans(getattr(part, field.name))


def of_kind(blocks: list[Any], kind: str) -> list[Any]:
    """Return the blocks of one kind, in order."""
    return [block for block in blocks if block.kind == kind]


def facts_of(blocks: list[Any]) -> dict[str, str]:
    """Return the names and values of every list of facts."""
    return {name: words(value) for block in of_kind(blocks, "facts") for name, value in block.rows}
