"""Read times: ISO 8601, a stated format, or a count since 1970; all to microseconds UTC, without a loop over rows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cellwarden.ingest.verdict import Verdict, bytes_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from cellwarden.ingest.verdict import Mask

    Micros = NDArray[np.int64]

NOT_A_TIME, NO_ZONE = "not an ISO 8601 time", "time without a zone"
IMPOSSIBLE_DATE, IMPOSSIBLE_TIME, IMPOSSIBLE_ZONE = "impossible date", "impossible time", "impossible zone offset"
NO_TIME_OF_DAY = "a date without a time"
AMBIGUOUS, NONEXISTENT = "local time that occurs twice", "local time that does not exist"
OUT_OF_RANGE = "time out of range"
_HOUR = 3_600_000_000
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a local or UTC time without zone, to count from
_FIRST, _LAST = (int((at - _EPOCH) / timedelta(microseconds=1)) for at in (datetime.min, datetime.max))  # noqa: DTZ901
_ZONE_LENGTHS = (0, 1, 3, 5, 6)
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:([Tt ])(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 6}


def parse_times(text: pa.Array, *, zone: ZoneInfo | None = None, time_format: str = "") -> tuple[Micros, Verdict]:
    """Read a column of times from text.

    Args:
        text: Strings; nulls stay what they are and never fail.
        zone: The zone of times that do not state one; None: such times fail.
        time_format: A strptime format; empty: ISO 8601 with date and time, seconds and fraction optional.

    Returns:
        Microseconds since 1970 UTC, fractions cut off (0 where null or failed), and what failed.
    """
    reader = _Times(text, zone)
    if time_format:
        reader.read_format(time_format)
    else:
        reader.read_iso()
    return reader.finish()


def local_to_utc(local: Micros, zone: ZoneInfo) -> tuple[Micros, Mask, Mask]:
    """Turn local times into UTC.

    Whole hours whose offset never changes are worked out once each; only the hours around a change go row by row.

    Returns:
        UTC microseconds (the earlier one where two fit), which rows occur twice, and which do not exist.
    """
    utc, twice, never = local.copy(), np.zeros(len(local), np.bool_), np.zeros(len(local), np.bool_)
    hours, which = np.unique(local // _HOUR, return_inverse=True)
    shifts, odd = np.zeros(len(hours), np.int64), np.zeros(len(hours), np.bool_)
    for index, hour in enumerate(hours.tolist()):
        edges = [_offsets(edge, zone) for edge in (hour * _HOUR, hour * _HOUR + _HOUR - 1)]
        offsets = {offset for pair in edges for offset in pair}
        if len(offsets) == 1:
            shifts[index] = offsets.pop()
        else:
            odd[index] = True
    utc -= shifts[which]
    for row in np.flatnonzero(odd[which]).tolist():
        first, second = _offsets(int(local[row]), zone)
        utc[row] = local[row] - first
        if first != second:
            back = _EPOCH.replace(tzinfo=UTC) + timedelta(microseconds=int(utc[row]))
            is_real = back.astimezone(zone).replace(tzinfo=None) - _EPOCH == timedelta(microseconds=int(local[row]))
            (twice if is_real else never)[row] = True
    return utc, twice, never


def in_range(micros: Micros) -> Mask:
    """Tell which instants fall into the years 1 to 9999."""
    return (micros >= _FIRST) & (micros <= _LAST)


def parse_dates(text: pa.Array) -> tuple[NDArray[np.int32], Verdict]:
    """Read a column of dates (`2025-08-05`) from text as days since 1970; nulls never fail."""
    verdict, days = Verdict(len(text)), np.zeros(len(text), np.int32)
    known = text.dictionary_encode()
    found: list[int] = []
    for index, value in enumerate(known.dictionary.to_pylist()):
        try:
            found.append(
                (date(*map(int, value.split("-"))) - _EPOCH.date()).days
                if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)
                else 0
            )
        except ValueError:
            verdict.fail(_rows_of(known, index), IMPOSSIBLE_DATE)
            found.append(0)
        else:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                verdict.fail(_rows_of(known, index), "not an ISO 8601 date")
    if found:
        days = np.asarray(found, np.int32)[known.indices.fill_null(0).to_numpy()]
    return days, verdict


def _rows_of(known: pa.DictionaryArray, index: int) -> Mask:
    return np.asarray(known.indices.fill_null(-1).to_numpy() == index, np.bool_)


def _offsets(local: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return what a local time may be ahead of UTC, in microseconds: before a change and after it."""
    if not _FIRST <= local <= _LAST:
        return 0, 0
    at = (_EPOCH + timedelta(microseconds=local)).replace(tzinfo=zone)
    first, second = ((at.replace(fold=fold).utcoffset() or timedelta()) // timedelta(microseconds=1) for fold in (0, 1))
    return first, second


class _Times:
    """The state of reading one column."""

    def __init__(self, text: pa.Array, zone: ZoneInfo | None) -> None:
        self.text, self.zone = text, zone
        self.micros: Micros = np.zeros(len(text), np.int64)
        self.verdict = Verdict(len(text))
        self.is_zoned = np.zeros(len(text), np.bool_)
        self.is_open = np.asarray(text.is_valid().to_numpy(zero_copy_only=False), np.bool_).copy()
        """Rows still to be read."""
        self.data, self.bounds = bytes_of(text)

    def read_iso(self) -> None:
        for length, rows, octets in self._groups(16, 35):
            ends = _zone_lengths(octets)
            for zone_length in _ZONE_LENGTHS:
                core = length - zone_length
                if core in {16, 19} or 21 <= core <= 29:
                    chosen = ends == zone_length
                    if chosen.all():
                        self._iso_group(rows, octets, core)
                    elif chosen.any():
                        self._iso_group(rows[chosen], octets[chosen], core)
        self._one_by_one(_iso_time)

    def read_format(self, time_format: str) -> None:
        if (layout := _layout(time_format)) is not None:
            length, places, literals = layout
            for _, rows, octets in self._groups(length, length):
                fits = np.ones(len(rows), np.bool_)
                for place, character in literals:
                    fits &= octets[:, place] == character
                self._take(rows, octets, fits, places)
        self._one_by_one(lambda value: _stated_time(value, time_format))

    def finish(self) -> tuple[Micros, Verdict]:
        failed = self.verdict.failed
        pending = self.text.is_valid().to_numpy(zero_copy_only=False) & ~self.is_zoned
        if failed is not None:
            pending &= ~failed
        if pending.any():
            if self.zone is None:
                self.verdict.fail(pending, NO_ZONE)
            else:
                rows = np.flatnonzero(pending)
                self.micros[rows], twice, never = local_to_utc(self.micros[rows], self.zone)
                ours = Verdict(len(rows))
                ours.fail(twice, AMBIGUOUS)
                ours.fail(never, NONEXISTENT)
                self.verdict.fail_at(rows, ours)
        self.verdict.fail(~in_range(self.micros), OUT_OF_RANGE)
        if (failed := self.verdict.failed) is not None:
            self.micros[failed] = 0
        return self.micros, self.verdict

    def _groups(self, shortest: int, longest: int) -> list[tuple[int, NDArray[np.int64], NDArray[np.uint8]]]:
        """Return the open rows by length in octets: (length, rows, one line of octets a row)."""
        lengths = np.diff(self.bounds)
        groups = []
        for length in np.unique(lengths[self.is_open]).tolist():
            if shortest <= length <= longest:
                rows = np.flatnonzero(self.is_open & (lengths == length))
                starts = self.bounds[:-1][rows].astype(np.int64)
                if len(rows) == len(lengths):
                    octets = self.data[starts[0] : starts[0] + length * len(rows)].reshape(len(rows), length)
                else:
                    octets = self.data[starts[:, None] + np.arange(length)]
                groups.append((length, rows, octets))
        return groups

    def _iso_group(self, rows: NDArray[np.int64], octets: NDArray[np.uint8], core: int) -> None:
        """Read rows of one shape; what does not fit it is left open for the slow way, which knows every shape."""
        fits = np.ones(len(rows), np.bool_)
        for place in (4, 7):
            fits &= octets[:, place] == ord("-")
        fits &= (octets[:, 10] == ord("T")) | (octets[:, 10] == ord(" ")) | (octets[:, 10] == ord("t"))
        fits &= octets[:, 13] == ord(":")
        places = {"Y": (0, 4), "m": (5, 7), "d": (8, 10), "H": (11, 13), "M": (14, 16)}
        if core > 16:
            fits &= octets[:, 16] == ord(":")
            places["S"] = (17, 19)
        if core > 19:
            fits &= (octets[:, 19] == ord(".")) | (octets[:, 19] == ord(","))
            places["f"] = (20, core)
        self._take(rows, octets, fits, places)

    def _take(self, rows: NDArray[np.int64], octets: NDArray[np.uint8], fits: Mask, places: dict[str, tuple[int, int]]) -> None:
        """Put together the instants of rows of one shape, where digits are digits and the date is one."""
        part = {name: _digits(octets[:, start:end], fits) for name, (start, end) in places.items()}
        year, month, day = part["Y"], part["m"], part["d"]
        fits &= (year >= 1) & (month >= 1) & (month <= 12)
        months = (year - 1970) * 12 + np.clip(month, 1, 12) - 1
        first, after = (months + step for step in (0, 1))
        day_of_first = first.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        day_after = after.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        fits &= (day >= 1) & (day <= day_after - day_of_first)
        seconds = (day_of_first + day - 1) * 86_400
        for name, step, limit in (("H", 3600, 23), ("M", 60, 59), ("S", 1, 59)):
            if name in part:
                fits &= part[name] <= limit
                seconds += part[name] * step
        micros = seconds * 1_000_000
        if "f" in part:
            digits = places["f"][1] - places["f"][0]
            micros += part["f"] * 10 ** (6 - digits) if digits <= 6 else part["f"] // 10 ** (digits - 6)
        used = max(end for _, end in places.values())
        is_zoned = octets.shape[1] > used
        if is_zoned:
            micros -= _zone_shift(octets[:, used:], fits)
        done = rows[fits]
        self.micros[done] = micros[fits]
        self.is_zoned[done] = is_zoned
        self.is_open[done] = False

    def _one_by_one(self, read: _Reader) -> None:
        """Read what is still open; each distinct text once."""
        rows = np.flatnonzero(self.is_open)
        if not len(rows):
            return
        known: dict[str, tuple[int, bool, str]] = {}
        why: dict[str, list[int]] = {}
        for row, value in zip(rows.tolist(), self.text.take(pa.array(rows)).to_pylist(), strict=True):
            if value not in known:
                if len(known) >= 100_000:
                    known.clear()
                known[value] = read(value)
            self.micros[row], self.is_zoned[row], reason = known[value]
            if reason:
                why.setdefault(reason, []).append(row)
        for reason, failed in why.items():
            mask = np.zeros(len(self.text), np.bool_)
            mask[failed] = True
            self.verdict.fail(mask, reason)
        self.is_open[rows] = False


if TYPE_CHECKING:
    from collections.abc import Callable

    _Reader = Callable[[str], tuple[int, bool, str]]


def _digits(octets: NDArray[np.uint8], fits: Mask) -> Micros:
    """Return the number that each line of digits spells; lines with anything else no longer fit."""
    value = np.zeros(len(octets), np.int64)
    for place in range(octets.shape[1]):
        digit = octets[:, place] - np.uint8(ord("0"))
        fits &= digit <= 9
        value = value * 10 + digit
    return value


def _zone_lengths(octets: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how many octets at the end of each line state a zone: `Z` 1, `+09` 3, `+0900` 5, `+09:00` 6, none 0."""
    width = octets.shape[1]
    ends = np.zeros(len(octets), np.int64)
    for length in (3, 5, 6):
        if width - length >= 16:
            sign = octets[:, width - length]
            ends[(sign == ord("+")) | (sign == ord("-"))] = length
    ends[(octets[:, -1] == ord("Z")) | (octets[:, -1] == ord("z"))] = 1
    return ends


def _zone_shift(zone: NDArray[np.uint8], fits: Mask) -> Micros:
    """Return what each line's zone is ahead of UTC, in microseconds."""
    width = zone.shape[1]
    if width == 1:
        return np.zeros(len(zone), np.int64)
    hours = _digits(zone[:, 1:3], fits)
    minutes = _digits(zone[:, -2:], fits) if width > 3 else np.zeros(len(zone), np.int64)
    if width == 6:
        fits &= zone[:, 3] == ord(":")
    fits &= (hours <= 23) & (minutes <= 59)
    signs = np.where(zone[:, 0] == ord("-"), np.int64(-1), np.int64(1))
    shift: Micros = signs * (hours * 60 + minutes) * 60_000_000
    return shift


def _iso_time(value: str) -> tuple[int, bool, str]:  # noqa: PLR0911 - each way to be wrong has its own reason
    """Read one ISO 8601 time: (microseconds, whether it states its zone, why not)."""
    match = _ISO.fullmatch(value)
    if match is None:
        return 0, False, NOT_A_TIME
    year, month, day, separator, hour, minute, second, fraction, zone = match.groups()
    try:
        on = date(int(year), int(month), int(day))
    except ValueError:
        return 0, False, IMPOSSIBLE_DATE
    if separator is None:
        return 0, False, NO_TIME_OF_DAY
    try:
        of_day = time(int(hour), int(minute or 0), int(second or 0), int((fraction or "0").ljust(6, "0")[:6]))
    except ValueError:
        return 0, False, IMPOSSIBLE_TIME
    micros = (datetime.combine(on, of_day) - _EPOCH) // timedelta(microseconds=1)
    if zone is None or zone in "Zz":
        return micros, zone is not None, ""
    hours, minutes = int(zone[1:3]), int(zone[-2:]) if len(zone) > 3 else 0
    if hours > 23 or minutes > 59:
        return 0, False, IMPOSSIBLE_ZONE
    return micros - (hours * 60 + minutes) * 60_000_000 * (-1 if zone[0] == "-" else 1), True, ""


def _stated_time(value: str, time_format: str) -> tuple[int, bool, str]:
    """Read one time in a stated format; as `_iso_time`."""
    try:
        at = datetime.strptime(value, time_format)  # noqa: DTZ007 - without %z its zone is the mapping's
        offset = at.utcoffset() or timedelta()
    except (ValueError, OverflowError):
        return 0, False, "not a time of the mapping's time_format"
    return (at.replace(tzinfo=None) - _EPOCH - offset) // timedelta(microseconds=1), at.tzinfo is not None, ""


def _layout(time_format: str) -> tuple[int, dict[str, tuple[int, int]], list[tuple[int, int]]] | None:
    """Return (length, where each part is, the octets between) of a format whose every part has a fixed width."""
    places: dict[str, tuple[int, int]] = {}
    literals: list[tuple[int, int]] = []
    length = 0
    for directive, literal in re.findall(r"%(.)|([^%])", time_format, re.DOTALL):
        if directive:
            if directive not in _WIDTHS or directive in places:
                return None
            places[directive] = (length, length + _WIDTHS[directive])
            length += _WIDTHS[directive]
        else:
            if not literal.isascii() or (literal.isspace() and literal != " "):
                return None
            literals.append((length, ord(literal)))
            length += 1
    if not {"Y", "m", "d"} <= set(places) or time_format.count("%") != len(places):
        return None
    return length, places, literals
