from __future__ import annotations

from cellwarden.ingest.signalling.capture import decode_messages


def test_groups_access_and_the_way_behind_the_nat(wire):
    pdu = wire.pdu("s1ap", 12, "InitialUEMessage", [
        (8, "ENB-UE-S1AP-ID", 7), (127, "CSG-Id", (0x1234567, 27)), (145, "CellAccessMode", "hybrid"),
        (155, "TransportLayerAddress", (1, 128)), (176, "TunnelInformation", {"transportLayerAddress": (0xC0000209, 32),
            "uDP-Port-Number": b"\x11\x94"}), (186, "LHN-ID", b"\xaa" * 32)])  # fmt: skip
    (message,) = decode_messages(wire.pcap([wire.message(pdu)]))
    assert (message.csg_ids, message.access_mode, message.gateway_address) == ((0x1234567,), 0, "::1")
    assert (message.tunnel_address, message.tunnel_port, message.local_network) == ("192.0.2.9", 4500, "aa" * 32)


def test_a_list_of_groups_membership_and_a_tunnel_without_port(wire):
    pdus = [
        wire.pdu("s1ap", 29, "ENBConfigurationUpdate", [(128, "CSG-IdList", [{"cSG-Id": (n, 27)} for n in (1, 0x7FFFFFF)])]),
        wire.pdu("s1ap", 9, "InitialContextSetupRequest", [(0, "MME-UE-S1AP-ID", 1), (8, "ENB-UE-S1AP-ID", 7),
            (146, "CSGMembershipStatus", "not-member")]),
        wire.pdu("s1ap", 12, "InitialUEMessage", [(8, "ENB-UE-S1AP-ID", 7),
            (176, "TunnelInformation", {"transportLayerAddress": (0xC0000209, 32)})]),
    ]  # fmt: skip
    update, request, initial = decode_messages(wire.pcap([wire.message(pdu) for pdu in pdus]))
    assert (update.csg_ids, request.membership) == ((1, 0x7FFFFFF), 1)
    assert (initial.tunnel_address, initial.tunnel_port) == ("192.0.2.9", None)
