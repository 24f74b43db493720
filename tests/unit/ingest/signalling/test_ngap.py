from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling import ngap
from cellwarden.ingest.signalling.aper import Reader
from cellwarden.ingest.signalling.capture import decode_messages
from cellwarden.ingest.signalling.faults import DecodeError

PLMN = b"\0\xf1\x10"


def decode(wire, pdu, **options):
    (message,) = decode_messages(wire.pcap([wire.message(pdu, ppid=60, **options)]))
    assert not message.faults
    return message


@pytest.mark.parametrize("slices", [1, 2, 300])
@pytest.mark.parametrize("bits", [22, 24, 32])
def test_ng_setup_with_many_slices(wire, bits, slices):
    listed = [{"s-NSSAI": {"sST": b"\1", "sD": b"\0\0\1"}}] * slices
    plmns = [{"pLMNIdentity": PLMN, "tAISliceSupportList": listed}] * 2
    areas = [{"tAC": b"\0\0\1", "broadcastPLMNList": plmns}, {"tAC": b"\0\1\0", "broadcastPLMNList": plmns}]
    gnb = ("globalGNB-ID", {"pLMNIdentity": PLMN, "gNB-ID": ("gNB-ID", (5, bits))})
    message = decode(wire, wire.pdu("ngap", 21, "NGSetupRequest", [
        (27, "GlobalRANNodeID", gnb), (82, "RANNodeName", "gnb-a"), (102, "SupportedTAList", areas),
        (21, "PagingDRX", "v128")]))  # fmt: skip
    assert (message.station.cell_type, message.station.cell) == ("gnb", 5 << (36 - bits))
    assert list(message.tracking_areas) == [(1, ("00101", "00101")), (256, ("00101", "00101"))]
    assert message.name == "gnb-a"


@pytest.mark.parametrize("more", [1, 4, 5])
def test_a_gnb_id_longer_than_32_bits_is_refused(more):
    node = b"\0" + PLMN + bytes([(10 + more) << 3]) + bytes(5)
    with pytest.raises(DecodeError, match="impossible length"):
        ngap.global_station(Reader(node))


def test_a_registration_with_place_and_temporary_identity(wire):
    place = {
        "nR-CGI": {"pLMNIdentity": PLMN, "nRCellIdentity": (0xABCDE0001, 36)},
        "tAI": {"pLMNIdentity": PLMN, "tAC": b"\0\1\2"},
    }
    pdu = wire.pdu("ngap", 15, "InitialUEMessage", [
        (85, "RAN-UE-NGAP-ID", 0xFFFFFFFF), (38, "NAS-PDU", bytes.fromhex("7e00417900 0d 01 00f110 f0ff 0000 0000000010")),
        (121, "UserLocationInformation", ("userLocationInformationNR", place)), (90, "RRCEstablishmentCause", "mo-Signalling"),
        (26, "FiveG-S-TMSI", {"aMFSetID": (1, 10), "aMFPointer": (2, 6), "fiveG-TMSI": b"\xc0\0\0\1"})])  # fmt: skip
    message = decode(wire, pdu)
    assert (message.location.plmn, message.location.tac, message.location.cell) == ("00101", 0x102, 0xABCDE0001)
    assert message.temporary == "0042-c0000001"
    assert message.ran_id == 0xFFFFFFFF
    assert message.nas[0].identity.digits == "001010000000001"


@pytest.mark.parametrize("core_id", [0, 1 << 32, (1 << 40) - 1])
def test_amf_ids_of_up_to_five_octets(wire, core_id):
    pdu = wire.pdu("ngap", 41, "UEContextReleaseCommand", [
        (114, "UE-NGAP-IDs", ("uE-NGAP-ID-pair", {"aMF-UE-NGAP-ID": core_id, "rAN-UE-NGAP-ID": 9})),
        (15, "Cause", ("nas", "normal-release"))])  # fmt: skip
    message = decode(wire, pdu, uplink=False)
    assert (message.core_id, message.ran_id, message.cause) == (core_id, 9, (2, 0))


def test_the_nas_messages_inside_sessions_are_reached(wire):
    items = [
        {
            "pDUSessionID": number,
            "pDUSessionNAS-PDU": bytes.fromhex("7e0043"),
            "s-NSSAI": {"sST": b"\1"},
            "pDUSessionResourceSetupRequestTransfer": ("PDUSessionResourceSetupRequestTransfer", {"protocolIEs": []}),
        }
        for number in (1, 200)
    ]
    ids = [(10, "AMF-UE-NGAP-ID", 1), (85, "RAN-UE-NGAP-ID", 2)]
    pdu = wire.pdu("ngap", 29, "PDUSessionResourceSetupRequest", [*ids, (74, "PDUSessionResourceSetupListSUReq", items)])
    assert [nas.type for nas in decode(wire, pdu, uplink=False).nas] == [0x43, 0x43]


@given(st.binary(max_size=14), st.booleans())
def test_the_common_form_of_a_tunnel_end_is_what_a_reader_finds(octets, is_common):
    requested, answered = (b"\x01\xf0", b"\x00\x03\xe0") if is_common else (b"", b"")

    def outcome(read, argument):
        try:
            return read(argument)
        except (DecodeError, IndexError) as error:
            return type(error)

    def behind_preamble(transfer):
        reader = Reader(transfer)
        reader.bits(7)
        return ngap._tunnel_end(reader)

    end = requested + octets
    transfer = bytes((0, 0, 1, 0, 139, 0, len(end))) + end
    assert outcome(ngap._requested_end, transfer) == outcome(ngap._tunnel_end, Reader(end))
    assert outcome(ngap._answered_end, answered + octets) == outcome(behind_preamble, answered + octets)
