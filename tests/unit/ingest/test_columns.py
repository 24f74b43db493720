from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.columns import parse_column
from cellwarden.ingest.mapping import TableMapping
from cellwarden.records.tables import ACCESS, COMPLAINTS, EQUIPMENT, PAYMENTS, SUBSCRIBERS, TABLES, USAGE, Column

AT, IMSI, IMEI, TAC, CELL, RAT = (ACCESS.column(name) for name in ("at", "imsi", "imei", "tac", "cell", "rat"))
CAUSE, PLMN, CORE = (ACCESS.column(name) for name in ("cause", "plmn", "core"))
MSISDN, JOINED = SUBSCRIBERS.column("msisdn"), SUBSCRIBERS.column("joined_on")
LAT, LON, NETWORKS = (EQUIPMENT.column(name) for name in ("lat", "lon", "source_networks"))


class Bad(str):
    """A reason, told from a text."""

    __slots__ = ()


def read(given_values: pa.Array | list[Any], column: Column, **mapping: Any) -> list[Any]:
    """Read values straight, as a dictionary and as a slice; all must say the same."""
    raw = given_values if isinstance(given_values, pa.Array) else pa.array(given_values, pa.string())
    found = shown(raw, column, TableMapping(**mapping))
    assert shown(raw.slice(1), column, TableMapping(**mapping)) == found[1:]
    if pa.types.is_string(raw.type):
        assert shown(raw.dictionary_encode(), column, TableMapping(**mapping)) == found
        assert shown(raw.cast(pa.large_binary()), column, TableMapping(**mapping)) == found
    return found


def shown(raw: pa.Array, column: Column, mapping: TableMapping) -> list[Any]:
    parsed = parse_column(raw, column, mapping, where="f")
    assert parsed.values.type == column.kind.clear_arrow
    parsed.values.validate(full=True)
    codes = parsed.verdict.codes.tolist()
    return [
        Bad(parsed.verdict.reasons[code - 1]) if code else value
        for value, code in zip(parsed.values.to_pylist(), codes, strict=True)
    ]


def test_imsi():
    assert read(["450080000000014", "000001", "45008000000X017", "12345", "1" * 16, "", None, "+450080000000", "\u0664" * 8], IMSI) == [
        "450080000000014", "000001", Bad("not all digits"), Bad("not 6 to 15 digits"), Bad("not 6 to 15 digits"), None, None,
        Bad("not all digits"), Bad("not all digits"),
    ]  # fmt: skip


def test_msisdn_and_imei():
    assert read(["821000000001", "+821000000001", "1" * 16, "82-10"], MSISDN) == [
        "821000000001", Bad("with a plus sign"), Bad("not 1 to 15 digits"), Bad("not all digits"),
    ]  # fmt: skip
    assert read(["1" * 13, "1" * 14, "1" * 16, "1" * 17], IMEI) == [
        Bad("not 14 to 16 digits"),
        "1" * 14,
        "1" * 16,
        Bad("not 14 to 16 digits"),
    ]


def test_identifiers_that_parquet_holds_as_numbers():
    assert read(pa.array([450080000000014, None, 5]), IMSI) == ["450080000000014", None, Bad("not 6 to 15 digits")]
    assert read(pa.array([450080000000014.0, None, 0.5, float("nan")]), IMSI) == [
        "450080000000014", None, Bad("not a whole number"), Bad("not a whole number"),
    ]  # fmt: skip
    assert read(pa.array([Decimal(450080000000014), None], pa.decimal128(20, 0)), IMSI) == ["450080000000014", None]
    assert read(pa.array([-450080000000014]), IMSI) == [Bad("not all digits")]


def test_whole_numbers_from_text():
    assert read(["5101", "-1", "007", "5201.0", "", None], CAUSE) == [5101, -1, 7, 5201, None, None]
    for text, why in [
        ("3.5", "not a whole number"),
        ("0x1F", "not a whole number"),
        ("1e3", "not a whole number"),
        ("+5", "not a whole number"),
        (" 5", "not a whole number"),
        ("-", "not a whole number"),
        ("1-2", "not a whole number"),
        ("5.", "not a whole number"),
        ("9223372036854775808", "number too large"),
        ("-9223372036854775809", "number too large"),
        ("9" * 400, "number too large"),
    ]:
        assert read([text, "5"], CAUSE) == [Bad(why), 5]
    assert read(["9223372036854775807", "-9223372036854775808", "0" * 30 + "7"], CAUSE) == [(1 << 63) - 1, -(1 << 63), 7]


def test_whole_numbers_from_types():
    assert read(pa.array([1.0, 3.5, None, float("inf"), 1e300]), CAUSE) == [
        1, Bad("not a whole number"), None, Bad("not a whole number"), Bad("number too large"),
    ]  # fmt: skip
    assert read(pa.array([1, (1 << 64) - 1, None], pa.uint64()), CAUSE) == [1, Bad("number too large"), None]
    assert read(pa.array([1, None], pa.int8()), CAUSE) == [1, None]
    assert read(pa.array([Decimal("1.5"), Decimal(2), None], pa.decimal128(20, 1)), CAUSE) == [
        Bad("not a whole number"),
        2,
        None,
    ]
    assert read(pa.array([Decimal(10) ** 30, Decimal(2)], pa.decimal128(38, 0)), CAUSE) == [Bad("number too large"), 2]


def test_a_required_value_is_missing():
    missing = Bad("required value missing")
    assert read(["", None, "1", "x"], TAC) == [missing, missing, 1, Bad("not a whole number")]
    assert read(pa.array([None, 1]), TAC) == [missing, 1]
    assert read(pa.nulls(2), TAC) == [missing, missing]
    assert read(pa.nulls(2), CAUSE) == [None, None]
    assert read(["", "0"], CELL) == [missing, 0]
    assert read([None, ""], COMPLAINTS.column("text")) == [missing, missing]
    assert read(pa.array([None], pa.timestamp("us")), AT) == [missing]


def test_real_numbers():
    assert read(["37.5", "-90", "+1", "1e1", ".5", ""], LAT) == [37.5, -90.0, 1.0, 10.0, 0.5, None]
    assert read(["90.1", "nan", "-inf", "x", "1,5", "0x1p3", "1e999"], LAT) == [
        Bad("not within 90 degrees"), Bad("not finite"), Bad("not finite"), Bad("not a number"), Bad("not a number"), Bad("not a number"),
        Bad("not finite"),
    ]  # fmt: skip
    assert read(["180", "-180.5"], LON) == [180.0, Bad("not within 180 degrees")]
    assert read(pa.array([1, None], pa.int32()), LAT) == [1.0, None]
    assert read(pa.array([float("nan"), 91.0, None], pa.float32()), LAT) == [
        Bad("not finite"),
        Bad("not within 90 degrees"),
        None,
    ]


def test_enumerations_are_exact():
    unknown = Bad("unknown value")
    assert read(["lte", "LTE", "lte ", "4g", ""], RAT) == ["lte", unknown, unknown, unknown, Bad("required value missing")]


def test_the_mapping_translates_values():
    values = {"rat": {"LTE": "lte", "6": "lte"}}
    assert read(["LTE", "nr", "x"], RAT, values=values) == ["lte", "nr", Bad("unknown value")]
    assert read(pa.array([6, 7, None]), RAT, values=values) == ["lte", Bad("unknown value"), Bad("required value missing")]


def test_the_mapping_names_what_null_means():
    values = {"identity": {"": "unknown"}}
    identity = ACCESS.column("identity")
    assert read(["", None, "imsi"], identity, values=values) == ["unknown", "unknown", "imsi"]
    assert read(pa.nulls(2), identity, values=values) == ["unknown", "unknown"]


def test_texts_stay_as_they_are():
    assert read([" mme-1 ", "한국", ""], CORE) == [" mme-1 ", "한국", None]
    assert read(["45008", "450080", "4500", "4500x"], PLMN) == [
        "45008",
        "450080",
        Bad("not 5 to 6 digits"),
        Bad("not all digits"),
    ]
    assert read(pa.array([45008]), PLMN) == ["45008"]
    assert read(["otp:payment", "0212345678"], USAGE.column("peer")) == ["otp:payment", "0212345678"]
    assert read(["a\0b", "ok"], CORE) == [Bad("a NUL character"), "ok"]
    assert read(pa.array([b"\xff", b"ok", None]), CORE) == [Bad("not UTF-8"), "ok", None]


def test_networks_must_be_networks():
    bad = Bad("not an address range (CIDR)")
    assert read(["192.0.2.0/24 2001:db8::/32", "192.0.2.11", "192.0.2.0/33", "home", ""], NETWORKS) == [
        "192.0.2.0/24 2001:db8::/32", "192.0.2.11", bad, bad, None,
    ]  # fmt: skip


def test_dates():
    assert read(["2021-02-01", "2021-02-30", ""], JOINED) == [date(2021, 2, 1), Bad("impossible date"), None]
    assert read(pa.array([date(2021, 2, 1), None]), JOINED) == [date(2021, 2, 1), None]
    assert read(pa.array([datetime(2021, 2, 1, 23), None]), JOINED) == [date(2021, 2, 1), None]


def test_times_of_parquet():
    at = datetime(2025, 8, 5, 10)
    assert read(pa.array([at, None], pa.timestamp("us")), AT) == [at, Bad("required value missing")]
    assert read(pa.array([at.replace(tzinfo=UTC)], pa.timestamp("ms", tz="Asia/Seoul")), AT) == [at]
    assert read(pa.array([1999, -1], pa.timestamp("ns")), AT) == [
        datetime(1970, 1, 1, 0, 0, 0, 1),
        datetime(1969, 12, 31, 23, 59, 59, 999999),
    ]
    assert read(pa.array([0], pa.timestamp("s")), AT) == [datetime(1970, 1, 1)]
    assert read(pa.array([1 << 62, 0], pa.timestamp("s")), AT) == [Bad("time out of range"), datetime(1970, 1, 1)]
    assert read(pa.array([1 << 62, 0], pa.timestamp("us")), AT) == [Bad("time out of range"), datetime(1970, 1, 1)]
    zone = ZoneInfo("Asia/Seoul")
    assert read(pa.array([datetime(2025, 8, 5, 19)]), AT, time_zone=zone) == [at]
    assert read(pa.array([at.replace(tzinfo=UTC)], pa.timestamp("us", tz="UTC")), AT, time_zone=zone) == [at]
    assert read(pa.array([datetime(2025, 3, 30, 2, 30)]), AT, time_zone=ZoneInfo("Europe/Berlin")) == [
        Bad("local time that does not exist")
    ]


def test_times_that_are_counts():
    at = datetime(2025, 8, 5, 10)
    assert read(["1754388000", "1754388000.25", "-1.5", "x", "1.", "99999999999999999"], AT, time_format="epoch_s") == [
        at, at.replace(microsecond=250000), datetime(1969, 12, 31, 23, 59, 58, 500000), Bad("not a whole number"), Bad("not a whole number"),
        Bad("time out of range"),
    ]  # fmt: skip
    assert read(["1754388000001", "1.5"], AT, time_format="epoch_ms") == [
        at.replace(microsecond=1000),
        Bad("not a whole number"),
    ]
    assert read(pa.array([1754388000000001]), AT, time_format="epoch_us") == [at.replace(microsecond=1)]
    assert read(pa.array([1754388000.25, None, float("nan")]), AT, time_format="epoch_s") == [
        at.replace(microsecond=250000), Bad("required value missing"), Bad("time out of range"),
    ]  # fmt: skip
    assert read(pa.array([(1 << 63) - 1, -(1 << 63)]), AT, time_format="epoch_ms") == [Bad("time out of range")] * 2


def test_cells_of_parquet():
    assert read(pa.array([19753073, -1, 1 << 36]), CELL) == [19753073, Bad("negative"), Bad("more than 36 bits")]
    assert read(pa.array([19753073.0, 0.5]), CELL) == [19753073, Bad("not a whole number")]


@pytest.mark.parametrize(
    ("raw", "column", "fix"),
    [
        (pa.array([1754388000]), AT, "epoch_ms"),
        (pa.array([date(2025, 8, 5)]), AT, "timestamp"),
        (pa.array([[1]]), CAUSE, "int64"),
        (pa.array([True]), CAUSE, "int64"),
        (pa.array([{"a": 1}]), CORE, "string"),
        (pa.array([datetime(2025, 8, 5)]), IMSI, "string"),
        (pa.array([1]), JOINED, "date32"),
    ],
)
def test_a_type_that_cannot_hold_such_values_is_refused(raw: pa.Array, column: Column, fix: str):
    with pytest.raises(MalformedInputError, match=f"f: column {column.name} is of type") as caught:
        parse_column(raw, column, where="f")
    assert fix in caught.value.fix


every_column = st.sampled_from([column for table in TABLES.values() for column in table.columns])


@given(st.lists(st.none() | st.text(max_size=20) | st.from_regex(r"-?[0-9.]{1,25}", fullmatch=True)), every_column)
def test_no_text_raises(texts: list[str | None], column: Column):
    shown(
        pa.array([None if text is None else text.encode("utf-8", "surrogatepass") for text in texts], pa.binary()),
        column,
        TableMapping(),
    )


@given(st.lists(st.none() | st.integers(-(1 << 63), (1 << 63) - 1)), st.sampled_from(["s", "ms", "us", "ns"]))
def test_no_typed_time_raises(counts: list[int | None], unit: str):
    shown(pa.array(counts, pa.int64()).cast(pa.timestamp(unit)), AT, TableMapping())
    shown(pa.array(counts, pa.int64()), AT, TableMapping(time_format="epoch_s"))


@given(st.lists(st.none() | st.floats()))
def test_no_float_raises(numbers: list[float | None]):
    for column in (CAUSE, CELL, LAT, IMSI, PAYMENTS.column("amount")):
        shown(pa.array(numbers, pa.float64()), column, TableMapping())
