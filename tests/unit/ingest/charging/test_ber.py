"""The BER walk: any order, any length form, and nothing that makes it run or eat without measure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.charging.ber import LAST, LIST, MAX_DEPTH, MAX_PARTS, SUM, elements, header, identifiers, table_of, walk
from cellwarden.ingest.signalling.faults import DecodeError

TABLE = table_of(
    [
        ("3", "imsi", LAST),
        ("78", "high", LAST),
        ("12/U16/3", "volume", SUM),
        ("34/U16/8", "places", LIST),
        ("P5000", "far", LAST),
    ]
)


def walked(content, table=TABLE):
    found = {}
    walk(content, 0, len(content), table, found)
    return found


@pytest.mark.parametrize(
    ("tag", "octets"),
    [("0", (0x80, 0xA0)), ("30", (0x9E, 0xBE)), ("31", (0x9F1F, 0xBF1F)), ("127", (0x9F7F, 0xBF7F)), ("128", (0x9F8100, 0xBF8100)),
     ("U16", (0x10, 0x30)), ("A3", (0x43, 0x63)), ("P200", (0xDF8148, 0xFF8148))],
)  # fmt: skip
def test_tags_become_identifier_octets(tag, octets):
    assert identifiers(tag) == octets


def test_fields_are_found_in_any_order_and_unknown_ones_passed_over(made):
    parts = [made.tlv("3", b"x"), made.tlv("78", b"y"), made.tlv("99", b"unknown"), made.tlv("P5000", b"z")]
    for order in (parts, parts[::-1]):
        assert walked(b"".join(order)) == {"imsi": b"x", "high": b"y", "far": b"z"}


def test_sums_and_lists_gather_all_parts(made):
    volumes = made.tlv("12", *(made.tlv("U16", made.tlv("3", bytes([n])), b"") for n in (1, 2, 255)), b"")
    places = made.tlv("34", *(made.tlv("U16", made.tlv("8", bytes([n])), b"") for n in (1, 2)), b"")
    assert walked(volumes + places) == {"volume": 258, "places": [b"\x01", b"\x02"]}


def test_indefinite_lengths_nest_and_end(made):
    inner = made.tlv("U16", made.tlv("3", b"\x07"), b"", indefinite=True)
    outer = made.tlv("12", inner, made.tlv("99", made.tlv("5", b"a"), b"", indefinite=True), indefinite=True)
    assert walked(outer + made.tlv("3", b"x")) == {"volume": 7, "imsi": b"x"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x83\x05ab", id="longer than what holds it"),
        pytest.param(b"\x83\x89" + b"\xff" * 9, id="length of nine octets"),
        pytest.param(b"\x83\x84\xff\xff\xff\xff", id="length of 4 GiB"),
        pytest.param(b"\x83\x80ab\0\0", id="primitive without length"),
        pytest.param(b"\xac\x80" * (MAX_DEPTH + 2) + b"\0\0" * (MAX_DEPTH + 2), id="depth"),
        pytest.param(b"\x9f\xff\xff\xff\xff\x7f\x01a", id="endless tag"),
        pytest.param(b"\xac\x80\x83\x01a", id="no end"),
        pytest.param(b"\xac\x80\x00\x01a\0\0", id="end with content"),
        pytest.param(b"\xac\x0b\x30\x09\x83\x09aaaaaaaaa", id="inner longer than outer"),
    ],
)
def test_bombs_and_nonsense_are_refused(content):
    with pytest.raises((DecodeError, IndexError)):
        walked(content)


def test_a_field_of_too_many_parts_is_refused(made):
    many = made.tlv("34", *(made.tlv("U16", made.tlv("8", b"a"), b"") for _ in range(MAX_PARTS + 1)), b"")
    with pytest.raises(DecodeError, match="parts"):
        walked(many)


def test_a_number_that_fits_no_counter_is_refused(made):
    with pytest.raises(DecodeError, match="9 octets"):
        walked(made.tlv("12", made.tlv("U16", made.tlv("3", bytes(9)), b""), b""))


@given(st.binary(max_size=200))
def test_no_octets_raise_anything_else(content):
    try:
        walked(content)
        list(elements(content))
        header(content, 0, len(content))
    except (DecodeError, IndexError):
        pass


@given(st.lists(st.tuples(st.sampled_from(["3", "78", "P5000", "7"]), st.binary(max_size=300)), max_size=6))
def test_what_was_encoded_is_found(fields):
    content = b""
    for tag, value in fields:
        number = identifiers(tag)[0]
        size = bytes([len(value)]) if len(value) < 128 else b"\x82" + len(value).to_bytes(2)
        content += number.to_bytes((number.bit_length() + 7) // 8) + size + value
    names = {"3": "imsi", "78": "high", "P5000": "far"}
    assert walked(content) == {names[tag]: value for tag, value in fields if tag in names}
