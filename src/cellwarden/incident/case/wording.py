"""What people write into a case: some words are needed, and a subscriber's number is not among them."""

from __future__ import annotations

import re

from cellwarden.foundation.errors import MalformedInputError

_NUMBER = re.compile(r"(?<!\w)(?:\d{10,}|0\d{1,2}[ -]\d{3,4}[ -]\d{4}|\+\d{1,3}(?:[ -]?\d){8,12})(?!\w)")


def checked_words(text: str, *, where: str, least: int = 1, most: int = 4000) -> str:
    """Return the text without outer spaces.

    Args:
        text: As a person wrote it; it goes into the audit log, where nothing can be taken out again.
        where: Which field, for the error.
        least: Fewest characters.
        most: Most characters.

    Raises:
        MalformedInputError: It is too short or too long, or holds what could be a subscriber's number.
    """
    words = text.strip()
    if not least <= len(words) <= most:
        fix = "Say it in a few words" if len(words) < least else "Put the text into a file and enter it as evidence"
        raise MalformedInputError(f"{len(words)} characters, where {least} to {most} are asked for", where=where, fix=fix)
    if found := _NUMBER.search(words):
        raise MalformedInputError(
            f"the text holds {len(found.group())} characters that read like a subscriber's number",
            where=where,
            fix="Write the pseudonym, or put the number into a file that enters as evidence",
        )
    return words
