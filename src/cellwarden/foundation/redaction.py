"""Show the shape of a value, never the value: errors and rejected rows reach logs and tickets."""

from __future__ import annotations

import re

_DIGIT_RUN = re.compile(r"\d{6,}")


def redact(text: str, *, keep: int = 5) -> str:
    """Return the first `keep` characters and the length: `45005…(15)`; short values stay whole."""
    return text if len(text) <= keep else f"{text[:keep]}…({len(text)})"


def mask_digits(text: str) -> str:
    """Replace every run of six or more digits by as many `#`, so that no identifier stays readable."""
    return _DIGIT_RUN.sub(lambda run: "#" * len(run.group()), text)
