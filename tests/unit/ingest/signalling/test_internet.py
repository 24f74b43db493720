from __future__ import annotations

import struct

import pytest

from cellwarden.ingest.signalling import internet
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.frames import Frame
from cellwarden.ingest.signalling.internet import Internet


def frame(data, link=1):
    return Frame(1, 0, link, data)


@pytest.mark.parametrize(
    ("link", "before"),
    [
        (1, bytes(12) + b"\x08\0"),
        (1, bytes(12) + b"\x81\0\0\5\x08\0"),
        (1, bytes(12) + b"\x88\xa8\0\5\x81\0\0\6\x08\0"),
        (113, bytes(14) + b"\x08\0"),
        (276, b"\x08\0" + bytes(18)),
        (101, b""),
        (228, b""),
        (0, b"\2\0\0\0"),
        (108, b"\0\0\0\2"),
    ],
)
def test_every_link_layer_leads_to_the_packet(wire, link, before):
    packet = Internet().packet(frame(before + wire.ip(b"payload") + b"padding", link))
    assert packet == ("10.45.0.7", "10.45.0.1", b"payload", False, 132)


@pytest.mark.parametrize("link", [1, 113, 276, 101, 0, 147])
@pytest.mark.parametrize("data", [b"", b"\x45", bytes(40)])
def test_other_frames_give_nothing(link, data):
    assert Internet().packet(frame(data, link)) is None


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0, 0)])
def test_fragments_come_together_in_any_order(wire, order):
    payload = bytes(range(40))
    pieces = [wire.ip(payload[at : at + 16], flags=at // 8 | (0x2000 if at < 32 else 0)) for at in (0, 16, 32)]
    network = Internet()
    found = [network.packet(frame(wire.ethernet(pieces[place]))) for place in order]
    assert [packet.data for packet in found if packet] == [payload]


def test_unfinished_datagrams_are_bounded_and_counted(wire, monkeypatch):
    monkeypatch.setattr(internet, "MAX_DATAGRAMS", 3)
    network = Internet()
    for number in range(10):
        network.packet(frame(wire.ethernet(wire.ip(bytes(8), flags=0x2000, number=number))))
    assert len(network._waiting) == 3
    assert network.waiting == 10


def test_ipv6_with_extensions_and_fragments():
    head = struct.pack(">IHBB", 0x60000000, 8 + 12, 0, 64) + bytes(15) + b"\1" + bytes(15) + b"\2"
    packet = Internet().packet(frame(head + b"\x84\0" + bytes(6) + b"hello sctp!!", 101))
    assert packet == ("::1", "::2", b"hello sctp!!", False, 132)
    network, found = Internet(), []
    for at, more, data in ((8, 0, b"tail"), (0, 1, b"headhead")):
        head = struct.pack(">IHBB", 0x60000000, 8 + len(data), 44, 64) + bytes(32)
        found.append(network.packet(frame(head + struct.pack(">BBHI", 132, 0, at | more, 9) + data, 229)))
    assert [packet.data for packet in found if packet] == [b"headheadtail"]


def test_an_impossible_header_is_said(wire):
    broken = bytearray(wire.ip(b"payload"))
    broken[0] = 0x41
    with pytest.raises(DecodeError):
        Internet().packet(frame(bytes(broken), 101))
