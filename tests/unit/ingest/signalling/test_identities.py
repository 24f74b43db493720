from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import digits_of, eps_guti, identity_digits, plmn_of, short_of


def packed(digits, code):
    """Pack an IMSI or IMEI as TS 24.008, 10.5.1.4 does."""
    odd = len(digits) % 2
    text = digits[0] + f"{code | odd << 3:x}" + "".join(b + a for a, b in zip(digits[1::2], (digits + "f")[2::2], strict=False))
    return bytes.fromhex(text)


@given(st.text("0123456789", min_size=6, max_size=15))
def test_an_imsi_comes_back_as_it_was_packed(digits):
    assert identity_digits(packed(digits, 1), 6, 15) == digits


@pytest.mark.parametrize(
    ("octets", "plmn"), [("00f110", "00101"), ("54f080", "45008"), ("001100", "001001"), ("130184", "311480")]
)
def test_the_length_of_the_mnc_is_kept(octets, plmn):
    assert plmn_of(bytes.fromhex(octets)) == plmn


@pytest.mark.parametrize("octets", ["", "00f1", "aaaaaa", "ffffff"])
def test_a_plmn_that_holds_no_digits_is_refused(octets):
    with pytest.raises(DecodeError):
        plmn_of(bytes.fromhex(octets))


def test_an_imeisv_whose_filler_is_no_filler_keeps_sixteen_digits():
    assert identity_digits(bytes.fromhex("151100000000000000"), 14, 16) == "1110000000000000"


def test_digits_refuse_letters():
    with pytest.raises(DecodeError):
        digits_of(b"\xab")


def test_the_s_tmsi_of_a_guti_compares_with_one_that_stands_alone():
    guti = eps_guti(bytes.fromhex("00f110 0002 01 c0000001"))
    assert guti == "00101-0002-01-c0000001"
    assert short_of(guti) == short_of("01-c0000001", "00101")
