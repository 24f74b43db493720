from __future__ import annotations

import struct

import pytest

from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.internet import UDP, Packet
from cellwarden.ingest.signalling.userside import UserSide


def tags(*pairs):
    return b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in pairs)


def gsmtap(kind=0x12, arfcn=0x4000, version=2):
    header = struct.pack(">BBBBHHIBBBB", version, 4, kind, 0, arfcn, 0, 0, 0, 0, 0, 0)
    return Packet("127.0.0.1", "127.0.0.1", struct.pack(">HHHH", 1, 4729, 0, 0) + header + b"\x07\x41", False, UDP)


@pytest.mark.parametrize(("arfcn", "uplink"), [(0x4000, True), (0x0050, False)])
def test_a_nas_message_of_a_phones_log_tells_its_direction(arfcn, uplink):
    found = UserSide({}).of_packet(gsmtap(arfcn=arfcn))
    assert (found.protocol, found.data, found.is_uplink) == ("nas-eps", b"\x07\x41", uplink)


@pytest.mark.parametrize("packet", [gsmtap(kind=13), gsmtap(version=9)])
def test_other_layers_of_the_log_are_left_out(packet):
    assert UserSide({}).of_packet(packet) is None


def test_an_exported_pdu_is_told_by_name_or_by_its_ppid():
    side = UserSide({})
    named = side.of_frame(252, tags((12, b"nas-eps"), (31, bytes(4))) + bytes(4) + b"\x07\x41")
    assert (named.protocol, named.is_uplink) == ("nas-eps", False)
    counted = side.of_frame(
        252, tags((14, b"sctp.ppi"), (32, (60).to_bytes(4)), (20, bytes(4)), (21, bytes(4))) + bytes(4) + b"x"
    )
    assert (counted.protocol, counted.route.source) == ("ngap", "0.0.0.0")  # noqa: S104 (an address in a capture)
    assert side.of_frame(252, tags((12, b"http")) + bytes(4) + b"x") is None


def test_tags_that_do_not_end_are_refused():
    with pytest.raises(DecodeError, match="tags"):
        UserSide({}).of_frame(252, tags((12, b"s1ap")))


def test_both_directions_are_one_association():
    side = UserSide({150: "s1ap"})
    there = side.of_frame(252, tags((12, b"s1ap"), (20, bytes([1] * 4)), (21, bytes([2] * 4))) + bytes(4) + b"x")
    back = side.of_frame(252, tags((12, b"s1ap"), (20, bytes([2] * 4)), (21, bytes([1] * 4))) + bytes(4) + b"x")
    assert there.route.association == back.route.association < 0
    assert side.of_frame(150, b"x").route.association != there.route.association
