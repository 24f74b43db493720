"""Throw mutated octets at charging files, BER records and SIP: nothing may escape, hang or eat the memory.

    python tests/fuzz/charging_and_sip.py --runs 1000000 [--seed 1] [--layers file,record,sip]

Coverage guides the mutation where atheris is installed (`--coverage`, then options of its own); else octets of seeds are
changed, cut, repeated and spliced at random. `corpus/charging_and_sip.txt` holds what once went wrong: one `layer hex` a
line; it is run first.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import util
from pathlib import Path

from campaign import run

from cellwarden.foundation.errors import CellwardenError
from cellwarden.ingest.charging import files
from cellwarden.ingest.charging.dialect import dialect_of, shipped
from cellwarden.ingest.charging.files import Damage, Record, records
from cellwarden.ingest.charging.records import fields, usage
from cellwarden.ingest.signalling.datagrams import Datagram
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.registrations import Registrations

HERE = Path(__file__).parent
CORPUS = HERE / "corpus" / "charging_and_sip.txt"
LAYERS = ("file", "record", "sip")
NAMES = shipped()


def _made():
    spec = util.spec_from_file_location("made", HERE.parent / "unit" / "ingest" / "charging" / "conftest.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seeds():
    """Return octets to start from, by layer."""
    made = _made()
    record = made.sgw()
    call = made.tlv("0", made.tlv("1", made.IMSI), made.tlv("5", b"\x91\x21\x43"), made.tlv("23", made.TIME), b"")
    register = (
        b"REGISTER sip:x SIP/2.0\r\nTo: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>\r\ni: a\r\nCSeq: 1 REGISTER\r\n"
        b'm: <sip:a>;+sip.instance="<urn:gsma:imei:35622410-483840-0>"\r\nSecurity-Client: ipsec-3gpp;alg=a;ealg=null\r\n'
        b"P-Access-Network-Info: 3GPP-E-UTRAN-FDD;\r\n utran-cell-id-3gpp=001010001000019B\r\nl: 0\r\n\r\n"
    )
    return {
        "file": [
            record * 3,
            made.ts32297([record] * 3, private=b"x"),
            made.ts32297([call] * 2, extension=True),
            made.tlv("U16", record, b"") * 2,
        ],
        "record": [record, call, made.sgw(indefinite=True), made.tlv("69", made.tlv("2", b"INVITE"), b"")],
        "sip": [register, b"SIP/2.0 401 x\r\ni: a\r\nCSeq: 1 REGISTER\r\nSecurity-Server: tls\r\n\r\n"],
    }


class State:
    """What lives between inputs."""

    def __init__(self) -> None:
        self.registrations = Registrations("fuzz")
        self.count = 0

    def take(self, layer: str, data: bytes) -> None:
        """Give one input to one layer; only our own errors may be raised."""
        self.count += 1
        dialect = dialect_of(NAMES[self.count % len(NAMES)])
        if layer == "sip":
            protocol = "tcp" if self.count % 2 else "udp"
            ends = ("10.0.0.1", "10.0.0.2", 5060, self.count % 50)
            self.registrations.take(Datagram(1, 0, *ends, data, protocol, 7, "192.0.2.1", "192.0.2.2"))
            return
        if layer == "record":
            self._record(Record(data, 0, 0, len(data)), dialect)
            return
        files.open_octets = lambda _path, *, file: iter([data] if file else [])  # no disk between us and the reader
        with suppress(CellwardenError):
            for each in records(Path("f"), file="f", dialect=dialect):
                if not isinstance(each, Damage):
                    self._record(each, dialect)

    @staticmethod
    def _record(record, dialect):
        kinds = [dialect.records[record.tag]] if record.tag in dialect.records else list(dialect.records.values())[:12:2]
        for kind in kinds:
            if kind.service:
                with suppress(DecodeError):
                    usage(record, kind)
                with suppress(DecodeError):
                    fields(record, kind)


def regressions():
    """Return the inputs that once went wrong."""
    lines = CORPUS.read_text().splitlines() if CORPUS.exists() else []
    return [(layer, bytes.fromhex(octets)) for layer, octets in map(str.split, filter(None, lines))]


if __name__ == "__main__":
    sys.exit(run(State, LAYERS, seeds, regressions()))
