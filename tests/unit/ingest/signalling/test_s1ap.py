from __future__ import annotations

import pytest

from cellwarden.ingest.signalling.capture import decode_messages


def decode(wire, pdu, **options):
    (message,) = decode_messages(wire.pcap([wire.message(pdu, **options)]))
    assert not message.faults
    return message


@pytest.mark.parametrize(
    ("kind", "bits", "value", "word"),
    [
        ("homeENB-ID", 28, 0x0ABCDEF, "home"),
        ("macroENB-ID", 20, 0xABCDE, "macro"),
        ("short-macroENB-ID", 18, 0x2BCDE, "short_macro"),
        ("long-macroENB-ID", 21, 0x1ABCDE, "long_macro"),
    ],
)
def test_every_kind_of_enb_id(wire, kind, bits, value, word):
    message = decode(wire, wire.setup((kind, (value, bits))))
    assert (message.station.cell_type, message.station.bits, message.station.value) == (word, bits, value)
    assert message.station.cell == value << (28 - bits)
    assert message.name == "station-a"
    assert list(message.tracking_areas) == [(0x1234, ("00101", "00101")), (0x5678, ("00101",))]


def test_names_of_the_core_and_causes(wire):
    assert decode(wire, wire.setup(None, "successfulOutcome"), uplink=False).core_name == "core-a"
    assert decode(wire, wire.setup(None, "unsuccessfulOutcome"), uplink=False).cause == (4, 5)


@pytest.mark.parametrize("core_id", [0, 255, 256, 65535, 65536, 0xFFFFFF, 0x1000000, 0xFFFFFFFF])
def test_ids_of_every_width(wire, core_id):
    message = decode(wire, wire.nas(b"\x07\x43", core_id=core_id, ran_id=min(core_id, 0xFFFFFF)))
    assert (message.core_id, message.ran_id) == (core_id, min(core_id, 0xFFFFFF))


def test_place_and_s_tmsi_of_an_initial_message(wire):
    message = decode(wire, wire.initial(b"\xc7\0\0\0", temporary=b"\xc0\0\0\1", cell=0xFFFFFFF))
    assert (message.location.plmn, message.location.tac, message.location.cell) == ("00101", 0x1234, 0xFFFFFFF)
    assert message.temporary == "01-c0000001"


def test_user_location_information(wire):
    ecgi = {"pLMNidentity": b"\0\xf1\x10", "cell-ID": (0x00ABC02, 28)}
    tai = {"pLMNidentity": b"\0\xf1\x10", "tAC": b"\x43\x21"}
    elements = [
        (0, "MME-UE-S1AP-ID", 1),
        (8, "ENB-UE-S1AP-ID", 2),
        (189, "UserLocationInformation", {"eutran-cgi": ecgi, "tai": tai}),
    ]
    pdu = wire.pdu("s1ap", 23, "UEContextReleaseComplete", elements, "successfulOutcome")
    location = decode(wire, pdu).location
    assert (location.tac, location.cell) == (0x4321, 0x00ABC02)


@pytest.mark.parametrize("octets", [4, 16, 20])
@pytest.mark.parametrize("rates", [None, 255, 10_000_000_000])
def test_the_nas_messages_inside_bearers_are_reached(wire, octets, rates):
    quality = {
        "qCI": 1,
        "allocationRetentionPriority": {
            "priorityLevel": 15,
            "pre-emptionCapability": "may-trigger-pre-emption",
            "pre-emptionVulnerability": "pre-emptable",
        },
    }
    if rates is not None:
        names = ("e-RAB-MaximumBitrateDL", "e-RAB-MaximumBitrateUL", "e-RAB-GuaranteedBitrateDL", "e-RAB-GuaranteedBitrateUL")
        quality["gbrQosInformation"] = dict.fromkeys(names, rates)
    items = [
        {"id": 17, "criticality": "reject", "value": ("E-RABToBeSetupItemBearerSUReq", {
            "e-RAB-ID": number, "e-RABlevelQoSParameters": quality, "transportLayerAddress": (1, octets * 8),
            "gTP-TEID": b"\0\0\0\1", "nAS-PDU": bytes([7, 0x43, number])})}
        for number in (5, 6)]  # fmt: skip
    ids = [(0, "MME-UE-S1AP-ID", 1), (8, "ENB-UE-S1AP-ID", 2)]
    pdu = wire.pdu("s1ap", 5, "E-RABSetupRequest", [*ids, (16, "E-RABToBeSetupListBearerSUReq", items)])
    assert decode(wire, pdu, uplink=False).nas_pdus == (b"\x07\x43\5", b"\x07\x43\6")


def test_an_element_that_nobody_knows_is_skipped(wire):
    pdu = bytearray(wire.nas(b"\x07\x43"))
    body = bytes(pdu[4:]) + b"\xff\xf0\x40\x03abc"
    pdu = bytes(pdu[:3]) + bytes([len(body)]) + body[:2] + bytes([body[2] + 1]) + body[3:]
    assert decode(wire, pdu).nas[0].type == 0x43
