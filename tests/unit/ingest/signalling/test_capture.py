from __future__ import annotations

import gzip
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.signalling import sctp
from cellwarden.ingest.signalling.capture import decode_messages, read_capture

IMSI = "08 09 10 10 00 00 00 00 10"
ATTACH = bytes.fromhex(f"07 41 71 {IMSI} 02 e0e0")
RESPONSE = bytes.fromhex(f"07 56 {IMSI}")


def story(wire):
    """A setup, an attach and an identity response, one frame each."""
    return [
        wire.message(wire.setup(("homeENB-ID", (0xABC01, 28)))),
        wire.message(wire.setup(None, "successfulOutcome"), uplink=False),
        wire.message(wire.initial(ATTACH)),
        wire.message(wire.nas(RESPONSE, uplink=True)),
    ]


def summary(path):
    batches = list(read_capture(path, file="made.pcap"))
    assert all(batch.read == batch.accepted.num_rows + len(batch.rejected) for batch in batches)
    accepted = sum(batch.accepted.num_rows for batch in batches)
    return accepted, [refused for batch in batches for refused in batch.rejected]


def test_a_whole_story_gives_its_rows_plain_and_compressed(wire):
    path = wire.pcap(story(wire))
    assert summary(path) == (3, [])
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert summary(path) == (3, [])


def test_a_truncated_file_keeps_its_rows_and_ends_with_a_rejection(wire):
    path = wire.pcap(story(wire))
    path.write_bytes(path.read_bytes()[:-3])
    accepted, rejected = summary(path)
    assert accepted == 2
    assert [(refused.row, refused.reason) for refused in rejected] == [(4, "file: ends inside frame 4")]


def test_no_capture_at_all_is_refused(tmp_path):
    path = tmp_path / "letter.pcap"
    path.write_text("Dear sir or madam")
    with pytest.raises(MalformedInputError):
        list(read_capture(path, file="letter.pcap"))


def test_fragments_out_of_order_and_repeated_give_one_message(wire):
    pdu = wire.initial(ATTACH)
    pieces = [
        wire.chunk(pdu[20:40], flags=0, tsn=11),
        wire.chunk(pdu[40:], flags=1, tsn=12),
        wire.chunk(pdu[:20], flags=2, tsn=10),
    ]
    frames = [wire.ethernet(wire.ip(wire.sctp(piece))) for piece in (*pieces, *pieces)]
    assert [message.frame for message in decode_messages(wire.pcap(frames))] == [3]


def test_a_frame_cut_by_the_capture_length_is_said(wire):
    accepted, rejected = summary(wire.pcap(story(wire), cut=60))
    assert accepted == 0
    assert {refused.reason for refused in rejected} == {"SCTP: a DATA chunk was cut"}


def test_fragments_that_never_complete_are_said(wire):
    path = wire.pcap([wire.ethernet(wire.ip(wire.sctp(wire.chunk(b"half", flags=2))))])
    assert [refused.reason for refused in summary(path)[1]] == ["SCTP fragments: 1 never became complete"]


def test_associations_that_give_way_are_said_and_lose_no_row(wire, monkeypatch):
    monkeypatch.setattr(sctp, "MAX_FLOWS", 4)
    one = wire.initial(ATTACH)
    frames = [wire.ethernet(wire.ip(wire.sctp(wire.chunk(one, tsn=1), tag=tag))) for tag in range(100, 120)]
    accepted, rejected = summary(wire.pcap(frames))
    assert accepted == 20
    assert [refused.reason for refused in rejected] == ["associations: 16 were forgotten, for too many were open"]


def test_a_message_that_is_none_is_refused_and_shows_no_octet_of_it(wire):
    _, rejected = summary(wire.pcap([wire.message(b"\x00\x0c\x40\x7f001010000000001")]))
    assert [(refused.row, refused.raw) for refused in rejected] == [(1, "S1AP initiatingMessage 12, 19 bytes")]
    assert rejected[0].reason.startswith("s1ap: ")


@cache
def material():
    return {}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_changed_no_exception_escapes_and_the_count_holds(wire, data):
    frames = material().setdefault("story", story(wire))
    mutated = []
    for frame in frames:
        changed = bytearray(frame)
        for place, octet in data.draw(st.lists(st.tuples(st.integers(34, len(frame) - 1), st.integers(0, 255)), max_size=4)):
            changed[place] = octet
        keep = data.draw(st.one_of(st.none(), st.integers(14, len(frame))))
        mutated.append(bytes(changed[:keep]))
    summary(wire.pcap(mutated))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pdu=st.binary(min_size=1, max_size=80), ppid=st.sampled_from([18, 60]), uplink=st.booleans())
def test_any_octets_as_a_message_are_rows_or_rejections(wire, pdu, ppid, uplink):
    summary(wire.pcap([wire.message(pdu, ppid=ppid, uplink=uplink)]))
