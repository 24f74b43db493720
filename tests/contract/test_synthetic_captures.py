"""Made-up captures of what the real ones lack: what we decode equals what was encoded, and what tshark decodes.

PDUs are encoded by pycrate; the file, IP and SCTP around them by hand.
"""

from __future__ import annotations

import gzip
import importlib.util
import itertools
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from cellwarden.foundation.errors import UsageError
from cellwarden.ingest.signalling.capture import decode_datagrams, decode_messages, read_capture

HERE = Path(__file__).parent


def load(name, path):
    """Load a neighbour that is no module of a package."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = load("signalling_oracle", HERE / "test_captures.py")
made = load("signalling_wire", HERE.parent / "unit" / "ingest" / "signalling" / "conftest.py")
PLMN = made.PLMN
asn1, wire = made.asn1, made.wire

TAI = {"pLMNidentity": PLMN, "tAC": b"\x12\x34"}
NR_TAI = {"pLMNIdentity": PLMN, "tAC": b"\x00\x12\x34"}
ECGI = {"pLMNidentity": PLMN, "cell-ID": (0xABC01, 28)}
IDS = [(0, "MME-UE-S1AP-ID", 900), (8, "ENB-UE-S1AP-ID", 7)]
NG_IDS = [(10, "AMF-UE-NGAP-ID", 2**40 - 2), (85, "RAN-UE-NGAP-ID", 2**32 - 3)]
IMSI, GUTI = "08 09 10 10 00 00 00 00 10", "0b f6 00f110 0002 01 c0000001"
ATTACH = bytes.fromhex(f"07 41 71 {IMSI} 02 e0e0 0004 0201d011")
CAUSE = (2, "Cause", ("radioNetwork", "unspecified"))
TUNNEL = {"e-RAB-ID": 5, "transportLayerAddress": (0x0A2D0007, 32), "gTP-TEID": b"\0\0\0\7"}


def equal_to_tshark(path):
    """Assert that every compared field of every frame is the same; return our messages."""
    found = list(decode_messages(path))
    assert not [fault for message in found for fault in message.faults]
    oracle.needs_tshark()
    # The container between two base stations in a handover is none of ours; tshark shows a cell in it.
    inside = {each for message in found if message.target for each in [(message.frame, "cell")]}
    assert [each for each in oracle.differences(path, found) if each[1:3] not in inside] == []
    return found


def items(number, name, *values):
    return [{"id": number, "criticality": "ignore", "value": (name, value)} for value in values]


def station(kind, value, bits):
    return (59, "Global-ENB-ID", {"pLMNidentity": PLMN, "eNB-ID": (kind, (value, bits))})


def initial(*more):
    return [(8, "ENB-UE-S1AP-ID", 7), (26, "NAS-PDU", ATTACH), (67, "TAI", TAI), (100, "EUTRAN-CGI", ECGI),
            (134, "RRC-Establishment-Cause", "mt-Access"), *more]  # fmt: skip


def setup(kind, value, bits, *more):
    areas = [{"tAC": bytes([0x12, number]), "broadcastPLMNs": [PLMN]} for number in range(40)]
    return [station(kind, value, bits), (60, "ENBname", "b\u00e4ll"[:1] + "station"), (64, "SupportedTAs", areas),
            (137, "PagingDRX", "v256"), *more]  # fmt: skip


RESET = ("partOfS1-Interface", items(91, "UE-associatedLogicalS1-ConnectionItem", {"mME-UE-S1AP-ID": 5}, {"mME-UE-S1AP-ID": 900, "eNB-UE-S1AP-ID": 7}))  # fmt: skip
TARGET = (
    "targeteNB-ID",
    {"global-ENB-ID": {"pLMNidentity": PLMN, "eNB-ID": ("homeENB-ID", (0xABCDEF, 28))}, "selected-TAI": TAI},
)
CAPABILITY = {"encryptionAlgorithms": (0xE000, 16), "integrityProtectionAlgorithms": (0x6000, 16)}
S1 = {
    "macro": ("s1ap", 17, "S1SetupRequest", setup("macroENB-ID", 0xABCDE, 20)),
    "home with groups": ("s1ap", 17, "S1SetupRequest", setup("homeENB-ID", 0xABCDEF1, 28, (128, "CSG-IdList", [{"cSG-Id": (number, 27)} for number in (1, 0x5555555, 0x7FFFFFF)]))),
    "short macro": ("s1ap", 17, "S1SetupRequest", setup("short-macroENB-ID", 0x2ABCD, 18)),
    "long macro": ("s1ap", 17, "S1SetupRequest", setup("long-macroENB-ID", 0x1ABCDE, 21)),
    "configuration update": ("s1ap", 29, "ENBConfigurationUpdate", [(60, "ENBname", "other"), (128, "CSG-IdList", [{"cSG-Id": (9, 27)}])]),
    "from a femtocell": ("s1ap", 12, "InitialUEMessage", initial(
        (96, "S-TMSI", {"mMEC": b"\xa5", "m-TMSI": b"\xc0\0\0\1"}), (127, "CSG-Id", (0x1234567, 27)),
        (75, "GUMMEI", {"pLMN-Identity": PLMN, "mME-Group-ID": b"\x80\1", "mME-Code": b"\x11"}), (145, "CellAccessMode", "hybrid"),
        (155, "TransportLayerAddress", (0x0A2D0009, 32)), (176, "TunnelInformation", {"transportLayerAddress": (0xC0000209, 32), "uDP-Port-Number": b"\x11\x94"}),
        (186, "LHN-ID", b"l" * 40))),
    "paging by imsi": ("s1ap", 10, "Paging", [(80, "UEIdentityIndexValue", (5, 10)), (43, "UEPagingID", ("iMSI", bytes.fromhex("00101000000000f1"))), (109, "CNDomain", "ps"),
        (46, "TAIList", items(47, "TAIItem", {"tAI": TAI}, {"tAI": {"pLMNidentity": PLMN, "tAC": b"\0\1"}}))]),
    "paging by s-tmsi": ("s1ap", 10, "Paging", [(80, "UEIdentityIndexValue", (5, 10)), (43, "UEPagingID", ("s-TMSI", {"mMEC": b"\xa5", "m-TMSI": b"\xc0\0\0\1"})),
        (44, "PagingDRX", "v32"), (109, "CNDomain", "ps"), (46, "TAIList", items(47, "TAIItem", {"tAI": TAI}))]),
    "reset": ("s1ap", 14, "Reset", [CAUSE, (92, "ResetType", RESET)]),
    "error": ("s1ap", 15, "ErrorIndication", [*IDS, (2, "Cause", ("protocol", "semantic-error"))]),
    "path switch": ("s1ap", 3, "PathSwitchRequest", [(8, "ENB-UE-S1AP-ID", 8), (22, "E-RABToBeSwitchedDLList", items(23, "E-RABToBeSwitchedDLItem", TUNNEL)),
        (88, "MME-UE-S1AP-ID", 900), (100, "EUTRAN-CGI", ECGI), (67, "TAI", TAI), (107, "UESecurityCapabilities", CAPABILITY)]),
    "handover required": ("s1ap", 0, "HandoverRequired", [*IDS, (1, "HandoverType", "intralte"), CAUSE, (4, "TargetID", TARGET), (104, "Source-ToTarget-TransparentContainer", b"\0" * 300)]),
    "handover notify": ("s1ap", 2, "HandoverNotify", [*IDS, (100, "EUTRAN-CGI", ECGI), (67, "TAI", TAI)]),
    "release": ("s1ap", 23, "UEContextReleaseCommand", [(99, "UE-S1AP-IDs", ("uE-S1AP-ID-pair", {"mME-UE-S1AP-ID": 900, "eNB-UE-S1AP-ID": 7})), (2, "Cause", ("nas", "normal-release"))]),
}  # fmt: skip
NODE = ("globalGNB-ID", {"pLMNIdentity": PLMN, "gNB-ID": ("gNB-ID", (0x2ABCDE, 24))})
NG_LOCATION = (
    "userLocationInformationNR",
    {"nR-CGI": {"pLMNIdentity": PLMN, "nRCellIdentity": (0x8ABCDEF12, 36)}, "tAI": NR_TAI, "timeStamp": b"\1\2\3\4"},
)
LTE_LOCATION = (
    "userLocationInformationEUTRA",
    {"eUTRA-CGI": {"pLMNIdentity": PLMN, "eUTRACellIdentity": (0xABC01, 28)}, "tAI": NR_TAI},
)
REGISTRATION = bytes.fromhex("7e 00 41 79 000d 01 00f110 f0ff 00 00 0000000010 2e 02 e0e0")
NG_TMSI = {"aMFSetID": (0x3FF, 10), "aMFPointer": (5, 6), "fiveG-TMSI": b"\xc0\0\0\2"}
NG = {
    "registration": ("ngap", 15, "InitialUEMessage", [(85, "RAN-UE-NGAP-ID", 3), (38, "NAS-PDU", REGISTRATION), (121, "UserLocationInformation", NG_LOCATION),
        (90, "RRCEstablishmentCause", "mt-Access"), (26, "FiveG-S-TMSI", NG_TMSI)]),
    "over lte": ("ngap", 46, "UplinkNASTransport", [*NG_IDS, (38, "NAS-PDU", bytes.fromhex("7e0043")), (121, "UserLocationInformation", LTE_LOCATION)]),
    "paging": ("ngap", 24, "Paging", [(115, "UEPagingIdentity", ("fiveG-S-TMSI", NG_TMSI)), (103, "TAIListForPaging", [{"tAI": NR_TAI}, {"tAI": NR_TAI}])]),
    "reset": ("ngap", 20, "NGReset", [CAUSE, (88, "ResetType", ("partOfNG-Interface", [{"aMF-UE-NGAP-ID": 4}, {"rAN-UE-NGAP-ID": 9}]))]),
    "handover required": ("ngap", 12, "HandoverRequired", [*NG_IDS, (29, "HandoverType", "intra5gs"), CAUSE,
        (105, "TargetID", ("targetRANNodeID", {"globalRANNodeID": NODE, "selectedTAI": NR_TAI})), (61, "PDUSessionResourceListHORqd", [{"pDUSessionID": 5, "handoverRequiredTransfer": b"\0"}]),
        (101, "SourceToTarget-TransparentContainer", b"\0" * 40)]),
    "release": ("ngap", 41, "UEContextReleaseCommand", [(114, "UE-NGAP-IDs", ("uE-NGAP-ID-pair", {"aMF-UE-NGAP-ID": 2**40 - 2, "rAN-UE-NGAP-ID": 7})), (15, "Cause", ("nas", "deregister"))]),
}  # fmt: skip


@pytest.mark.parametrize("name", [*S1, *(f"ng {name}" for name in NG)])
def test_every_message_equals_tshark(wire, name):
    protocol, procedure, kind, elements = S1[name] if name in S1 else NG[name.removeprefix("ng ")]
    if protocol == "ngap":
        elements = [(15 if each[1] == "Cause" else each[0], *each[1:]) for each in elements]
    pdu = wire.pdu(protocol, procedure, kind, elements)
    ports = {"ppid": 18} if protocol == "s1ap" else {"ppid": 60}
    (message,) = equal_to_tshark(wire.pcap([wire.message(pdu, **ports)]))
    assert message.procedure == procedure


def test_what_a_femtocell_tells_of_itself(wire):
    (message,) = decode_messages(wire.pcap([wire.message(wire.pdu(*S1["from a femtocell"]))]))
    assert (message.csg_ids, message.access_mode, message.gateway_address) == ((0x1234567,), 0, "10.45.0.9")
    assert (message.tunnel_address, message.tunnel_port, message.local_network) == ("192.0.2.9", 4500, (b"l" * 40).hex())
    assert (message.core_group, message.temporary) == ("00101-8001-11", "a5-c0000001")


@pytest.mark.parametrize("bits", [22, 23, 24, 31, 32])
def test_gnb_ids_of_every_length(wire, bits):
    node = ("globalGNB-ID", {"pLMNIdentity": PLMN, "gNB-ID": ("gNB-ID", ((1 << bits) - 2, bits))})
    slices = [{"s-NSSAI": {"sST": b"\1", "sD": b"\0\0\1"}}] * 3
    areas = [{"tAC": b"\0\0\1", "broadcastPLMNList": [{"pLMNIdentity": PLMN, "tAISliceSupportList": slices}]}] * 2
    pdu = wire.pdu("ngap", 21, "NGSetupRequest", [(27, "GlobalRANNodeID", node), (82, "RANNodeName", "node"),
        (102, "SupportedTAList", areas), (21, "PagingDRX", "v64")])  # fmt: skip
    (message,) = equal_to_tshark(wire.pcap([wire.message(pdu, ppid=60)]))
    assert (message.station.value, message.station.bits) == ((1 << bits) - 2, bits)


NAS_UP = (
    f"07 41 71 {GUTI} 02 e0e0 0004 0201d011 52 00f1101234 5c 0a00 50 {GUTI}",
    f"17 11223344 05 07 48 0b {GUTI} 58 02 e0e0 50 {GUTI}",
    f"07 45 7b {GUTI}", "c7 25 aabb", "07 4c 00 05 f4 c0000009", f"07 56 {IMSI}",
    "07 5c 15 30 0e 0102030405060708090a0b0c0d0e", "07 5c 14",
)  # fmt: skip
NAS_DOWN = (
    f"07 42 01 21 06 0000f1101234 0010 5201c1 0109 0403696e74 05010a2d0001 50 {GUTI}", "07 44 0f", "07 45 02 53 08", "07 4b 09", "07 4e 09", "07 54",
    "07 55 03", "37 aabbccdd 00 07 5d 02 00 02 e0e0", f"07 49 00 5a 21 50 {GUTI}", f"07 50 {GUTI}", "02 01 d1 1b", "07 60 61",
)  # fmt: skip


@pytest.mark.parametrize("text", [*NAS_UP, *NAS_DOWN])
def test_nas_of_eps_equals_tshark(wire, text):
    path = wire.pcap([wire.message(wire.nas(bytes.fromhex(text), uplink=text in NAS_UP), uplink=text in NAS_UP)])
    oracle.needs_tshark()
    found = list(decode_messages(path))
    assert [each for each in oracle.differences(path, found) if each[2] != "bearer"] == []


def test_a_request_names_an_additional_guti_which_is_not_a_new_one(wire):
    (message,) = decode_messages(wire.pcap([wire.message(wire.nas(bytes.fromhex(NAS_UP[0]), uplink=True))]))
    assert message.nas[0].second_identity.temporary == "00101-0002-01-c0000001"
    assert message.nas[0].assigned is None


MISLEADING = [0x07, 0x0F, 0x02, *(high << 4 | 2 for high in range(5, 16))]
"""First octets that tshark takes for plain: it is no oracle here, the algorithm of the context is."""


@pytest.mark.parametrize("first", MISLEADING)
def test_a_ciphered_message_stays_closed_whatever_its_first_octet(wire, first):
    hidden = bytes.fromhex(f"27 aabbccdd 01 {first:02x} 56 {IMSI}")
    command = bytes.fromhex("37 aabbccdd 00 07 5d 21 00 02 e0e0")
    attach = bytes.fromhex(f"07 41 71 {GUTI} 02 e0e0 0004 0201d011")
    found = list(decode_messages(wire.pcap([wire.message(wire.initial(attach)), wire.message(wire.nas(command), uplink=False),
        wire.message(wire.nas(hidden, uplink=True))])))  # fmt: skip
    assert found[-1].nas[0].is_ciphered
    assert not found[-1].nas[0].identities
    assert found[-1].nas[0].session_type is None


def ipv6(payload, following=132, *, uplink=True):
    ends = [bytes(15) + b"\7", bytes(15) + b"\1"]
    return struct.pack(">IHBB", 0x60000000, len(payload), following, 64) + b"".join(ends if uplink else ends[::-1]) + payload


def packets(wire):
    """Make SCTP packets of a setup, its answer, an attach and an identity response, with their directions."""
    return [
        (wire.sctp(wire.chunk(wire.setup(("macroENB-ID", (0xABC, 20))))), True),
        (wire.sctp(wire.chunk(wire.setup(None, "successfulOutcome")), uplink=False), False),
        (wire.sctp(wire.chunk(wire.initial(ATTACH))), True),
        (wire.sctp(wire.chunk(wire.nas(bytes.fromhex(f"07 56 {IMSI}"), uplink=True))), True),
    ]


def udp(payload, port=9899):
    return struct.pack(">HHHH", port, port, 8 + len(payload), 0) + payload


def in_fragments(wire, packet, up):
    """Cut a packet into three fragments, the last one first."""
    pieces = [
        wire.ip(packet[at : at + 24], uplink=up, number=packet[-1], flags=at // 8 | (0x2000 if at < 48 else 0))
        for at in (0, 24)
    ]
    pieces.append(wire.ip(packet[48:], uplink=up, number=packet[-1], flags=6))
    return [wire.ethernet(piece) for piece in reversed(pieces)]


def in_ipv6_fragments(wire, packet, up):
    head = struct.pack(">BBHI", 132, 0, 1, packet[-1])
    rest = struct.pack(">BBHI", 132, 0, 40, packet[-1])
    return [wire.ethernet(ipv6(part, 44, uplink=up), kind=b"\x86\xdd") for part in (head + packet[:40], rest + packet[40:])]


LINKS = {
    "ethernet": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(packet, uplink=up))]),
    "padded": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(packet, uplink=up)) + bytes(8)]),
    "vlan": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(packet, uplink=up), tags=b"\x81\0\0\5")]),
    "qinq": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(packet, uplink=up), tags=b"\x88\xa8\0\5\x81\0\0\6")]),
    "mpls": (1, lambda wire, packet, up: [wire.ethernet(b"\0\1\1\x40" + wire.ip(packet, uplink=up), kind=b"\x88\x47")]),
    "cooked": (113, lambda wire, packet, up: [bytes(14) + b"\x08\0" + wire.ip(packet, uplink=up)]),
    "cooked 2": (276, lambda wire, packet, up: [b"\x08\0" + bytes(18) + wire.ip(packet, uplink=up)]),
    "raw": (101, lambda wire, packet, up: [wire.ip(packet, uplink=up)]),
    "loopback": (0, lambda wire, packet, up: [b"\2\0\0\0" + wire.ip(packet, uplink=up)]),
    "ipv4 fragments": (1, in_fragments),
    "ipv6": (1, lambda wire, packet, up: [wire.ethernet(ipv6(packet, uplink=up), kind=b"\x86\xdd")]),
    "ipv6 extensions": (1, lambda wire, packet, up: [wire.ethernet(ipv6(b"\x3c\0" + bytes(6) + b"\x84\0" + bytes(6) + packet, 0, uplink=up), kind=b"\x86\xdd")]),
    "ipv6 fragments": (1, in_ipv6_fragments),
    "gre": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(b"\0\0\x08\0" + wire.ip(packet, uplink=up), protocol=47))]),
    "gre with key": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(b"\x20\0\x08\0\0\0\0\7" + wire.ip(packet, uplink=up), protocol=47))]),
    "ip in ip": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(wire.ip(packet, uplink=up), protocol=4))]),
    "udp": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(udp(packet), uplink=up, protocol=17))]),
    "vxlan": (1, lambda wire, packet, up: [wire.ethernet(wire.ip(udp(b"\x08\0\0\0\0\0\5\0" + wire.ethernet(wire.ip(packet, uplink=up)), 4789), protocol=17))]),
}  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_every_link_type_and_tunnel_leads_to_the_same_messages(wire, link):
    number, frames_of = LINKS[link]
    frames = list(itertools.chain.from_iterable(frames_of(wire, packet, up) for packet, up in packets(wire)))
    found = equal_to_tshark(wire.pcap(frames, link=number))
    assert [message.procedure for message in found] == [17, 17, 12, 13]
    assert [identity.digits for message in found for nas in message.nas for identity in nas.identities] == [
        "001010000000001"
    ] * 2


def test_compressed_files_are_read_by_their_content(wire):
    path = wire.pcap([wire.ethernet(wire.ip(packet, uplink=up)) for packet, up in packets(wire)])
    plain = path.read_bytes()
    for packed in (
        gzip.compress(plain),
        zstandard.compress(plain),
        zstandard.compress(plain[:50]) + zstandard.compress(plain[50:]),
    ):
        path.write_bytes(packed)
        assert len(list(decode_messages(path))) == 4


def i_data(tsn, flags, field, data, stream):
    body = struct.pack(">IHHII", tsn, stream, 0, 9, field) + data
    return struct.pack(">BBH", 64, flags, 4 + len(body)) + body + bytes(-len(body) % 4)


def story(wire, *packets_of_chunks):
    return wire.pcap([wire.ethernet(wire.ip(wire.sctp(*chunks))) for chunks in packets_of_chunks])


def test_bundles_repeats_and_acknowledgements(wire):
    sack = struct.pack(">BBHIIHH", 3, 0, 16, 1, 2, 0, 0)
    one, two = (wire.chunk(wire.initial(ATTACH, ran_id=number)) for number in (1, 2))
    found = equal_to_tshark(story(wire, [sack, one, two], [sack], [one], [two], [struct.pack(">BBHI", 4, 0, 8, 1)]))
    assert [message.ran_id for message in found] == [1, 2]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_fragments_of_interleaved_streams_across_the_wrap(wire, order):
    pdu = wire.initial(ATTACH)
    third = len(pdu) // 3
    parts = [pdu[:third], pdu[third : 2 * third], pdu[2 * third :]]
    flags, tsns = (2, 0, 1), (0xFFFFFFFF, 0, 1)
    path = story(wire, *([wire.chunk(parts[place], flags=flags[place], tsn=tsns[place])] for place in order))
    assert [message.ran_id for message in decode_messages(path)] == [7]
    both = [
        i_data(tsn, flags[place], place or 18, parts[place], stream)
        for tsn, (place, stream) in enumerate(itertools.product(order, (1, 2)))
    ]
    assert [message.ran_id for message in decode_messages(story(wire, *([chunk] for chunk in both)))] == [7, 7]


def test_a_restart_with_the_same_numbers_is_another_association(wire):
    chunk = wire.chunk(wire.setup(("macroENB-ID", (1, 20))), tsn=1)
    begin = struct.pack(">BBHIIHHI", 1, 0, 20, 22, 0, 1, 1, 1)
    end = struct.pack(">BBH", 6, 0, 4)
    path = wire.pcap([wire.ethernet(wire.ip(packet)) for packet in (
        wire.sctp(chunk), wire.sctp(begin, tag=0), wire.sctp(chunk), wire.sctp(end), wire.sctp(chunk))])  # fmt: skip
    associations = [message.association for message in decode_messages(path)]
    assert len(associations) == len(set(associations)) == 3


@pytest.mark.parametrize("link", [147, 150, 152])
def test_user_link_types_are_read_as_the_site_says(wire, link):
    path = wire.pcap([wire.initial(ATTACH)], link=link)
    assert list(decode_messages(path)) == []
    (message,) = decode_messages(path, user_links={link: "s1ap"})
    assert (message.ran_id, message.is_uplink, message.source) == (7, True, "")
    with pytest.raises(UsageError, match="user link types"):
        list(decode_messages(path, user_links={1: "s1ap"}))


def test_exported_pdus_are_read_by_the_name_of_their_dissector(wire):
    tags = b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in (
        (12, b"s1ap"), (20, bytes([10, 0, 0, 1])), (21, bytes([10, 0, 0, 2])), (25, (40001).to_bytes(4)), (26, (36412).to_bytes(4))))  # fmt: skip
    (message,) = decode_messages(wire.pcap([tags + bytes(4) + wire.initial(ATTACH)], link=252))
    assert (message.ran_id, message.source, message.destination_port) == (7, "10.0.0.1", 36412)


def test_a_phones_own_log_gives_messages_and_no_rows(wire):
    header = bytes.fromhex("02 04 12 00 4000 0000 00000000 00 00 00 00")
    path = wire.pcap([wire.ip(udp(header + ATTACH, 4729), protocol=17)], link=228)
    (message,) = equal_to_tshark(path)
    assert message.protocol == "nas-eps"
    assert message.nas[0].identity.digits == "001010000000001"
    assert list(read_capture(path, file="x")) == []


def test_what_is_inside_a_tunnel_comes_out_in_order(wire):
    def tunnel(inner, extra=b""):
        kind = 0x30 | 4 * bool(extra)
        body = (b"\0\0\0\x85" + extra if extra else b"") + inner
        return wire.ethernet(wire.ip(udp(struct.pack(">BBHI", kind, 255, len(body), 77) + body, 2152), protocol=17))

    def tcp(number, data, flags=0x10):
        return wire.ip(struct.pack(">HHIIBBHHH", 5060, 5061, number, 0, 0x50, flags, 9, 0, 0) + data, protocol=6)

    frames = [tunnel(wire.ip(udp(b"REGISTER", 5060), protocol=17), b"\1\0\5\0"), tunnel(tcp(9, b"", 2)), tunnel(tcp(14, b"world")),
              tunnel(tcp(10, b"four")), tunnel(tcp(10, b"four"))]  # fmt: skip
    found = list(decode_datagrams(wire.pcap(frames)))
    assert [(each.protocol, each.payload, each.teid, each.frame) for each in found] == [
        ("udp", b"REGISTER", 77, 1),
        ("tcp", b"fourworld", 77, 4),
    ]
    assert found[0].source == found[0].outer_source == made.STATION


def test_a_handover_and_an_answer_to_paging_have_rows_of_their_own(wire):
    command = wire.pdu("s1ap", 0, "HandoverPreparationFailure", [*IDS, CAUSE], "unsuccessfulOutcome")
    frames = [wire.message(wire.initial(bytes.fromhex("c7 21 aabb"), temporary=b"\xc0\0\0\1")), wire.message(wire.pdu(*S1["from a femtocell"])),
              wire.message(wire.pdu(*S1["handover required"])), wire.message(command, uplink=False), wire.message(wire.pdu(*S1["release"]), uplink=False)]  # fmt: skip
    rows = [row for batch in read_capture(wire.pcap(frames), file="x") for row in batch.accepted.to_pylist()]
    assert [(row["procedure"], row["result"]) for row in rows] == [
        ("service_request", None),
        ("attach", None),
        ("handover_out", "reject"),
        ("release", None),
    ]
    paged = wire.pdu("s1ap", 12, "InitialUEMessage", [(8, "ENB-UE-S1AP-ID", 7), (26, "NAS-PDU", bytes.fromhex("c7 21 aabb")), (67, "TAI", TAI),
        (100, "EUTRAN-CGI", ECGI), (134, "RRC-Establishment-Cause", "mt-Access")])  # fmt: skip
    (batch,) = read_capture(wire.pcap([wire.message(paged)]), file="x")
    assert batch.accepted.column("procedure").to_pylist() == ["paging_response"]


def test_what_once_went_wrong_and_fresh_mutations_raise_nothing(monkeypatch):
    script = HERE.parent / "fuzz" / "signalling.py"
    monkeypatch.syspath_prepend(script.parent)
    fuzz = load("signalling_fuzz", script)
    for line in fuzz.CORPUS.read_text().splitlines():
        if line and not line.startswith("#"):
            layer, _, text = line.partition(" ")
            state = fuzz.State()
            state.take(layer, bytes.fromhex(text))
            state.take(layer, bytes.fromhex(text))
    done = subprocess.run(
        [sys.executable, str(script), "--runs", "7000", "--seed", "11"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.startswith("7,000 runs, 0 wrong")
