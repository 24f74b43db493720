"""The few kinds of block a report is built from; both the HTML and the PDF template draw exactly these."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text that is more than text."""

    text: str
    to: str = ""
    """Identifier of the block it links to; empty: no link."""
    lang: str = ""
    """Language, where it is not the report's own."""
    is_code: bool = False
    """Names and identifiers, set in fixed width."""
    is_strong: bool = False


Text = str | Span
"""What a cell or a line may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; level 1 is the title of the report."""

    level: int
    text: str
    id: str
    starts_page: bool = False
    kind: str = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; `tone` is empty, `lead` (the verdict), `note` (small) or `warning`."""

    text: Text
    tone: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list without order."""

    items: list[Text]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names and values, one pair a line."""

    rows: list[tuple[str, Text]]
    kind: str = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One headline number with everything needed to quote it."""

    label: str
    value: str
    unit: str
    basis: list[tuple[str, Text]]
    """Window, query, sources it could not use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """The headline numbers."""

    cards: list[Card]
    kind: str = "headlines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; `share` is its part of the page's width."""

    title: str
    is_number: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a caption; `more` says what was cut and where it is."""

    caption: str
    columns: list[Column]
    rows: list[list[Text]]
    totals: list[Text] = field(default_factory=list)
    more: str = ""
    kind: str = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """An SVG drawing; `alt` says in words what it shows."""

    svg: str
    alt: str
    caption: str
    kind: str = "drawing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One finding: what it is called, how much it weighs, and its sentence."""

    title: str
    name: str
    words: str
    times: str
    sentence: Span
    """In the report's language where the detector speaks it."""
    basis: str
    """The records behind it, as the detector names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The findings about one cell, weightiest first."""

    reasons: list[Reason]
    kind: str = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A query, printed whole."""

    name: str
    id: str
    text: str
    kind: str = "code"


Block = Heading | Paragraph | Bullets | Facts | Headlines | Table | Drawing | Evidence | Code
