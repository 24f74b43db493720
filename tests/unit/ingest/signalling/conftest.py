"""Makes captures of made-up subscribers: PDUs by pycrate, SCTP and files by hand."""

from __future__ import annotations

import struct
import warnings

import pytest
from hypothesis import settings

PLMN = bytes.fromhex("00f110")
"""001-01."""
STATION, CORE = "10.45.0.7", "10.45.0.1"

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")  # a loaded machine is no fault of a parser; hangs are the fuzzer's to find


class Wire:
    """Builds what goes over the wire."""

    def __init__(self, tmp_path, asn1):
        self.tmp_path, self.asn1, self.tsn = tmp_path, asn1, 0

    def pdu(self, protocol, procedure, name, elements, kind="initiatingMessage"):
        """Encode an S1AP or NGAP message; elements are (id, type, value)."""
        pdu = self.asn1[protocol]
        ies = [{"id": number, "criticality": "ignore", "value": (kind_of, value)} for number, kind_of, value in elements]
        pdu.set_val((kind, {"procedureCode": procedure, "criticality": "reject", "value": (name, {"protocolIEs": ies})}))
        return pdu.to_aper()

    def setup(self, station, kind="initiatingMessage"):
        """S1 Setup with an eNB id `(kind, (value, bits))`, or its answer."""
        if kind == "successfulOutcome":
            gummei = {"servedPLMNs": [PLMN], "servedGroupIDs": [b"\0\1"], "servedMMECs": [b"\1"]}
            return self.pdu(
                "s1ap",
                17,
                "S1SetupResponse",
                [(61, "MMEname", "core-a"), (105, "ServedGUMMEIs", [gummei]), (87, "RelativeMMECapacity", 9)],
                kind,
            )
        if kind == "unsuccessfulOutcome":
            return self.pdu("s1ap", 17, "S1SetupFailure", [(2, "Cause", ("misc", "unknown-PLMN"))], kind)
        areas = [{"tAC": b"\x12\x34", "broadcastPLMNs": [PLMN, PLMN]}, {"tAC": b"\x56\x78", "broadcastPLMNs": [PLMN]}]
        return self.pdu("s1ap", 17, "S1SetupRequest", [
            (59, "Global-ENB-ID", {"pLMNidentity": PLMN, "eNB-ID": station}), (60, "ENBname", "station-a"),
            (64, "SupportedTAs", areas), (137, "PagingDRX", "v128")])  # fmt: skip

    def initial(self, nas, *, ran_id=7, cell=0x00ABC01, place=True, temporary=None):
        """Initial UE Message of S1AP."""
        tai = [
            (67, "TAI", {"pLMNidentity": PLMN, "tAC": b"\x12\x34"}),
            (100, "EUTRAN-CGI", {"pLMNidentity": PLMN, "cell-ID": (cell, 28)}),
        ]
        s_tmsi = [(96, "S-TMSI", {"mMEC": b"\1", "m-TMSI": temporary})] if temporary else []
        return self.pdu("s1ap", 12, "InitialUEMessage", [
            (8, "ENB-UE-S1AP-ID", ran_id), (26, "NAS-PDU", nas), *(tai if place else []), *s_tmsi,
            (134, "RRC-Establishment-Cause", "mo-Signalling")])  # fmt: skip

    def nas(self, nas, *, uplink=False, core_id=900, ran_id=7):
        """NAS transport of S1AP."""
        ids = [(0, "MME-UE-S1AP-ID", core_id), (8, "ENB-UE-S1AP-ID", ran_id), (26, "NAS-PDU", nas)]
        return self.pdu("s1ap", 13 if uplink else 11, "UplinkNASTransport" if uplink else "DownlinkNASTransport", ids)

    def chunk(self, data, *, flags=3, tsn=None, stream=1, ppid=18, sequence=0):
        """One DATA chunk, padded."""
        self.tsn += 1
        body = struct.pack(">IHHI", self.tsn if tsn is None else tsn, stream, sequence, ppid) + data
        return struct.pack(">BBH", 0, flags, 4 + len(body)) + body + bytes(-len(body) % 4)

    def sctp(self, *chunks, uplink=True, tag=None):
        """One SCTP packet between the station and the core."""
        ports = (40001, 36412) if uplink else (36412, 40001)
        return struct.pack(">HHII", *ports, tag if tag is not None else (11 if uplink else 22), 0) + b"".join(chunks)

    def ip(self, payload, *, uplink=True, flags=0, number=1, protocol=132):
        """One IPv4 packet; `flags` hold the fragment flags and offset."""
        ends = [bytes(map(int, end.split("."))) for end in ((STATION, CORE) if uplink else (CORE, STATION))]
        return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number, flags, 64, protocol, 0, *ends) + payload

    def ethernet(self, packet, *, tags=b"", kind=b"\x08\0"):
        """One Ethernet frame."""
        return bytes(12) + tags + kind + packet

    def message(self, pdu, *, uplink=True, **options):
        """A whole frame with one message."""
        return self.ethernet(self.ip(self.sctp(self.chunk(pdu, **options), uplink=uplink), uplink=uplink))

    def pcap(self, frames, *, order="<", magic=0xA1B2C3D4, link=1, start=1_700_000_000, cut=None):
        """Write frames one second apart; return the path."""
        path = self.tmp_path / "made.pcap"
        with path.open("wb") as file:
            file.write(struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link))
            for number, frame in enumerate(frames):
                kept = frame if cut is None else frame[:cut]
                file.write(struct.pack(order + "IIII", start + number, 250_000, len(kept), len(frame)))
                file.write(bytes(8) * (magic == 0xA1B2CD34) + kept)
        return path


@pytest.fixture(scope="session")
def asn1():
    """The PDU types of both protocols; pycrate's import takes a second and warns about its own escapes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pycrate_asn1dir import NGAP, S1AP  # noqa: PLC0415
    return {"s1ap": S1AP.S1AP_PDU_Descriptions.S1AP_PDU, "ngap": NGAP.NGAP_PDU_Descriptions.NGAP_PDU}


@pytest.fixture
def wire(tmp_path, asn1):
    return Wire(tmp_path, asn1)
