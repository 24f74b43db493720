"""The real captures once more as other probes would have written them: what we read equals what tshark reads of the same file.

Each variant is made by code out of a real capture: another file format, link, tunnel, fragments of IP and of SCTP, bundles,
repeats, TSNs about to wrap. Nothing about a capture is expected in advance, so that whatever is special about one shows.
"""

from __future__ import annotations

import gzip
import importlib.util
import itertools
import struct
from collections import Counter
from pathlib import Path

import pytest
import zstandard

from cellwarden.ingest.signalling.capture import decode_messages
from cellwarden.ingest.signalling.frames import frames
from cellwarden.ingest.signalling.internet import network_layer

HERE = Path(__file__).parent


def load(name, path):
    """Load a neighbour that is no module of a package."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = load("captures_oracle", HERE / "test_captures.py")
columns = load("columns_oracle", HERE / "test_decode.py")

S1 = ("magma/nsa_connection.pcap", "open5gs/testattach.pcapng", "open5gs/nonipsec_reg.pcapng", "open5gs/srsenb.pcapng")
NG = ("5g-trace-visualizer/free5gc.pcap", "5greplay/oai.pcap", "uecapabilityparser/sctpS1apNgap.pcap")


def packets(name):
    """Return (time, IPv4 packet) of every frame of a capture that is one with SCTP or UDP in it."""
    found = []
    for frame in frames(oracle.capture(name)):
        layer = network_layer(frame.link, frame.data)
        if layer is None or layer[0] != 0x0800:
            continue
        start = layer[1]
        size = int.from_bytes(frame.data[start + 2 : start + 4])
        if frame.data[start + 9] in {17, 132} and 0 < size <= len(frame.data) - start:
            found.append((frame.at_us, frame.data[start : start + size]))
    return found


def ip(payload, like, *, protocol=None, number=None, fragment=0):
    """Put an IPv4 header with the ends of another packet before a payload."""
    head = bytearray(like[:20])
    head[0] = 0x45
    head[2:4] = (20 + len(payload)).to_bytes(2)
    head[6:8] = fragment.to_bytes(2)
    if number is not None:
        head[4:6] = (number & 0xFFFF).to_bytes(2)
    head[9] = protocol or like[9]
    head[10:12] = bytes(2)
    return bytes(head) + payload


def inside(packet):
    """Return what follows the IPv4 header."""
    return packet[(packet[0] & 15) * 4 :]


def is_whole_sctp(packet):
    return packet[9] == 132 and not int.from_bytes(packet[6:8]) & 0x3FFF


def ethernet(packet, tags=b""):
    return bytes(12) + tags + b"\x08\0" + packet


def classic(records, *, link, order="<", magic=0xA1B2C3D4, fractions=1, extra=b""):
    """Write a classic file: byte order, resolution and the longer record headers of the modified format."""
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)]
    for at_us, frame in records:
        seconds, fraction = divmod(at_us, 1_000_000)
        out.append(struct.pack(order + "IIII", seconds, fraction * fractions, len(frame), len(frame)) + extra + frame)
    return b"".join(out)


def block(order, kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def next_generation(records, *, order):
    """Write two sections of pcapng; in each one interface of Ethernet in microseconds and one of raw IP in nanoseconds."""
    half, out = len(records) // 2, []
    for section in (records[:half], records[half:]):
        out.append(block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)))
        out.append(block(order, 1, struct.pack(order + "HHI", 1, 0, 0)))
        out.append(block(order, 1, struct.pack(order + "HHI", 101, 0, 0) + struct.pack(order + "HHB3x", 9, 1, 9) + bytes(4)))
        out.append(block(order, 0x0B0B, b"a block that nobody knows"))
        out.append(block(order, 0x0BAD, struct.pack(order + "I", 32473) + b"a custom block"))
        for place, (at_us, packet) in enumerate(section):
            frame, at = (ethernet(packet), at_us) if place % 2 == 0 else (packet, at_us * 1000)
            head = struct.pack(order + "IIIII", place % 2, at >> 32, at & 0xFFFFFFFF, len(frame), len(frame))
            out.append(block(order, 6, head + frame))
    return b"".join(out)


def linked(link, wrap):
    return lambda found: classic([(at, wrap(packet)) for at, packet in found], link=link)


def tunnelled(protocol, before=b""):
    """Put each packet into another one."""
    return linked(1, lambda packet: ethernet(ip(before + packet, packet, protocol=protocol)))


def in_udp(found):
    """Put SCTP into UDP (RFC 6951)."""
    records = []
    for at, packet in found:
        if is_whole_sctp(packet):
            data = inside(packet)
            packet = ip(struct.pack(">HHHH", 9899, 9899, 8 + len(data), 0) + data, packet, protocol=17)  # noqa: PLW2901
        records.append((at, ethernet(packet)))
    return classic(records, link=1)


def in_fragments(found):
    """Cut each SCTP packet into IP fragments of 48 octets, the last one first."""
    records = []
    for number, (at, packet) in enumerate(found):
        data = inside(packet)
        if not is_whole_sctp(packet) or len(data) <= 48:
            records.append((at, ethernet(packet)))
            continue
        for place in reversed(range(0, len(data), 48)):
            more = 0x2000 if place + 48 < len(data) else 0
            records.append((at, ethernet(ip(data[place : place + 48], packet, number=number, fragment=place // 8 | more))))
    return classic(records, link=1)


def chunks(data):
    """Take an SCTP packet apart: (type, whole chunk with its padding)."""
    position = 12
    while position + 4 <= len(data):
        size = int.from_bytes(data[position + 2 : position + 4])
        if size < 4:
            return
        yield data[position], data[position : position + size + (-size & 3)]
        position += size + (-size & 3)


def rewritten(found, change):
    """Write the packets with the chunks of each SCTP packet changed: `change` maps them to lists of chunks, one a packet."""
    records = []
    for at, packet in found:
        if not is_whole_sctp(packet):
            records.append((at, ethernet(packet)))
            continue
        data = inside(packet)
        packets_of_chunks = filter(None, change(packet, data, list(chunks(data))))
        records.extend((at, ethernet(ip(data[:12] + b"".join(some), packet))) for some in packets_of_chunks)
    return classic(records, link=1)


def in_pieces(found):
    """Cut each message into two DATA chunks in a packet each; so TSNs are counted anew, in steps of two."""

    def change(_packet, _data, parts):
        for kind, chunk in parts:
            size = int.from_bytes(chunk[2:4])
            if kind != 0 or chunk[1] & 3 != 3 or size < 40:
                yield [chunk] if kind else [_numbered(chunk, 0)]
                continue
            head, body = chunk[4:16], chunk[16:size]
            for step, (flags, part) in enumerate(((2, body[:21]), (1, body[21:]))):
                piece = struct.pack(">BBH", 0, flags, 16 + len(part)) + head + part + bytes(-len(part) % 4)
                yield [_numbered(piece, step)]

    return rewritten(found, change)


def _numbered(chunk, step):
    return chunk[:4] + ((int.from_bytes(chunk[4:8]) * 2 + step) & 0xFFFFFFFF).to_bytes(4) + chunk[8:]


def about_to_wrap(found):
    """Shift the TSNs of each direction so that they wrap after a few messages."""
    shifts = {}

    def change(_packet, data, parts):
        key, out = data[:8], []
        for kind, chunk in parts:
            if kind == 0:
                first = shifts.setdefault(key, (0xFFFFFFFD - int.from_bytes(chunk[4:8])) & 0xFFFFFFFF)
                chunk = chunk[:4] + ((int.from_bytes(chunk[4:8]) + first) & 0xFFFFFFFF).to_bytes(4) + chunk[8:]  # noqa: PLW2901
            if kind not in {1, 2, 3}:  # what acknowledges would have to be shifted with the other direction
                out.append(chunk)
            yield out

    return rewritten(found, change)


def repeated(found):
    """Send every third packet twice, the copy two packets later, as a retransmission or a second port of a mirror does."""
    records = [(at, ethernet(packet)) for at, packet in found]
    copies = {place + 2: record for place, record in enumerate(records) if place % 3 == 0}
    return classic(
        [each for place, record in enumerate(records) for each in (record, copies.get(place)) if each is not None], link=1
    )


def bundled(found):
    """Put a SACK before the chunks of each packet and a HEARTBEAT behind them."""
    sack, beat = struct.pack(">BBHIIHH", 3, 0, 16, 1, 2, 0, 0), struct.pack(">BBHI", 4, 0, 8, 1)

    def change(_packet, _data, parts):
        alone = any(kind in {1, 2, 14} for kind, _ in parts)
        yield [chunk for _, chunk in parts] if alone else [sack, *(chunk for _, chunk in parts), beat]

    return rewritten(found, change)


VARIANTS = {
    "big-endian": lambda found: classic([(at, ethernet(packet)) for at, packet in found], link=1, order=">"),
    "nanoseconds": lambda found: classic(
        [(at, ethernet(packet)) for at, packet in found], link=1, magic=0xA1B23C4D, fractions=1000
    ),
    "big-endian nanoseconds": lambda found: classic(
        [(at, ethernet(packet)) for at, packet in found], link=1, order=">", magic=0xA1B23C4D, fractions=1000
    ),
    "modified header": lambda found: classic(
        [(at, ethernet(packet)) for at, packet in found], link=1, magic=0xA1B2CD34, extra=struct.pack("<IHBB", 1, 0, 0, 0)
    ),
    "pcapng": lambda found: next_generation(found, order="<"),
    "big-endian pcapng": lambda found: next_generation(found, order=">"),
    "gzip": lambda found: gzip.compress(VARIANTS["big-endian"](found)),
    "vlan": linked(1, lambda packet: ethernet(packet, b"\x81\0\0\5")),
    "qinq": linked(1, lambda packet: ethernet(packet, b"\x88\xa8\0\5\x81\0\0\6")),
    "cooked": linked(113, lambda packet: bytes(14) + b"\x08\0" + packet),
    "cooked 2": linked(276, lambda packet: b"\x08\0" + bytes(18) + packet),
    "raw": linked(101, lambda packet: packet),
    "padded": linked(1, lambda packet: ethernet(packet) + bytes(12)),
    "gre": tunnelled(47, b"\0\0\x08\0"),
    "ip in ip": tunnelled(4),
    "udp": in_udp,
    "ip fragments": in_fragments,
    "sctp fragments": in_pieces,
    "wrap": about_to_wrap,
    "repeated": repeated,
    "bundled": bundled,
}


def compared(path, name):
    """Return the fields that differ from tshark, without those that differ in the original for a reason."""
    found = list(decode_messages(path))
    assert found
    excepted = {field for file, field in oracle.FIELD_EXCEPTIONS if file == name}
    return Counter(each[2] for each in oracle.differences(path, found) if each[2] not in excepted)


@pytest.mark.parametrize(
    ("variant", "name"),
    [(variant, S1[place % len(S1)]) for place, variant in enumerate(VARIANTS)]
    + [(variant, NG[place % len(NG)]) for place, variant in enumerate(VARIANTS)],
)
def test_a_capture_written_otherwise_equals_tshark(tmp_path, variant, name):
    path = tmp_path / "variant.pcap"
    path.write_bytes(VARIANTS[variant](packets(name)))
    oracle.needs_tshark()
    assert compared(path, name) == {}


@pytest.mark.parametrize("variant", ["vlan", "cooked 2", "pcapng", "ip fragments"])
def test_registrations_in_tunnels_equal_tshark_whatever_the_link(tmp_path, variant):
    path = tmp_path / "variant.pcap"
    path.write_bytes(VARIANTS[variant](packets("open5gs/nonipsec_reg.pcapng")))
    theirs, rows = columns.tshark(path, "sip"), columns.ours(path)["sip"]
    assert sorted(rows) == sorted(theirs)
    assert rows
    of_sip = [column for column in columns.COLUMNS if "sip" in column.tshark and column.name not in columns.STAND_INS]
    for number, some in rows.items():
        assert [column.name for column in of_sip if columns.differs(column, "sip", some, theirs[number])] == []


def test_zstandard_holds_the_same_messages(tmp_path):
    name = "magma/nsa_connection.pcap"
    path = tmp_path / "variant.pcap.zst"
    path.write_bytes(zstandard.compress(VARIANTS["raw"](packets(name))))
    plain = list(itertools.islice(decode_messages(oracle.capture(name)), 1000))
    assert [(each.procedure, each.nas_pdus) for each in decode_messages(path)] == [
        (each.procedure, each.nas_pdus) for each in plain
    ]
