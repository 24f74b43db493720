from __future__ import annotations

import gzip
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.signalling.faults import TruncatedCaptureError
from cellwarden.ingest.signalling.frames import frames


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "microseconds"), [(0xA1B2C3D4, 250_000), (0xA1B23C4D, 250), (0xA1B2CD34, 250_000)])
def test_every_kind_of_pcap_gives_its_frames(wire, order, magic, microseconds):
    found = list(frames(wire.pcap([b"one", b"two"], order=order, magic=magic, start=100)))
    assert [(frame.number, frame.data, frame.at_us) for frame in found] == [
        (1, b"one", 100_000_000 + microseconds),
        (2, b"two", 101_000_000 + microseconds),
    ]


def test_gzip_is_seen_by_its_content_not_its_name(wire):
    path = wire.pcap([b"one"])
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert [frame.data for frame in frames(path)] == [b"one"]


def block(order, kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def section(order):
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order, link, options=b""):
    return block(order, 1, struct.pack(order + "HHI", link, 0, 0) + options)


def enhanced(order, index, at, data):
    return block(order, 6, struct.pack(order + "IIIII", index, at >> 32, at & 0xFFFFFFFF, len(data), len(data)) + data)


def test_sections_interfaces_and_resolutions_of_pcapng(tmp_path):
    path = tmp_path / "a.pcapng"
    nano = struct.pack("<HHB3x", 9, 1, 9) + struct.pack("<HHq", 14, 8, 1000)
    binary = struct.pack(">HHB3x", 9, 1, 0x80 | 10)
    path.write_bytes(
        section("<") + interface("<", 1) + interface("<", 113, nano) + enhanced("<", 0, 5_000_001, b"a") + enhanced("<", 1, 2_000_003_000, b"b")
        + block("<", 5, b"statistics") + section(">") + interface(">", 276, binary) + enhanced(">", 0, 3 * 1024 + 512, b"c")
        + block(">", 3, struct.pack(">I", 1) + b"d")
    )  # fmt: skip
    assert [(frame.number, frame.link, frame.at_us, frame.data) for frame in frames(path)] == [
        (1, 1, 5_000_001, b"a"),
        (2, 113, 1_002_000_003, b"b"),
        (3, 276, 3_500_000, b"c"),
        (4, 276, None, b"d"),
    ]


@pytest.mark.parametrize("content", [b"", b"PK\3\4 no capture", b"\x0a\x0d"])
def test_another_file_is_refused_with_advice(tmp_path, content):
    path = tmp_path / "notes.pcap"
    path.write_bytes(content)
    with pytest.raises(MalformedInputError, match=r"notes\.pcap: .* Give a pcap"):
        list(frames(path))


@pytest.mark.parametrize("lost", [1, 5, 18])
def test_frames_before_the_damage_are_kept(wire, lost):
    path = wire.pcap([b"one", b"two"])
    path.write_bytes(path.read_bytes()[:-lost])
    found = frames(path)
    assert next(found).data == b"one"
    with pytest.raises(TruncatedCaptureError):
        list(found)


def test_a_frame_of_impossible_size_ends_the_file(tmp_path):
    path = tmp_path / "huge.pcap"
    path.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0, 1) + struct.pack("<IIII", 0, 0, 0xFFFFFFF0, 0xFFFFFFF0))
    with pytest.raises(TruncatedCaptureError):
        list(frames(path))


@settings(max_examples=200)
@given(data=st.binary(max_size=200), head=st.sampled_from([b"\x0a\x0d\x0d\x0a", b"\xd4\xc3\xb2\xa1", b"\x1f\x8b"]))
def test_no_other_exception_escapes(tmp_path_factory, data, head):
    path = tmp_path_factory.mktemp("fuzz") / "x.pcap"
    path.write_bytes(head + data)
    try:
        list(frames(path))
    except (MalformedInputError, TruncatedCaptureError):
        return
