"""What leaves a case leaves it masked: people under names of this export alone, digits and addresses out of sight.

A pseudonym is the same in every result, so that two documents in one hand could be joined by it. An export therefore numbers its people anew,
and shows a name only where a reveal was agreed for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

PSEUDONYM = re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{16}(?![0-9a-zA-Z])")
"""As results show a subscriber: 16 hex digits, standing alone."""
_KEPT = (
    r"0x[0-9a-f]+|(?<![0-9a-zA-Z])[0-9a-f]{64}(?![0-9a-zA-Z])|\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
)
"""Cells in hex, SHA-256 and instants: digits that are nobody's."""
_ADDRESS = r"(?<![\d.])(?P<net>\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.])"
_MAIL = r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
_NUMBER = r"(?<!\w)(?:\+\d{1,3}(?:[ -]?\d){8,12}|0\d{1,2}[ -]\d{3,4}[ -]\d{4})(?!\w)|\d{6,}"
_SEEN = re.compile(rf"(?P<kept>{_KEPT})|{_ADDRESS}|{_MAIL}|(?P<number>{_NUMBER})", flags=re.IGNORECASE)


@dataclass(slots=True)
class Mask:
    """The names of one export; the same person has the same one throughout it."""

    revealed: dict[str, str] = field(default_factory=dict, repr=False)
    """Identifier by pseudonym, for those whose reveal was agreed."""
    people: dict[str, str] = field(default_factory=dict, repr=False)
    """What each pseudonym that was met is called, in the order of meeting."""

    def __call__(self, content: Any) -> Any:
        """Return content with every text in it masked: lists, and values and keys of dictionaries, too; numbers and instants stay."""
        if isinstance(content, str):
            return self.text(content)
        if isinstance(content, dict):
            return {self(key): self(value) for key, value in content.items()}
        if isinstance(content, (list, tuple)):
            return [self(each) for each in content]
        return content

    def text(self, words: str) -> str:
        """Return a text without pseudonyms, telephone numbers, long runs of digits, addresses and mail."""
        parts, end = [], 0
        for found in PSEUDONYM.finditer(words):
            parts += [_SEEN.sub(_hidden, words[end : found.start()]), self.name_of(found.group())]
            end = found.end()
        return "".join([*parts, _SEEN.sub(_hidden, words[end:])])

    def name_of(self, pseudonym: str) -> str:
        """Return what a person is called here."""
        if pseudonym not in self.people:
            self.people[pseudonym] = f"person-{len(self.people) + 1}"
        return self.revealed.get(pseudonym, self.people[pseudonym])


def _hidden(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    if found["net"]:
        return f"{found['net']}.x"
    return "…@…" if found["mail"] else re.sub(r"\d", "#", found["number"])
