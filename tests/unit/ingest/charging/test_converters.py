"""Values of charging fields, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.charging import converters
from cellwarden.ingest.charging.converters import CONVERTERS, Place
from cellwarden.ingest.signalling.faults import DecodeError

AT = 1_754_356_394_000_000
"""2025-08-05 01:13:14 UTC."""


@pytest.mark.parametrize(
    ("octets", "zone", "at"),
    [
        ("250805101314", b"+\x09\x00", AT),
        ("250804201314", b"-\x05\x00", AT),
        ("250805064314", b"+\x05\x30", AT),
        ("250805011314", b"+\0\0", AT),
    ],
)
def test_times_carry_their_zone(octets, zone, at):
    assert converters.time(bytes.fromhex(octets) + zone) == at


@pytest.mark.parametrize(
    "octets",
    [b"", bytes(8), bytes.fromhex("251305101314") + b"+\x09\x00", bytes.fromhex("250805241314") + b"+\x09\x00",
     bytes.fromhex("250805101314") + b"*\x09\x00", bytes.fromhex("2508051013aa") + b"+\x09\x00", bytes.fromhex("250805101314") + b"+\x99\x00"],
)  # fmt: skip
def test_impossible_times_are_refused(octets):
    with pytest.raises(DecodeError):
        converters.time(octets)


@pytest.mark.parametrize("text", [b"20250805101314+0900", b"250805101314+09:00", b"20250805011314Z", b"20250804201314-0500"])
def test_written_times(text):
    assert converters.time_text(text) == AT


def test_identities_and_numbers():
    assert converters.imsi(bytes.fromhex("54000800000000f1")) == "450080000000001"
    assert converters.tbcd(bytes.fromhex("5376430000000010")) == "3567340000000001"
    assert converters.address(bytes.fromhex("912801214365f8")) == "82101234568"
    assert converters.address(bytes.fromhex("9128a1")) is None
    assert converters.sms_address(bytes.fromhex("0591214365")) == "12345"
    assert converters.sms_address(bytes.fromhex("0bd041e19058")) is None
    for octets in (b"\x12\xff", bytes.fromhex("5400080000000012") + b"\x11", b"\xaa" * 8):
        with pytest.raises(DecodeError):
            converters.imsi(octets)


@pytest.mark.parametrize(
    ("octets", "place"),
    [
        ("1854f080000154f08000019b01", Place("lte", "45008", 1, 0x19B01)),
        ("1054f080f0019b01", Place("lte", "45008", None, 0x19B01)),
        ("0154f08000020003", Place("geran", "45008", 2, 3)),
        ("0254f08000020003", Place("utra", "45008", 2, 3)),
        ("0354f0800002000354f08000040005", Place("utra", "45008", 4, 5)),
        ("2054f0800002", Place(None, "45008", 2, None)),
        ("00", Place(None, None, None, None)),
    ],
)
def test_user_location_information(octets, place):
    assert converters.uli(bytes.fromhex(octets)) == place


@pytest.mark.parametrize(
    ("octets", "place"),
    [
        ("8254f080000154f08000019b01", Place("lte", "45008", 1, 0x19B01)),
        ("8154f08000019b01", Place("lte", "45008", None, 0x19B01)),
        ("8954f08000000154f0800123456789", Place("nr", "45008", 1, 0x123456789)),
        ("0054f08000020003", Place("geran", "45008", 2, 3)),
    ],
)
def test_location_as_radius_writes_it(octets, place):
    assert converters.uli_radius(bytes.fromhex(octets)) == place


def test_areas_and_cells(made):
    content = made.tlv("0", b"\0\2") + made.tlv("1", b"\0\3")
    assert converters.area_and_cell(content) == Place(None, None, 2, 3)
    assert converters.area_and_cell(content + made.tlv("2", b"\x54\xf0\x80")) == Place(None, "45008", 2, 3)
    assert converters.cgi(bytes.fromhex("54f08000020003")) == Place(None, "45008", 2, 3)


def test_parties_and_subscriptions(made):
    parties = made.tlv("0", b"sip:+821011112222@ims.example;user=phone") + made.tlv("1", b"tel:+821033334444")
    assert converters.party(parties) == "821011112222"
    assert converters.party(made.tlv("0", b"sip:alice@ims.example")) is None
    both = [
        made.tlv("U17", made.tlv("0", bytes([kind])), made.tlv("1", text))
        for kind, text in ((0, b"8210"), (1, b"450080000000001"))
    ]
    assert converters.subscription_imsi(b"".join(both)) == "450080000000001"
    assert converters.private_imsi(b"450080000000001@ims.mnc008.mcc450.3gppnetwork.org") == "450080000000001"
    assert converters.private_imsi(b"alice@example") is None


def test_addresses(made):
    assert converters.ip(bytes([10, 0, 0, 1])) == "10.0.0.1"
    assert converters.ip(made.tlv("0", bytes([10, 0, 0, 1]))) == "10.0.0.1"
    assert converters.ip(bytes(15) + b"\1") == "::1"


@pytest.mark.parametrize("name", sorted(CONVERTERS))
@given(octets=st.binary(max_size=40))
def test_no_octets_raise_anything_else(name, octets):
    try:
        value = CONVERTERS[name](octets)
    except (DecodeError, IndexError, ValueError):
        return
    assert value is None or isinstance(value, (str, int, Place))
