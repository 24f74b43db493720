from __future__ import annotations

import pytest

from cellwarden.ingest.signalling import context as module
from cellwarden.ingest.signalling.capture import decode_messages

IMSI = "08 09 10 10 00 00 00 00 10"
GUTI = "0b f6 00f110 0002 01 c0000001"
ATTACH_BY_GUTI = bytes.fromhex(f"07 41 71 {GUTI} 02 e0e0")
COMMAND = {algorithm: bytes.fromhex(f"37 aabbccdd 00 07 5d {algorithm << 4 | 2:02x} 00 02 e0e0") for algorithm in (0, 1, 2)}
HIDDEN = bytes.fromhex(f"27 aabbccdd 01 07 56 {IMSI}")


def play(wire, *steps):
    """Decode steps (pdu, uplink)."""
    return list(decode_messages(wire.pcap([wire.message(pdu, uplink=uplink) for pdu, uplink in steps])))


@pytest.mark.parametrize("algorithm", [1, 2])
def test_after_a_command_that_ciphers_nothing_is_read_however_plain_it_looks(wire, algorithm):
    found = play(
        wire, (wire.initial(ATTACH_BY_GUTI), True), (wire.nas(COMMAND[algorithm]), False), (wire.nas(HIDDEN, uplink=True), True)
    )
    assert found[-1].nas[0].is_ciphered
    assert found[-1].nas[0].identity is None


def test_after_a_null_command_messages_are_read_and_not_guessed(wire):
    found = play(
        wire, (wire.initial(ATTACH_BY_GUTI), True), (wire.nas(COMMAND[0]), False), (wire.nas(HIDDEN, uplink=True), True)
    )
    assert found[-1].nas[0].identity.digits == "001010000000001"
    assert not found[-1].nas[0].is_guessed


def test_a_core_that_ciphers_others_is_not_guessed_at(wire):
    other = (wire.initial(ATTACH_BY_GUTI, ran_id=8), True), (wire.nas(COMMAND[2], ran_id=8, core_id=901), False)
    found = play(wire, *other, (wire.nas(HIDDEN, uplink=True, ran_id=9, core_id=902), True))
    assert found[-1].nas[0].is_ciphered
    assert play(wire, (wire.nas(HIDDEN, uplink=True), True))[0].nas[0].is_guessed


def test_the_algorithm_of_a_phone_holds_when_it_comes_back_under_its_guti(wire):
    first = (wire.initial(ATTACH_BY_GUTI), True), (wire.nas(COMMAND[0]), False)
    back = (wire.initial(bytes.fromhex("c7 21 aabb"), ran_id=20, temporary=b"\xc0\0\0\1"), True)
    accepted = bytes.fromhex(f"27 aabbccdd 01 07 42 01 21 06 0000f1101234 0002 0101 50 {GUTI}")
    found = play(wire, *first, (wire.nas(accepted), False), back, (wire.nas(HIDDEN, uplink=True, ran_id=20, core_id=950), True))
    assert found[-1].nas[0].identity is not None
    assert not found[-1].nas[0].is_guessed


def test_open_contexts_and_known_identities_are_bounded(wire, monkeypatch):
    monkeypatch.setattr(module, "MAX_CONTEXTS", 5)
    monkeypatch.setattr(module, "MAX_IDENTITIES", 5)
    contexts = module.Contexts()
    for message in decode_messages(
        wire.pcap(
            [
                wire.message(wire.initial(ATTACH_BY_GUTI[:-4] + bytes([number]) + ATTACH_BY_GUTI[-3:], ran_id=number))
                for number in range(40)
            ]
        )
    ):
        message.nas = ()
        contexts.take(message)
    assert len(contexts._open) <= 5
    assert contexts.given_up == 35
    assert len(contexts._known) <= 5
    assert sum(map(len, contexts._by_ran.values())) <= 5
