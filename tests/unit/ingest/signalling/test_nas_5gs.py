from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling import nas_5gs
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.message import Nas

GUTI = "000b f2 00f110 01 0040 c0000001"
NULL_SUCI = "000d 01 00f110 f0ff 00 00 0000000010"
IMEISV = "77 0009 35 41 32 54 76 98 10 32 f4"


def read(text, *, uplink=True, ciphering=None, may_guess=True):
    nas = Nas("5gs", uplink, 0)
    nas_5gs.read(nas, bytes.fromhex(text), ciphering=ciphering, may_guess=may_guess)
    return nas


def test_a_suci_of_the_null_scheme_is_the_imsi():
    identity = read(f"7e 00 41 79 {NULL_SUCI}").identity
    assert (identity.kind, identity.digits) == ("suci_null", "001010000000001")


def test_a_concealed_suci_tells_nobody():
    suci = "0036 01 00f110 f0ff 01 01" + "ab" * 46
    identity = read(f"7e 00 41 79 {suci}").identity
    assert (identity.kind, identity.digits) == ("suci", None)


def test_a_suci_as_network_access_identifier():
    name = b"type1.rid0.schid0.useriduser@example.org"
    assert read(f"7e 00 41 79 {len(name) + 1:04x} 11 {name.hex()}").identity.kind == "suci_null"


def test_guti_and_s_tmsi():
    assert read(f"7e 00 41 79 {GUTI}").identity.temporary == "00101-01-0040-c0000001"
    assert read("7e 01 00000000 00 7e 00 4c 10 0007 f4 0040 c0000001").identity.temporary == "0040-c0000001"


def test_algorithms_and_causes():
    nas = read("7e 03 aabbccdd 00 7e 00 5d 02 00 02 f0f0", uplink=False, ciphering=1)
    assert (nas.ciphering, nas.integrity) == (0, 2)
    assert read("7e 00 44 07", uplink=False).cause == 7


def test_the_completed_command_carries_device_and_request():
    inner = f"7e 00 41 79 {NULL_SUCI}"
    container = f"71 {len(bytes.fromhex(inner)):04x} {inner}"
    nas = read(f"7e 04 aabbccdd 00 7e 00 5e {IMEISV} {container}", ciphering=0)
    assert nas.second_identity.digits == "3142345678901234"
    assert nas.nested.identity.digits == "001010000000001"


def test_a_bad_element_does_not_hide_the_ones_behind_it():
    inner = f"7e 00 41 79 {NULL_SUCI}"
    nas = Nas("5gs", is_uplink=True, security_header=0)
    text = f"7e 00 5e 77 0002 1511 71 {len(bytes.fromhex(inner)):04x} {inner}"
    with pytest.raises(DecodeError):
        nas_5gs.read(nas, bytes.fromhex(text), ciphering=0, may_guess=True)
    assert nas.nested.identity.kind == "suci_null"


@pytest.mark.parametrize("header", [2, 4])
@pytest.mark.parametrize("first", ["7e 00", "7e 02", "2e 00"])
def test_a_ciphered_message_is_never_taken_for_plain(header, first):
    nas = read(f"7e {header:02x} aabbccdd 00 {first} 5c {NULL_SUCI}", ciphering=2)
    assert nas.is_ciphered
    assert nas.type is nas.identity is None


def test_a_ciphered_container_is_left_alone():
    text = "7e 01 aabbccdd 00 7e 00 4c 10 0007 f4 0040 c0000001 71 0003 7e0041"
    assert read(text, ciphering=2).nested is None
    assert read(text, may_guess=False).nested is None


def test_the_inner_header_of_free5gc_is_forgiven():
    assert read("7e 02 aabbccdd 00 7e 02 43", ciphering=0).type == 0x43


@given(data=st.binary(min_size=1, max_size=60), uplink=st.booleans(), ciphering=st.sampled_from([None, 0, 2]))
def test_no_other_exception_escapes(data, uplink, ciphering):
    try:
        read((b"\x7e" + data).hex(), uplink=uplink, ciphering=ciphering)
    except (DecodeError, IndexError):
        return
