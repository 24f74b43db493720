"""Pseudonyms: 64-bit keyed BLAKE2b (RFC 7693)."""

import hashlib

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.lake.key import LakeKey
from cellwarden.lake.pseudonyms import Pseudonyms, column_in_hex, from_hex, in_hex

KEY = LakeKey(bytes(range(32)))
PEOPLE = Pseudonyms(KEY, "imsi")


def test_the_primitive_is_that_of_the_standard():
    # RFC 7693, appendix A: BLAKE2b-512 of "abc".
    assert hashlib.blake2b(b"abc").hexdigest() == (
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
    )


def test_a_pseudonym_is_the_keyed_digest_of_64_bits_with_the_kind_as_person():
    for identifier in ("450080000000001", "", "소"):
        digest = hashlib.blake2b(identifier.encode(), digest_size=8, key=KEY.derived("pseudonyms"), person=b"imsi").hexdigest()
        assert in_hex(PEOPLE.of(identifier)) == digest


def test_kinds_are_kept_apart():
    kinds = [Pseudonyms(KEY, kind).of("450080000000001") for kind in ("imsi", "imei", "msisdn", "access_line")]
    assert len(set(kinds)) == 4


def test_another_key_gives_another_pseudonym_and_the_same_key_the_same():
    assert (
        Pseudonyms(LakeKey(bytes(32)), "imsi").of("1")
        != PEOPLE.of("1")
        == Pseudonyms(LakeKey(bytes(range(32))), "imsi").of("1")
    )


def test_leading_zeros_count():
    assert PEOPLE.of("001010000000001") != PEOPLE.of("1010000000001")


@given(st.integers(-(2**63), 2**63 - 1))
def test_hex_of_16_digits_goes_there_and_back(pseudonym):
    text = in_hex(pseudonym)
    assert len(text) == 16
    assert from_hex(text) == pseudonym


@given(st.lists(st.text("0123456789", max_size=15) | st.none()), st.integers(1, 5))
def test_a_column_is_mapped_row_by_row_and_each_person_is_told_once(identifiers, pieces):
    step = max(1, len(identifiers) // pieces)
    chunks = [pa.array(identifiers[start : start + step], pa.string()) for start in range(0, len(identifiers), step)]
    pseudonyms = Pseudonyms(KEY, "imsi")
    column, people = pseudonyms.of_all(pa.chunked_array(chunks, pa.string()))
    assert column.type == pa.int64()
    assert column.to_pylist() == [None if each is None else PEOPLE.of(each) for each in identifiers]
    assert sorted(people) == sorted({(PEOPLE.of(each), each) for each in identifiers if each is not None})
    again, nobody = pseudonyms.of_all(pa.array(identifiers, pa.string()))
    assert again.to_pylist() == column.to_pylist()
    assert nobody == []


def test_a_column_in_hex_keeps_what_is_not_known():
    assert column_in_hex([None, -1, 0]).to_pylist() == [None, "f" * 16, "0" * 16]
