from __future__ import annotations

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling import sctp
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.internet import Packet
from cellwarden.ingest.signalling.sctp import Closed, Sctp, UserMessage


def packet(data, source="10.0.0.1"):
    return Packet(source, "10.0.0.2", data, is_cut=False)


def texts(events):
    return [event.data for event in events if isinstance(event, UserMessage)]


def test_bundled_chunks_behind_a_sack_all_come_out(wire):
    sack = struct.pack(">BBHIIHH", 3, 0, 16, 1, 2, 0, 0)
    assert texts(Sctp().messages(packet(wire.sctp(sack, wire.chunk(b"a"), wire.chunk(b"bc"))))) == [b"a", b"bc"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_fragments_come_together_in_any_order_and_across_the_wrap(wire, order):
    layer, first = Sctp(), 0xFFFFFFFF
    parts = [(2, first, b"one "), (0, 0, b"two "), (1, 1, b"three")]
    found = []
    for place in order:
        flags, tsn, data = parts[place]
        found += texts(layer.messages(packet(wire.sctp(wire.chunk(data, flags=flags, tsn=tsn)))))
    assert found == [b"one two three"]
    assert layer.waiting == 0


def test_a_repeated_tsn_is_dropped_whatever_the_address(wire):
    layer, data = Sctp(), wire.sctp(wire.chunk(b"once", tsn=5))
    assert texts(layer.messages(packet(data))) == [b"once"]
    assert texts(layer.messages(packet(data, source="10.9.9.9"))) == []


def test_both_directions_and_both_homes_are_one_association(wire):
    layer = Sctp()
    up = next(layer.messages(packet(wire.sctp(wire.chunk(b"up")))))
    down = next(layer.messages(Packet("10.0.0.2", "10.0.0.1", wire.sctp(wire.chunk(b"down"), uplink=False), is_cut=False)))
    other = next(layer.messages(packet(wire.sctp(wire.chunk(b"other home")), source="10.9.9.9")))
    assert up.route.association == down.route.association == other.route.association


def test_another_tag_is_another_association(wire):
    layer = Sctp()
    first = next(layer.messages(packet(wire.sctp(wire.chunk(b"a", tsn=1), tag=11))))
    second = next(layer.messages(packet(wire.sctp(wire.chunk(b"b", tsn=1), tag=12))))
    assert first.route.association != second.route.association


def test_init_and_abort_close_the_association(wire):
    layer = Sctp()
    first = next(layer.messages(packet(wire.sctp(wire.chunk(b"a", tsn=1)))))
    init = struct.pack(">BBHIIHHI", 1, 0, 20, 77, 0, 1, 1, 1)
    assert list(layer.messages(packet(wire.sctp(init, tag=0)))) == [Closed(first.route.association)]
    again = next(layer.messages(packet(wire.sctp(wire.chunk(b"a", tsn=1)))))
    assert again.route.association != first.route.association
    assert list(layer.messages(packet(wire.sctp(struct.pack(">BBH", 6, 0, 4))))) == [Closed(again.route.association)]


def test_an_association_that_went_on_outlives_those_that_fell_silent(wire, monkeypatch):
    monkeypatch.setattr(sctp, "MAX_FLOWS", 16)
    gone = []
    layer = Sctp(gone.append)

    def send(tag, tsn):
        return next(layer.messages(packet(wire.sctp(wire.chunk(b"a", tsn=tsn), tag=tag)))).route.association

    busy = send(1, 1)
    others = [(send(tag, 1), send(1, tag))[0] for tag in range(2, 200)]
    assert send(1, 200) == busy
    assert busy not in gone
    assert layer.evicted == len(gone) == len(set(gone))
    assert len(layer.flows) <= 16
    assert len(layer._by_ends) <= 16
    assert set(gone) == set(others[: len(gone)])
    assert len(gone) >= 198 - 16


def test_a_restart_of_which_one_direction_was_captured_closes_the_old_association(wire):
    layer = Sctp()
    (first,) = layer.messages(packet(wire.sctp(wire.chunk(b"a", tsn=1), tag=11)))
    init = struct.pack(">BBHIIHHI", 1, 0, 20, 11, 0, 1, 1, 1)
    answering = Packet("10.0.0.2", "10.0.0.1", wire.sctp(init, uplink=False, tag=0), is_cut=False)
    assert list(layer.messages(answering)) == [Closed(first.route.association)]
    assert texts(layer.messages(packet(wire.sctp(wire.chunk(b"a", tsn=1), tag=11)))) == [b"a"]


@pytest.mark.parametrize(("ppid", "protocol"), [(18, "s1ap"), (60, "ngap"), (18 << 24, "s1ap"), (0, "s1ap"), (46, None)])
def test_the_protocol_is_told_by_ppid_and_else_by_port(wire, ppid, protocol):
    found = list(Sctp().messages(packet(wire.sctp(wire.chunk(b"x", ppid=ppid)))))
    assert [event.protocol for event in found] == ([protocol] if protocol else [])


def test_interleaved_i_data_comes_together():
    layer, found = Sctp(), []
    for tsn, flags, field, data in ((1, 2, 18, b"one "), (3, 1, 2, b"three"), (2, 0, 1, b"two ")):
        body = struct.pack(">IHHII", tsn, 1, 0, 9, field) + data
        chunk = struct.pack(">BBH", 64, flags, 4 + len(body)) + body + bytes(-len(body) % 4)
        found += texts(layer.messages(packet(struct.pack(">HHII", 40001, 36412, 11, 0) + chunk)))
    assert found == [b"one two three"]


def test_waiting_fragments_are_bounded_and_counted(wire, monkeypatch):
    monkeypatch.setattr(sctp, "MAX_FRAGMENTS", 4)
    layer = Sctp()
    for tsn in range(0, 40, 2):
        list(layer.messages(packet(wire.sctp(wire.chunk(b"x", flags=0, tsn=tsn)))))
    assert sum(len(flow.fragments or ()) for flow in layer.flows.values()) <= 4
    assert layer.waiting == 20


def test_octets_that_wait_are_bounded_over_all_associations(wire, monkeypatch):
    monkeypatch.setattr(sctp, "MAX_WAITING_OCTETS", 100)
    layer = Sctp()
    for tag in range(1, 50):
        list(layer.messages(packet(wire.sctp(wire.chunk(bytes(60), flags=0), tag=tag))))
    assert layer._octets <= 100
    assert layer.waiting == 49


def test_a_chunk_without_length_or_end_is_refused(wire):
    with pytest.raises(DecodeError):
        list(Sctp().messages(packet(wire.sctp(bytes(4)))))
    with pytest.raises(DecodeError):
        list(Sctp().messages(packet(wire.sctp(wire.chunk(bytes(40)))[:-8])))


@given(st.binary(max_size=120))
def test_no_other_exception_escapes(data):
    try:
        list(Sctp().messages(packet(struct.pack(">HHII", 1, 36412, 1, 0) + data)))
    except DecodeError:
        return
