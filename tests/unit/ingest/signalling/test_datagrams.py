from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling import datagrams
from cellwarden.ingest.signalling.datagrams import Streams, tunnelled
from cellwarden.ingest.signalling.message import EPOCH

KEY = ("10.45.0.2", "10.45.0.3", 5060, 5061)


def segment(number, data=b"", flags=0x10):
    return struct.pack(">HHIIBBHHH", 5060, 5061, number, 0, 0x50, flags, 9, 0, 0) + data


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (b"\x30\xff\0\1\0\0\0\7E", (7, b"E")),
        (b"\x32\xff\0\5\0\0\0\7\0\1\0\0E", (7, b"E")),
        (b"\x34\xff\0\x09\0\0\0\7\0\0\0\x85\1\0\5\0E", (7, b"E")),
        (b"\x30\1\0\0\0\0\0\0", None),
        (b"\x50\xff\0\1\0\0\0\7E", None),
        (b"\x30", None),
    ],
)
def test_the_tunnel_header_with_its_options_comes_off(packet, expected):
    assert tunnelled(packet) == expected


def test_segments_come_in_order_once_and_across_the_wrap():
    streams, first = Streams(), 0xFFFFFFFE
    assert streams.take(KEY, segment(first - 1, flags=2)) == b""
    assert streams.take(KEY, segment(2, b"cd")) == b""
    assert streams.take(KEY, segment(first, b"ABab")) == b"ABabcd"
    assert streams.take(KEY, segment(first, b"ABab")) == b""
    assert streams.take(KEY, segment(3, b"def")) == b"ef"


def test_a_gap_that_stays_is_jumped(monkeypatch):
    monkeypatch.setattr(datagrams, "MAX_AHEAD", 2)
    streams = Streams()
    assert streams.take(KEY, segment(10, b"a")) == b"a"
    found = [streams.take(KEY, segment(number, b"x")) for number in (20, 21, 22)]
    assert found == [b"", b"", b"xxx"]


def test_streams_are_bounded(monkeypatch):
    monkeypatch.setattr(datagrams, "MAX_STREAMS", 3)
    streams = Streams()
    for number in range(10):
        streams.take((*KEY[:3], number), segment(1, b"x"))
    assert len(streams._streams) == 3


def test_a_datagram_tells_when_it_was_captured():
    datagram = datagrams.Datagram(1, 1, "a", "b", 1, 2, b"", "udp", 0, "c", "d")
    assert (datagram.at - EPOCH).microseconds == 1


@given(st.lists(st.tuples(st.integers(0, 0xFFFFFFFF), st.binary(max_size=8), st.integers(0, 255)), max_size=40))
def test_whatever_comes_nothing_escapes(segments):
    streams = Streams()
    for number, data, flags in segments:
        streams.take(KEY, segment(number, data, flags))


@given(st.binary(max_size=40))
def test_any_octets_are_a_tunnel_or_none(data):
    tunnelled(b"\x34\xff" + data)
