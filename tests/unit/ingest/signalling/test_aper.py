from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling.aper import Reader, counted, items_of
from cellwarden.ingest.signalling.faults import DecodeError

SIZES = [0, 1, 127, 128, 16383, 16384, 16385, 32768, 40000, 65536, 70000, 131072, 200000]


def length(size):
    """Write a length determinant, fragmented from 16 KiB on, and the content behind it."""
    content = bytes(index & 255 for index in range(size))
    out, rest = b"", content
    while len(rest) >= 16384:
        pieces = min(len(rest) // 16384, 4)
        out += bytes([0xC0 | pieces]) + rest[: pieces * 16384]
        rest = rest[pieces * 16384 :]
    return out + (bytes([len(rest)]) if len(rest) < 128 else (0x8000 | len(rest)).to_bytes(2)) + rest, content


@pytest.mark.parametrize("size", SIZES)
def test_strings_of_every_length_class_come_back(size):
    encoded, content = length(size)
    assert counted(encoded + b"rest", 0) == (content, len(encoded))
    assert Reader(encoded).string() == content


@given(st.integers(0, 0xFFFFFFFF))
def test_numbers_of_one_to_four_octets_come_back(value):
    octets = max((value.bit_length() + 7) // 8, 1)
    assert Reader(bytes([(octets - 1) << 6]) + value.to_bytes(octets)).integer(0, 0xFFFFFFFF) == value


@pytest.mark.parametrize(("high", "encoded"), [(255, "05 07"), (256, "07 00"), (1024, "07 00 00 06")])
def test_the_width_of_a_count_depends_on_its_range(high, encoded):
    reader = Reader(bytes.fromhex(encoded))
    reader.bits(5 if high < 256 else 0)
    assert reader.integer(1, high) in {0xA1, 8, 0x701}


def test_a_range_of_255_is_a_bit_field_256_an_octet_and_more_two_octets():
    for high, position in ((255, 8), (256, 16), (257, 24)):
        reader = Reader(bytes(4))
        reader.bits(0 if high == 255 else 1)
        reader.integer(1, high)
        assert reader.position == position


@pytest.mark.parametrize("data", [b"", b"\x05abc", b"\x80", b"\xc1abc", b"\xc0", b"\xc5"])
def test_a_string_that_ends_early_is_refused(data):
    with pytest.raises((DecodeError, IndexError)):
        counted(data, 0)


def test_extensions_and_additions_are_passed_over():
    reader = Reader(bytes.fromhex("0000 0001 00 02 aabb") + b"\x07")
    reader.skip_extensions()
    assert reader.octets(1) == b"\x07"
    additions = Reader(bytes.fromhex("01 80 01 aa 07"))
    additions.skip_additions()
    assert additions.position == 32


@pytest.mark.parametrize(("data", "is_spent"), [(b"\xf0", True), (b"\xf8", False), (b"\xf0\0", False), (b"\xff\xf0", False)])
def test_what_is_left_is_the_zeros_of_the_last_octet_or_something(data, is_spent):
    reader = Reader(data)
    assert reader.bits(4) == 15
    assert reader.is_spent == is_spent


def test_an_enumeration_counts_on_from_its_root():
    assert Reader(b"\x82").enumerated(4) == 4 + 2
    assert Reader(b"\x40").enumerated(4) == 2


def test_the_items_of_a_list_come_out_whatever_their_length():
    long = bytes(200)
    assert list(items_of(b"\1" + b"\0\x23\0\2ab" + b"\0\x23\0\x80\xc8" + long)) == [b"ab", long]


@given(st.binary(max_size=64))
def test_nothing_but_our_error_and_index_error_escapes(data):
    try:
        list(items_of(data))
    except (DecodeError, IndexError):
        return
