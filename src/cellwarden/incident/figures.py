"""Numbers, money, times and cells, spelt as a person of either language reads them."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.clock import aware
from cellwarden.incident.phrases import Language, phrase

if TYPE_CHECKING:
    from datetime import tzinfo

    from cellwarden.incident.dossier import Row

ABSENT = "\u2013"
"""What stands where there is no value: an en dash."""
_MINOR_DIGITS = {"KRW": 0, "JPY": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}
"""Digits after the point (ISO 4217); two for every other currency."""
_SECTOR_BITS = {"macro": 8, "short_macro": 10, "long_macro": 7}
"""Low bits of the cell number that count sectors, by kind of base station (TS 36.413, 9.2.1.37)."""
_SUPPORT = ((1e6, "extremely"), (1e4, "very"), (1e3, "strong"), (1e2, "fairly"), (10.0, "moderate"), (2.0, "weak"))
"""Least likelihood ratio of each word (ENFSI Guideline for Evaluative Reporting, 2015)."""


class Count(int):
    """A count that picks its English plural: `{n:cell|cells}`; thousands are separated."""

    __slots__ = ()

    def __format__(self, words: str) -> str:
        """Write the count, and after it the word for one or for many where the format names them."""
        one, _, many = words.partition("|")
        return f"{int(self):,}" + (f" {one if self == 1 else many}" if words else "")


def number(value: object, *, digits: int = 1) -> str:
    """Write a number with thousands separators; fractions keep `digits` places, below 1 two, a missing one is a dash."""
    if value is None:
        return ABSENT
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or (math.isfinite(value) and value == int(value)):
        return f"{int(value):,}"
    if 0 < value < 0.01 and digits <= 2:
        return "< 0.01"
    return f"{value:,.{max(digits, 2) if abs(value) < 1 else digits}f}"


def money(amount: float | None, currency: str | None, language: Language) -> str:
    """Write an amount of minor units: `1,230,000 KRW`, in Korean `1,230,000원`."""
    if amount is None:
        return ABSENT
    digits = _MINOR_DIGITS.get(currency or "", 2) if currency else 0
    text = f"{amount / 10**digits:,.{digits}f}"
    return f"{text}원" if (language, currency) == ("ko", "KRW") else f"{text} {currency or ''}".rstrip()


def is_currency(unit: str) -> bool:
    """Tell whether a unit is a currency code (three capitals), so that its value is money."""
    return len(unit) == 3 and unit.isascii() and unit.isupper()


def instant(value: object) -> datetime | None:
    """Return an aware time from a datetime or ISO text; None where there is none."""
    if isinstance(value, datetime):
        return aware(value)
    return aware(datetime.fromisoformat(value)) if isinstance(value, str) and value else None


def stamp(value: object, zone: tzinfo, *, seconds: bool = False, named: bool = False) -> str:
    """Write a time on the wall clock of `zone`, with the zone's short name where `named`; a missing one is a dash."""
    at = instant(value)
    if at is None:
        return ABSENT
    local = at.astimezone(zone)
    return local.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M") + (f" {local.tzname()}" if named else "")


def duration(first: object, last: object, language: Language) -> str:
    """Write how long something lasted, in the two largest units that matter."""
    begin, end = instant(first), instant(last)
    if begin is None or end is None:
        return ABSENT
    minutes = max(0, round((end - begin).total_seconds() / 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return phrase("days_hours", language, days=Count(days), hours=Count(hours))
    if hours:
        return phrase("hours_minutes", language, hours=Count(hours), minutes=Count(rest))
    return phrase("minutes", language, minutes=Count(rest))


def cell_parts(cell_type: str | None, cell: int) -> str:
    """Split a cell number as its kind says: `77158-113` for a macro cell; empty where it has no sector part."""
    bits = _SECTOR_BITS.get(cell_type or "")
    return "" if bits is None else f"{cell >> bits}-{cell & ((1 << bits) - 1)}"


def cell_name(row: Row) -> str:
    """Name a cell in decimal and hex, and as `enb-cell` where it is macro."""
    cell = int(row["cell"])
    return " · ".join(part for part in (str(cell), f"0x{cell:x}", cell_parts(row.get("cell_type"), cell)) if part)


def support(weight: float, language: Language) -> tuple[str, str]:
    """Say a weight of evidence in words and as a number.

    Args:
        weight: Log-likelihood ratio, natural log; negative speaks for an innocent cell.
        language: Of the words.

    Returns:
        The verbal scale's words, and how many times likelier the observation is under the stronger hypothesis.

    References: ENFSI Guideline for Evaluative Reporting in Forensic Science (2015).
    """
    ratio = math.exp(min(abs(weight), 50.0))
    side = "against" if weight < 0 else "for"
    strength = next((name for least, name in _SUPPORT if ratio >= least), "none")
    words = phrase("support_none", language) if strength == "none" else phrase(f"support_{strength}_{side}", language)
    times = "> 1,000,000" if ratio > 1e6 else number(round(ratio) if ratio >= 10 else round(ratio, 1))
    return words, phrase(f"times_{side}", language, times=times, weight=f"{weight:+.2f}")


def percent(value: Any) -> str:
    """Write a probability as a percentage that never rounds to certainty."""
    if value is None:
        return ABSENT
    if value > 0.999:
        return "> 99.9 %"
    return "< 0.1 %" if 0 < value < 0.001 else f"{100 * value:.1f} %"
