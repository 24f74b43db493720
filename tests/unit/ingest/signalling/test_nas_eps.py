from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling import nas_eps
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.message import Nas

GUTI = "0b f6 00f110 0002 01 c0000001"
MISLEADING = [0x07, 0x0F, 0x02, *(high << 4 | 2 for high in range(5, 16))]
"""First octets that tshark takes for plain."""


def read(text, *, uplink=True, ciphering=None, may_guess=True):
    nas = Nas("eps", uplink, 0)
    nas_eps.read(nas, bytes.fromhex(text), ciphering=ciphering, may_guess=may_guess)
    return nas


@pytest.mark.parametrize(
    ("identity", "kind", "digits"),
    [
        ("08 09 10 10 00 00 00 00 10", "imsi", "001010000000001"),
        ("04 01 10 10 f0", "imsi", "001010"),
        ("08 01 10 10 00 00 00 00 f1", "imsi", "00101000000001"),
        ("08 3a 41 32 54 76 98 10 32", "imei", "314234567890123"),
        ("09 33 41 32 54 76 98 10 32 f4", "imei", "3142345678901234"),
    ],
)
def test_an_attach_tells_who_asks(identity, kind, digits):
    nas = read(f"07 41 71 {identity} 02 e0e0")
    assert (nas.identity.kind, nas.identity.digits, nas.procedure_type) == (kind, digits, 1)


def test_a_guti_is_named_with_its_network():
    assert read(f"17 00000000 00 07 41 71 {GUTI}").identity.temporary == "00101-0002-01-c0000001"


def test_the_security_mode_command_is_always_readable():
    nas = read("37 aabbccdd 00 07 5d 21 00 02 e0e0", uplink=False, ciphering=2)
    assert (nas.ciphering, nas.integrity) == (2, 1)


@pytest.mark.parametrize("first", MISLEADING)
@pytest.mark.parametrize("ciphering", [1, 2, 3])
def test_a_ciphered_message_is_never_taken_for_plain(first, ciphering):
    nas = read(f"27 aabbccdd 05 {first:02x} 56 08 09 10 10 00 00 00 00 10", ciphering=ciphering)
    assert nas.is_ciphered
    assert nas.type is nas.identity is None


def test_without_a_command_a_message_that_fits_is_read_and_marked():
    text = "27 aabbccdd 05 07 56 08 09 10 10 00 00 00 00 10"
    assert read(text).is_guessed
    assert read(text + "00").is_ciphered, "an octet too many: chance, not a message"
    assert read(text, may_guess=False).is_ciphered
    known = read(text, ciphering=0)
    assert (known.is_guessed, known.identity.digits) == (False, "001010000000001")


def test_the_new_guti_of_accepts_is_found_behind_other_elements():
    accept = "07 42 01 21 06 0000f1101234 0002 0101 13 00f1100001 23 05 f4 00000001 50 " + GUTI
    assert read(accept, uplink=False).assigned == "00101-0002-01-c0000001"
    assert read("07 49 00 5a 21 50 " + GUTI, uplink=False).assigned == "00101-0002-01-c0000001"


def test_the_direction_tells_both_detach_requests_apart():
    assert read(f"07 45 71 {GUTI}").identity.kind == "guti"
    assert read("07 45 02 53 08", uplink=False).cause == 8


@pytest.mark.parametrize(("text", "cause"), [("07 44 0f", 15), ("07 4b 09", 9), ("07 4e 09", 9), ("07 5c 15", 21)])
def test_causes_of_rejects(text, cause):
    assert read(text, uplink=False).cause == cause


def test_short_and_partially_ciphered_service_requests():
    assert read("c7 21 aabb").security_header == nas_eps.SERVICE_REQUEST_HEADER
    assert read("57 aabbccdd 01 07 4d 01 ffff").type == nas_eps.CONTROL_PLANE_SERVICE_REQUEST


@pytest.mark.parametrize("text", ["07 41", "07 41 71 20 f6", "07 56 08 0a", "0f", "05 24", "07 56 04 01 10 1a f0"])
def test_a_broken_message_says_so_or_gives_nothing(text):
    try:
        assert read(text).identity is None
    except (DecodeError, IndexError):
        return


@given(data=st.binary(min_size=1, max_size=60), uplink=st.booleans(), ciphering=st.sampled_from([None, 0, 2]))
def test_no_other_exception_escapes(data, uplink, ciphering):
    try:
        read((b"\x07" + data).hex(), uplink=uplink, ciphering=ciphering)
    except (DecodeError, IndexError):
        return
