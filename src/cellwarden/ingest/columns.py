"""Read one column, from text or from typed values, without a loop over rows.

A null stays null, and so does an empty text: both mean *not known*.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.cells import bounded, parse_cells
from cellwarden.ingest.mapping import EPOCHS, TableMapping
from cellwarden.ingest.times import AMBIGUOUS, NONEXISTENT, OUT_OF_RANGE, in_range, local_to_utc, parse_dates, parse_times
from cellwarden.ingest.verdict import Verdict, bytes_of, mask_of, nulled
from cellwarden.records.tables import Column, Kind

if TYPE_CHECKING:
    from cellwarden.ingest.verdict import Mask

MISSING = "required value missing"
UNKNOWN_VALUE = "unknown value"
NOT_DIGITS, NOT_WHOLE, TOO_LARGE = "not all digits", "not a whole number", "number too large"
NOT_UTF8, NUL = "not UTF-8", "a NUL character"
_LENGTHS = {Kind.IMSI: (6, 15), Kind.MSISDN: (1, 15), Kind.IMEI: (14, 16)}
"""Digits of each kind of identifier: TS 23.003, 2.2; ITU-T E.164, 6; TS 23.003, 6.2."""
_RANGES = {"lat": 90.0, "lon": 180.0}
"""Degrees either side of zero (WGS84)."""
_PLAIN = TableMapping()


@dataclass(frozen=True, slots=True)
class Parsed:
    """One column as the contract has it."""

    values: pa.Array
    """Of `kind.clear_arrow`; null where null or failed."""
    verdict: Verdict
    """Which rows fail, and why."""
    is_macro: Mask | None = None
    """Cells written as eNB id and cell, which only macro cells are; None: none."""


def parse_column(raw: pa.Array, column: Column, mapping: TableMapping = _PLAIN, *, where: str = "") -> Parsed:
    """Read one column.

    Args:
        raw: Strings, or what Parquet holds.
        column: What it should become.
        mapping: Its zone, time format, values and cell notation apply.
        where: File, for the error.

    Raises:
        MalformedInputError: The type as a whole cannot hold such values (a list, a truth value).
    """
    parsed = _parse(raw, column, mapping, where)
    if column.required and parsed.values.null_count:
        parsed.verdict.fail(np.asarray(parsed.values.is_null().to_numpy(zero_copy_only=False)), MISSING)
    return parsed


def _parse(raw: pa.Array, column: Column, mapping: TableMapping, where: str) -> Parsed:
    pairs = mapping.values.get(column.name, {})
    if pa.types.is_dictionary(raw.type) and "" in pairs:
        raw = raw.dictionary_decode()  # its nulls are not among its values
    if pa.types.is_null(raw.type) and "" in pairs:
        raw = pc.cast(raw, pa.string())
    if pa.types.is_dictionary(raw.type):
        inner = _parse(raw.dictionary, column, mapping, where)
        is_null = np.asarray(raw.indices.is_null().to_numpy(zero_copy_only=False)) if raw.indices.null_count else None
        indices = (raw.indices.fill_null(0) if is_null is not None else raw.indices).to_numpy().astype(np.int64)
        if inner.is_macro is not None:
            is_macro = inner.is_macro[indices] if len(inner.is_macro) else np.zeros(len(indices), np.bool_)
            is_macro = is_macro if is_null is None else is_macro & ~is_null
        else:
            is_macro = None
        return Parsed(inner.values.take(raw.indices), inner.verdict.taken(indices, is_null), is_macro)
    if pa.types.is_null(raw.type):
        return Parsed(pa.nulls(len(raw), column.kind.clear_arrow), Verdict(len(raw)))
    if _is_textual(raw.type):
        text, verdict = as_text(raw)
        return _from_text(_translated(text, pairs) if pairs else text, verdict, column, mapping)
    if pairs:
        return _from_text(_translated(_spelled(raw, column, where), pairs), Verdict(len(raw)), column, mapping)
    return _from_typed(raw, column, mapping, where)


def as_text(raw: pa.Array) -> tuple[pa.Array, Verdict]:
    """Return strings or octets as strings, the empty ones null; octets that are no text fail and become null."""
    verdict = Verdict(len(raw))
    octets = pc.cast(raw, pa.binary())
    try:
        text = pc.cast(octets, pa.string())
    except pa.ArrowInvalid:
        bad = np.zeros(len(raw), np.bool_)
        for row, value in enumerate(octets.to_pylist()):
            try:
                (value or b"").decode()
            except UnicodeDecodeError:
                bad[row] = True
        verdict.fail(bad, NOT_UTF8)
        text = pc.cast(nulled(octets, bad), pa.string())
    data, bounds = bytes_of(text)
    if len(bounds) > 1 and len(nul := np.flatnonzero(data[bounds[0] : bounds[-1]] == 0)):
        bad = np.zeros(len(raw), np.bool_)
        bad[np.searchsorted(bounds - bounds[0], nul, side="right") - 1] = True
        bad &= np.asarray(text.is_valid().to_numpy(zero_copy_only=False))
        verdict.fail(bad, NUL)
        text = nulled(text, bad)
    if (np.diff(bounds) == 0).any():
        empty = mask_of(pc.equal(text, ""))
        text = nulled(text, empty if empty.any() else None)
    return text, verdict


def _is_textual(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
    )


def _translated(text: pa.Array, pairs: dict[str, str]) -> pa.Array:
    """Replace the values that the mapping names; `""` is null on either side."""
    index = pc.index_in(text, value_set=pa.array(pairs, pa.string()))
    text = pc.coalesce(pa.array(pairs.values(), pa.string()).take(index), text)
    if "" in pairs.values():
        text = pc.if_else(pc.fill_null(pc.equal(text, ""), fill_value=False), pa.scalar(None, pa.string()), text)
    return text.fill_null(pairs[""]) if "" in pairs else text


def _spelled(raw: pa.Array, column: Column, where: str) -> pa.Array:
    """Write typed values as text, so that the mapping can name them."""
    try:
        return pc.cast(raw, pa.string())
    except pa.ArrowException as error:
        raise _wrong_type(raw.type, column, where) from error


def _from_text(text: pa.Array, verdict: Verdict, column: Column, mapping: TableMapping) -> Parsed:
    """Read a column of strings without empty ones."""
    kind = column.kind
    if kind is Kind.TIMESTAMP:
        return _times_from_text(text, verdict, mapping)
    if kind is Kind.CELL:
        cells, ours, is_macro = parse_cells(text, mapping.cell)
        return _finished(pa.array(cells), text, verdict, ours, is_macro=is_macro if is_macro.any() else None)
    if kind is Kind.INTEGER:
        return _whole_from_text(text, verdict)
    if kind is Kind.FLOAT:
        return _real_from_text(text, verdict, column)
    if kind is Kind.DATE:
        days, ours = parse_dates(text)
        return _finished(pa.array(days, pa.date32()), text, verdict, ours)
    _check_text(text, column, verdict)
    return Parsed(nulled(text, verdict.failed), verdict)


def _finished(values: pa.Array, text: pa.Array, verdict: Verdict, ours: Verdict, *, is_macro: Mask | None = None) -> Parsed:
    """Put values, their nulls and both verdicts together."""
    verdict.fail_at(np.arange(len(text)), ours)
    is_null = np.asarray(text.is_null().to_numpy(zero_copy_only=False)) if text.null_count else None
    if (failed := verdict.failed) is not None:
        is_null = failed if is_null is None else is_null | failed
    return Parsed(nulled(values, is_null), verdict, is_macro)


def _times_from_text(text: pa.Array, verdict: Verdict, mapping: TableMapping) -> Parsed:
    if factor := EPOCHS.get(mapping.time_format):
        if factor == EPOCHS["epoch_s"]:  # a fraction is common here: 1754388000.25
            whole = pc.replace_substring_regex(text, r"\.[0-9]{1,9}$", "")
            fraction = pc.replace_substring_regex(text, r"^-?[0-9]+\.?", "")
            fraction = pc.utf8_slice_codeunits(pc.utf8_rpad(fraction, 6, "0"), 0, 6)
            counted = _whole_from_text(whole, Verdict(len(text)))
            micros = mask_of(pc.ascii_is_decimal(fraction))
            verdict.fail(~micros & np.asarray(text.is_valid().to_numpy(zero_copy_only=False)), NOT_WHOLE)
            extra = pc.cast(pc.if_else(pa.array(micros), fraction, "0"), pa.int64())
            extra = pc.if_else(mask_to_arrow(pc.starts_with(text, "-")), pc.negate(extra), extra)
        else:
            counted, extra = _whole_from_text(text, Verdict(len(text))), None
        verdict.fail_at(np.arange(len(text)), counted.verdict)
        return _counted(counted.values, extra, factor, verdict)
    micros_at, ours = parse_times(text, zone=mapping.time_zone, time_format=mapping.time_format)
    return _finished(pa.array(micros_at).cast(pa.timestamp("us")), text, verdict, ours)


def mask_to_arrow(flags: pa.Array) -> pa.Array:
    """Return Arrow truth values with null as false."""
    return pc.fill_null(flags, fill_value=False)


def _counted(counts: pa.Array, extra: pa.Array | None, factor: int, verdict: Verdict) -> Parsed:
    """Turn counts since 1970 into times."""
    numbers = counts.fill_null(0).to_numpy()
    bad = np.abs(numbers.astype(np.float64)) * factor > float(1 << 61)
    micros = np.where(bad, 0, numbers) * factor
    if extra is not None:
        micros = micros + extra.fill_null(0).to_numpy()
    verdict.fail(bad | ~in_range(micros), OUT_OF_RANGE)
    values = nulled(pa.array(micros).cast(pa.timestamp("us")), np.asarray(counts.is_null().to_numpy(zero_copy_only=False)))
    return Parsed(nulled(values, verdict.failed), verdict)


def _whole_from_text(text: pa.Array, verdict: Verdict) -> Parsed:
    """Read whole numbers; `5201.0`, as data frames write a column with gaps, is one too."""
    try:
        if not pc.any(pc.match_substring_regex(text, "[^0-9-]")).as_py():  # Arrow would take 0x1F
            return Parsed(nulled(pc.cast(text, pa.int64()), verdict.failed), verdict)
    except pa.ArrowInvalid:
        pass
    is_whole = mask_of(pc.match_substring_regex(text, r"^-?[0-9]+(\.0+)?$"))
    verdict.fail(~is_whole & np.asarray(text.is_valid().to_numpy(zero_copy_only=False)), NOT_WHOLE)
    digits = pc.replace_substring_regex(pc.replace_substring_regex(text, r"\.0+$", ""), r"^(-?)0+([0-9])", r"\1\2")
    is_long = mask_of(pc.greater(pc.binary_length(digits), 18))
    numbers = pc.cast(nulled(digits, ~is_whole | is_long), pa.int64())
    if is_long.any():
        found = np.asarray(numbers.fill_null(0).to_numpy(), np.int64).copy()
        for row in np.flatnonzero(is_long & is_whole).tolist():
            value = int(digits[row].as_py()) if pc.binary_length(digits[row]).as_py() <= 20 else 1 << 64
            if -(1 << 63) <= value < 1 << 63:
                found[row] = value
                is_long[row] = False
        verdict.fail(is_long & is_whole, TOO_LARGE)
        is_null = np.asarray(text.is_null().to_numpy(zero_copy_only=False))
        numbers = nulled(pa.array(found), is_null)
    return Parsed(nulled(numbers, verdict.failed), verdict)


def _real_from_text(text: pa.Array, verdict: Verdict, column: Column) -> Parsed:
    is_number = mask_of(pc.match_substring_regex(text, r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"))
    is_odd = mask_of(pc.match_substring_regex(text, r"^[+-]?(?i:nan|inf|infinity)$"))
    verdict.fail(is_odd, "not finite")
    verdict.fail(~is_number & np.asarray(text.is_valid().to_numpy(zero_copy_only=False)), "not a number")
    plain = pc.utf8_ltrim(nulled(text, ~is_number), "+")
    return _ranged(pc.cast(plain, pa.float64()), verdict, column)


def _ranged(values: pa.Array, verdict: Verdict, column: Column) -> Parsed:
    """Check that real numbers are finite and, where they are degrees, on the globe."""
    numbers = values.fill_null(0.0).to_numpy()
    verdict.fail(~np.isfinite(numbers), "not finite")
    if (limit := _RANGES.get(column.name)) is not None:
        verdict.fail(np.abs(numbers) > limit, f"not within {limit:g} degrees")
    return Parsed(nulled(values, verdict.failed), verdict)


def _check_text(text: pa.Array, column: Column, verdict: Verdict) -> None:
    """Fail what a text of this kind may not be."""
    if column.kind is Kind.ENUM:
        known = mask_of(pc.is_in(text, value_set=pa.array(column.values, pa.string())))
        verdict.fail(~known & np.asarray(text.is_valid().to_numpy(zero_copy_only=False)), UNKNOWN_VALUE)
    elif (bounds := _LENGTHS.get(column.kind)) is not None:
        _check_digits(text, bounds, verdict, plus=column.kind is Kind.MSISDN)
    elif column.name == "plmn":
        _check_digits(text, (5, 6), verdict)
    elif column.name == "source_networks":
        known_values = text.dictionary_encode()
        bad = [not _are_networks(value) for value in known_values.dictionary.to_pylist()]
        if any(bad):
            verdict.fail(mask_of(pa.array(bad).take(known_values.indices)), "not an address range (CIDR)")


def _check_digits(text: pa.Array, bounds: tuple[int, int], verdict: Verdict, *, plus: bool = False) -> None:
    is_valid = np.asarray(text.is_valid().to_numpy(zero_copy_only=False))
    is_digits = mask_of(pc.ascii_is_decimal(text))
    if plus:
        verdict.fail(mask_of(pc.starts_with(text, "+")), "with a plus sign")
    verdict.fail(~is_digits & is_valid, NOT_DIGITS)
    lengths = np.diff(bytes_of(text)[1])
    low, high = bounds
    verdict.fail(((lengths < low) | (lengths > high)) & is_valid, f"not {low} to {high} digits")


@lru_cache(maxsize=65_536)
def _are_networks(text: str) -> bool:
    try:
        return all(ipaddress.ip_network(token, strict=False) for token in text.split())
    except ValueError:
        return False


def _from_typed(raw: pa.Array, column: Column, mapping: TableMapping, where: str) -> Parsed:
    """Read a column that Parquet holds as numbers or times."""
    kind, types = column.kind, pa.types
    verdict = Verdict(len(raw))
    if kind is Kind.TIMESTAMP:
        return _times_from_typed(raw, column, mapping, where)
    if kind is Kind.DATE and (types.is_date(raw.type) or types.is_timestamp(raw.type)):
        try:
            return Parsed(pc.cast(raw, pa.date32(), safe=False), verdict)
        except pa.ArrowException as error:
            raise _wrong_type(raw.type, column, where) from error
    if not (types.is_integer(raw.type) or types.is_floating(raw.type) or types.is_decimal(raw.type)):
        raise _wrong_type(raw.type, column, where)
    if kind is Kind.FLOAT:
        return _ranged(pc.cast(raw, pa.float64(), safe=False), verdict, column)
    whole = _whole_from_typed(raw, verdict)
    if kind is Kind.INTEGER:
        return Parsed(whole, verdict)
    if kind is Kind.CELL:
        bounded(whole.fill_null(0).to_numpy(), verdict)
        return Parsed(nulled(whole, verdict.failed), verdict)
    if kind is Kind.DATE:
        raise _wrong_type(raw.type, column, where)
    text = pc.cast(whole, pa.string())  # leading zeros are lost already, where there were any
    _check_text(text, column, verdict)
    return Parsed(nulled(text, verdict.failed), verdict)


def _whole_from_typed(raw: pa.Array, verdict: Verdict) -> pa.Array:
    """Return numbers as int64; what is not whole or too large fails and becomes null."""
    if pa.types.is_integer(raw.type):
        if pa.types.is_uint64(raw.type):
            verdict.fail(mask_of(pc.greater(raw, pa.scalar((1 << 63) - 1, pa.uint64()))), TOO_LARGE)
            raw = nulled(raw, verdict.failed)
        return pc.cast(raw, pa.int64())
    if pa.types.is_decimal(raw.type):
        try:
            return pc.cast(raw, pa.int64())
        except pa.ArrowInvalid:
            values = raw.to_pylist()
            verdict.fail(np.array([value is not None and value != int(value) for value in values], np.bool_), NOT_WHOLE)
            verdict.fail(
                np.array([value is not None and not -(1 << 63) <= value < 1 << 63 for value in values], np.bool_), TOO_LARGE
            )
            kept = zip(values, verdict.codes.tolist(), strict=True)
            return pa.array([None if value is None or code else int(value) for value, code in kept], pa.int64())
    numbers = pc.cast(raw, pa.float64()).fill_null(0.0).to_numpy()
    with np.errstate(invalid="ignore"):
        verdict.fail(~np.isfinite(numbers) | (numbers != np.floor(numbers)), NOT_WHOLE)
    verdict.fail(np.abs(numbers) >= float(1 << 53), TOO_LARGE)  # beyond, neighbours share one float
    is_null = np.asarray(raw.is_null().to_numpy(zero_copy_only=False))
    failed = is_null if verdict.failed is None else is_null | verdict.failed
    return nulled(pa.array(np.where(failed, 0.0, numbers).astype(np.int64)), failed)


def _times_from_typed(raw: pa.Array, column: Column, mapping: TableMapping, where: str) -> Parsed:
    """Read a Parquet column as times: one with a zone is UTC inside; one without is UTC unless the mapping says its zone."""
    verdict = Verdict(len(raw))
    if not pa.types.is_timestamp(raw.type):
        if pa.types.is_floating(raw.type) and mapping.time_format == "epoch_s":
            seconds = pc.cast(raw, pa.float64()).fill_null(0.0).to_numpy()
            verdict.fail(~np.isfinite(seconds) | (np.abs(seconds) > 1e12), OUT_OF_RANGE)
            micros = pa.array(np.round(np.where(verdict.codes > 0, 0.0, seconds) * 1e6).astype(np.int64))
            return _counted(nulled(micros, np.asarray(raw.is_null().to_numpy(zero_copy_only=False))), None, 1, verdict)
        if mapping.time_format in EPOCHS and not pa.types.is_temporal(raw.type):
            return _counted(_whole_from_typed(raw, verdict), None, EPOCHS[mapping.time_format], verdict)
        raise _wrong_type(raw.type, column, where)
    counts = pc.cast(raw, pa.int64())
    is_null = np.asarray(counts.is_null().to_numpy(zero_copy_only=False)) if counts.null_count else None
    numbers = (counts.fill_null(0) if is_null is not None else counts).to_numpy()
    if raw.type.unit == "ns":
        micros_at = numbers // 1000
    else:
        factor = {"s": 1_000_000, "ms": 1_000, "us": 1}[raw.type.unit]
        limit = (1 << 62) // factor
        verdict.fail((numbers > limit) | (numbers < -limit), OUT_OF_RANGE)
        micros_at = np.clip(numbers, -limit, limit) * factor
    if raw.type.tz is None and mapping.time_zone is not None:
        micros_at, twice, never = local_to_utc(np.where(in_range(micros_at), micros_at, 0), mapping.time_zone)
        verdict.fail(twice, AMBIGUOUS)
        verdict.fail(never, NONEXISTENT)
    verdict.fail(~in_range(micros_at), OUT_OF_RANGE)
    values = nulled(pa.array(micros_at).cast(pa.timestamp("us")), is_null)
    return Parsed(nulled(values, verdict.failed), verdict)


def _wrong_type(found: pa.DataType, column: Column, where: str) -> MalformedInputError:
    fix = f"Write it as {column.kind.clear_arrow}"
    if column.kind is Kind.TIMESTAMP and (pa.types.is_integer(found) or pa.types.is_floating(found)):
        fix += f", or name {', '.join(EPOCHS)} as time_format in a mapping file"
    return MalformedInputError(
        f"column {column.name} is of type {found}, which no {column.kind.value} is", where=where, fix=fix
    )
