from __future__ import annotations

import struct

from cellwarden.ingest.signalling import reading
from cellwarden.ingest.signalling.capture import decode_messages

ATTACH = bytes.fromhex("07 41 71 08 09 10 10 00 00 00 00 10 02 e0e0 0004 0201d011")
SACK = struct.pack(">BBHIIHH", 3, 0, 16, 1, 2, 0, 0)


def told(message):
    """Everything that a message says, for comparing."""
    parts = {
        name: value for name, value in vars(message).items() if name not in {"route", "nas", "context"} and value is not None
    }
    route = message.route
    return parts, (route.source, route.source_port, route.destination, route.association), [vars(nas) for nas in message.nas]


def frames(wire):
    """Make frames of every form that the short path takes or must leave alone."""
    one = wire.chunk(wire.initial(ATTACH))
    up = [(one,), (SACK, wire.chunk(wire.nas(ATTACH, uplink=True))), (SACK,), (one,), (wire.chunk(b"x", ppid=46),),
          (wire.chunk(wire.nas(ATTACH, uplink=True)), wire.chunk(wire.nas(ATTACH, uplink=True))),
          (wire.chunk(wire.initial(ATTACH)[:30], flags=2),), (wire.chunk(wire.initial(ATTACH)[30:], flags=1),),
          (struct.pack(">BBH", 6, 0, 4),), (wire.chunk(wire.initial(ATTACH)),)]  # fmt: skip
    return [wire.ethernet(wire.ip(wire.sctp(*chunks))) for chunks in up]


def test_the_short_path_says_what_the_general_one_says(wire, monkeypatch):
    path = wire.pcap(frames(wire))
    short = [told(message) for message in decode_messages(path)]
    monkeypatch.setattr(reading, "_SHORT_LINKS", {})
    assert short == [told(message) for message in decode_messages(path)]
    assert len(short) == 6
