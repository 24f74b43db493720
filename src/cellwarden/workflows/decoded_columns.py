"""The columns of `cellwarden decode`: name, type, meaning, the 3GPP element that each holds, the tshark field it equals.

The contract test compares each with tshark by the fields named here, so that the table cannot drift from the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

PDU, NAS, IDENTITY = "pdu", "nas", "identity"
"""How far a value reaches: all rows of a message, all rows of one NAS message in it, or one row."""
_TEXT, _INT, _BOOL, _TIME = pa.string(), pa.int64(), pa.bool_(), pa.timestamp("us")
_INTS, _TEXTS = pa.list_(pa.int64()), pa.list_(pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedColumn:
    """One column."""

    name: str
    type: pa.DataType
    meaning: str
    element: str = ""
    """Information element and clause."""
    tshark: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By protocol: the tshark fields (4.0 spelling) whose values it holds."""
    scope: str = PDU


def _column(
    name: str,
    kind: pa.DataType,
    meaning: str,
    element: str = "",
    *,
    s1: str = "",
    ng: str = "",
    sip: str = "",
    scope: str = PDU,
) -> DecodedColumn:
    by_protocol = {"s1ap": s1, "ngap": ng, "sip": sip}
    tshark = {protocol: tuple(names.split()) for protocol, names in by_protocol.items() if names}
    return DecodedColumn(name=name, type=kind, meaning=meaning, element=element, tshark=tshark, scope=scope)


_BOTH_ENDS = "of the base station and the core, outside any tunnel"
_CAUSES = "{0}.radioNetwork {0}.transport {0}.nas {0}.protocol {0}.misc"
COLUMNS: tuple[DecodedColumn, ...] = (
    _column("file", _TEXT, "capture, as it was named"),
    _column("frame", _INT, "frame that completed the message, from 1", s1="frame.number", ng="frame.number", sip="frame.number"),
    _column("at", _TIME, "when that frame was captured, UTC", s1="frame.time_epoch", ng="frame.time_epoch", sip="frame.time_epoch"),
    _column("message", _INT, "number of the PDU within the file, from 1; rows of one PDU share it"),
    _column("source", _TEXT, f"sender: address {_BOTH_ENDS}", s1="ip.src ipv6.src", ng="ip.src ipv6.src"),
    _column("source_port", _INT, "SCTP port", "TS 36.412, 7; TS 38.412, 7", s1="sctp.srcport", ng="sctp.srcport"),
    _column("destination", _TEXT, f"receiver: address {_BOTH_ENDS}", s1="ip.dst ipv6.dst", ng="ip.dst ipv6.dst"),
    _column("destination_port", _INT, "SCTP port", s1="sctp.dstport", ng="sctp.dstport"),
    _column("association", _INT, "number of the SCTP association within the file"),
    _column("protocol", _TEXT, "`s1ap`, `ngap`, `nas-eps`, `nas-5gs` (radio side), `sip`"),
    _column("uplink", _BOOL, "sent by the base station or the phone"),
    _column("size", _INT, "octets of the PDU"),
    _column("procedure", _TEXT, "procedure by name: `initial_ue_message`", "Procedure Code, TS 36.413, 9.3.2; TS 38.413, 9.4.2"),
    _column(
        "procedure_code",
        _INT,
        "the same by number",
        "Procedure Code, TS 36.413, 9.3.2; TS 38.413, 9.4.2",
        s1="s1ap.procedureCode",
        ng="ngap.procedureCode",
    ),
    _column(
        "pdu",
        _TEXT,
        "`initiatingMessage`, `successfulOutcome`, `unsuccessfulOutcome`",
        "S1AP-PDU, TS 36.413, 9.3.2; NGAP-PDU, TS 38.413, 9.4.2",
        s1="s1ap.S1AP_PDU",
        ng="ngap.NGAP_PDU",
    ),
    _column(
        "mme_ue_id",
        _INT,
        "the core's number of the phone's connection",
        "MME UE S1AP ID, TS 36.413, 9.2.3.3; AMF UE NGAP ID, TS 38.413, 9.3.3.1",
        s1="s1ap.MME_UE_S1AP_ID",
        ng="ngap.AMF_UE_NGAP_ID",
    ),
    _column(
        "enb_ue_id",
        _INT,
        "the base station's number of the phone's connection",
        "eNB UE S1AP ID, TS 36.413, 9.2.3.4; RAN UE NGAP ID, TS 38.413, 9.3.3.2",
        s1="s1ap.ENB_UE_S1AP_ID",
        ng="ngap.RAN_UE_NGAP_ID",
    ),
    _column(
        "global_enb_id",
        _INT,
        "eNB or gNB id of a setup, without PLMN",
        "Global eNB ID, TS 36.413, 9.2.1.37; Global gNB ID, TS 38.413, 9.3.1.6",
        s1="s1ap.macroENB_ID s1ap.homeENB_ID s1ap.short_macroENB_ID s1ap.long_macroENB_ID",
        ng="ngap.gNB_ID",
    ),
    _column("enb_id_kind", _TEXT, "`macro`, `home`, `short_macro`, `long_macro`, `gnb`", "eNB ID, TS 36.413, 9.2.1.37"),
    _column("enb_plmn", _TEXT, "PLMN of that id", "Global eNB ID, TS 36.413, 9.2.1.37"),
    _column(
        "enb_name",
        _TEXT,
        "what the base station calls itself",
        "eNB Name, TS 36.413, 9.1.8.4; RAN Node Name, TS 38.413, 9.2.6.1",
        s1="s1ap.ENBname",
        ng="ngap.RANNodeName",
    ),
    _column(
        "core_name",
        _TEXT,
        "what the core calls itself",
        "MME Name, TS 36.413, 9.1.8.5; AMF Name, TS 38.413, 9.3.3.21",
        s1="s1ap.MMEname",
        ng="ngap.AMFName",
    ),
    _column("plmn", _TEXT, "PLMN of the tracking area where the phone is", "TAI, TS 36.413, 9.2.3.16; TS 38.413, 9.3.3.11"),
    _column(
        "tac",
        _INT,
        "tracking area where the phone is",
        "TAI, TS 36.413, 9.2.3.16; TS 38.413, 9.3.3.11",
        s1="s1ap.tAC",
        ng="ngap.tAC",
    ),
    _column(
        "cell",
        _INT,
        "serving cell: ECI or NCI",
        "E-UTRAN CGI, TS 36.413, 9.2.1.38; NR CGI, TS 38.413, 9.3.1.7",
        s1="s1ap.CellIdentity",
        ng="ngap.NRCellIdentity",
    ),
    _column("rat", _TEXT, "`lte`, `nr`, `utra`, `geran`"),
    _column(
        "tacs",
        _INTS,
        "tracking areas that the base station serves",
        "Supported TAs, TS 36.413, 9.1.8.4; Supported TA List, TS 38.413, 9.2.6.1",
        s1="s1ap.tAC",
        ng="ngap.tAC",
    ),
    _column("broadcast_plmns", _TEXTS, "PLMNs of those", "Broadcast PLMNs, TS 36.413, 9.1.8.4"),
    _column(
        "s_tmsi",
        _INT,
        "M-TMSI or 5G-TMSI beside the NAS message",
        "S-TMSI, TS 36.413, 9.2.3.6; 5G-S-TMSI, TS 38.413, 9.3.3.20",
        s1="s1ap.m_TMSI",
        ng="ngap.fiveG_TMSI",
    ),
    _column("s_tmsi_code", _TEXT, "MME code, or AMF set and pointer, of that, hexadecimal", "MMEC, TS 36.413, 9.2.3.12"),
    _column(
        "establishment_cause",
        _INT,
        "why the phone connected, as numbered in the ASN.1",
        "RRC Establishment Cause, TS 36.413, 9.2.1.3a; TS 38.413, 9.3.1.111",
        s1="s1ap.RRC_Establishment_Cause",
        ng="ngap.RRCEstablishmentCause",
    ),
    _column("core_group", _TEXT, "GUMMEI or GUAMI that the phone registered with", "GUMMEI, TS 36.413, 9.2.3.9; GUAMI, TS 38.413, 9.3.3.3"),
    _column(
        "capacity",
        _INT,
        "relative capacity of the core",
        "Relative MME Capacity, TS 36.413, 9.2.3.17; TS 38.413, 9.3.1.32",
        s1="s1ap.RelativeMMECapacity",
        ng="ngap.RelativeAMFCapacity",
    ),
    _column(
        "paging_cycle",
        _INT,
        "default paging DRX, as numbered in the ASN.1",
        "Paging DRX, TS 36.413, 9.2.1.16; TS 38.413, 9.3.1.90",
        s1="s1ap.PagingDRX",
        ng="ngap.PagingDRX",
    ),
    _column(
        "csg_ids",
        _INTS,
        "closed subscriber groups",
        "CSG Id, TS 36.413, 9.2.1.62; CSG Id List, 9.1.8.4",
        s1="s1ap.CSG_Id s1ap.cSG_Id",
    ),
    _column("access_mode", _INT, "0 hybrid", "Cell Access Mode, TS 36.413, 9.2.1.74", s1="s1ap.CellAccessMode"),
    _column(
        "membership", _INT, "0 member, 1 not a member", "CSG Membership Status, TS 36.413, 9.2.1.73", s1="s1ap.CSGMembershipStatus"
    ),
    _column("gateway_address", _TEXT, "gateway beside a Home eNB", "GW Transport Layer Address, TS 36.413, 9.1.6.1"),
    _column("tunnel_address", _TEXT, "public address of a Home eNB", "Tunnel Information for BBF, TS 36.413, 9.2.2.3"),
    _column("tunnel_port", _INT, "UDP port of that", "Tunnel Information for BBF, TS 36.413, 9.2.2.3"),
    _column("local_network", _TEXT, "local home network, hexadecimal", "LHN ID, TS 36.413, 9.2.1.92", s1="s1ap.LHN_ID"),
    _column(
        "encryption_algorithms",
        _INT,
        "ciphering that the core says the phone has, 16 bits",
        "UE Security Capabilities, TS 36.413, 9.2.1.40; TS 38.413, 9.3.1.86",
        s1="s1ap.encryptionAlgorithms",
        ng="ngap.nRencryptionAlgorithms",
    ),
    _column(
        "integrity_algorithms",
        _INT,
        "integrity protection, likewise",
        "UE Security Capabilities, TS 36.413, 9.2.1.40; TS 38.413, 9.3.1.86",
        s1="s1ap.integrityProtectionAlgorithms",
        ng="ngap.nRintegrityProtectionAlgorithms",
    ),
    _column(
        "handover_type",
        _INT,
        "0 within the system, others as numbered in the ASN.1",
        "Handover Type, TS 36.413, 9.2.1.13; TS 38.413, 9.3.1.22",
        s1="s1ap.HandoverType",
        ng="ngap.HandoverType",
    ),
    _column("target_enb_id", _INT, "where a handover goes", "Target ID, TS 36.413, 9.2.1.6"),
    _column("bearers", _INTS, "E-RABs or PDU sessions that are set up", "E-RAB ID, TS 36.413, 9.2.1.2; PDU Session ID, TS 38.413, 9.3.1.50"),
    _column(
        "bearer_teids", _INTS, "tunnel end of each", "GTP-TEID, TS 36.413, 9.2.2.2; TS 38.413, 9.3.2.5", s1="s1ap.gTP_TEID", ng="ngap.gTP_TEID"
    ),
    _column(
        "bearer_addresses",
        _TEXTS,
        "address of each tunnel end",
        "Transport Layer Address, TS 36.413, 9.2.2.1; TS 38.413, 9.3.2.4",
        s1="s1ap.transportLayerAddressIPv4",
        ng="ngap.TransportLayerAddressIPv4",
    ),
    _column(
        "cause_group",
        _INT,
        "0 radio network, 1 transport, 2 NAS, 3 protocol, 4 miscellaneous",
        "Cause, TS 36.413, 9.2.1.3; TS 38.413, 9.3.1.2",
        s1="s1ap.Cause",
        ng="ngap.Cause",
    ),
    _column(
        "cause",
        _INT,
        "value within the group",
        "Cause, TS 36.413, 9.2.1.3; TS 38.413, 9.3.1.2",
        s1=_CAUSES.format("s1ap"),
        ng=_CAUSES.format("ngap"),
    ),
    _column("paged_tacs", _INTS, "where a phone is paged", "List of TAIs, TS 36.413, 9.1.6; TAI List for Paging, TS 38.413, 9.2.4.1"),
    _column("nas_number", _INT, "number of the NAS message within the PDU, from 1; null: the PDU holds none", scope=NAS),
    _column("nas_system", _TEXT, "`eps` or `5gs`", scope=NAS),
    _column("nas_nested", _BOOL, "inside another NAS message", "NAS message container, TS 24.301, 9.9.3.22; TS 24.501, 9.11.3.33", scope=NAS),
    _column(
        "nas_security_header",
        _INT,
        "0 plain, 1 integrity, 2 and ciphered, 3 and 4 with a new context, 12 service request",
        "Security header type, TS 24.301, 9.3.1; TS 24.501, 9.3.1",
        s1="nas_eps.security_header_type",
        ng="nas_5gs.security_header_type",
        scope=NAS,
    ),
    _column(
        "nas_sequence",
        _INT,
        "sequence number",
        "Sequence number, TS 24.301, 9.6; TS 24.501, 9.10",
        s1="nas_eps.seq_no nas_eps.seq_no_short",
        ng="nas_5gs.seq_no",
        scope=NAS,
    ),
    _column(
        "nas_mac",
        _INT,
        "message authentication code",
        "Message authentication code, TS 24.301, 9.5; TS 24.501, 9.8",
        s1="nas_eps.msg_auth_code nas_eps.emm.short_mac",
        ng="nas_5gs.msg_auth_code",
        scope=NAS,
    ),
    _column("nas_type", _TEXT, "message by name: `attach_request`", "Message type, TS 24.301, 9.8; TS 24.501, 9.7", scope=NAS),
    _column(
        "nas_type_code",
        _INT,
        "the same by number",
        "Message type, TS 24.301, 9.8; TS 24.501, 9.7",
        s1="nas_eps.nas_msg_emm_type",
        ng="nas_5gs.mm.message_type",
        scope=NAS,
    ),
    _column("nas_ciphered", _BOOL, "ciphered, or may be, and left alone", "TS 24.301, 4.4.5; TS 24.501, 4.4.5", scope=NAS),
    _column("nas_guessed", _BOOL, "read for its looks, no Security Mode Command having been seen", scope=NAS),
    _column(
        "key_set",
        _INT,
        "NAS key set, 7: none",
        "NAS key set identifier, TS 24.301, 9.9.3.21; TS 24.501, 9.11.3.32",
        s1="nas_eps.emm.nas_key_set_id",
        ng="nas_5gs.mm.nas_key_set_id nas_5gs.mm.nas_key_set_id.h1",
        scope=NAS,
    ),
    _column(
        "procedure_type",
        _INT,
        "attach, update, registration, detach or service type",
        "EPS attach type, TS 24.301, 9.9.3.11; 5GS registration type, TS 24.501, 9.11.3.7",
        s1="nas_eps.emm.eps_att_type nas_eps.emm.update_type_value nas_eps.emm.service_type nas_eps.emm.detach_type_ul nas_eps.emm.detach_type_dl",
        ng="nas_5gs.mm.5gs_reg_type nas_5gs.mm.serv_type",
        scope=NAS,
    ),
    _column(
        "result",
        _INT,
        "attach, update or registration result",
        "EPS attach result, TS 24.301, 9.9.3.10; 5GS registration result, TS 24.501, 9.11.3.6",
        s1="nas_eps.emm.EPS_attach_result nas_eps.emm.eps_update_result_value",
        ng="nas_5gs.mm.reg_res.res",
        scope=NAS,
    ),
    _column("identity_type", _TEXT, "`imsi`, `imei`, `suci`, `suci_null`, `guti`, `none`, `unknown`", scope=IDENTITY),
    _column(
        "identity_code",
        _INT,
        "type of identity, as numbered",
        "EPS mobile identity, TS 24.301, 9.9.3.12; 5GS mobile identity, TS 24.501, 9.11.3.4",
        s1="nas_eps.emm.type_of_id",
        ng="nas_5gs.mm.type_id",
        scope=IDENTITY,
    ),
    _column(
        "imsi",
        _TEXT,
        "permanent identity, also from a SUCI of the null scheme and from IMS identities",
        "IMSI, TS 23.003, 2.2",
        s1="e212.imsi",
        ng="nas_5gs.mm.suci.msin",
        scope=IDENTITY,
    ),
    _column(
        "imei",
        _TEXT,
        "device, IMEI or IMEISV",
        "IMEI, TS 23.003, 6.2; IMEISV in Security Mode Complete, TS 24.301, 8.2.21",
        s1="gsm_a.imei gsm_a.imeisv",
        ng="nas_5gs.mm.imei nas_5gs.mm.imeisv",
        scope=IDENTITY,
    ),
    _column(
        "guti",
        _TEXT,
        "temporary identity that the phone uses: PLMN, group, code, TMSI",
        "GUTI, TS 24.301, 9.9.3.12; 5G-GUTI, TS 24.501, 9.11.3.4",
        s1="nas_eps.emm.m_tmsi",
        ng="nas_5gs.5g_tmsi",
        scope=IDENTITY,
    ),
    _column(
        "new_guti",
        _TEXT,
        "temporary identity that the core gives out",
        "GUTI, TS 24.301, 9.9.3.12; 5G-GUTI, TS 24.501, 9.11.3.4",
        s1="nas_eps.emm.m_tmsi",
        ng="nas_5gs.5g_tmsi",
        scope=NAS,
    ),
    _column(
        "suci_scheme",
        _INT,
        "protection scheme of a SUCI, 0: null",
        "SUCI, TS 24.501, 9.11.3.4",
        ng="nas_5gs.mm.suci.scheme_id",
        scope=IDENTITY,
    ),
    _column(
        "requested_identity",
        _INT,
        "what an Identity Request asks for",
        "Identity type 2, TS 24.301, 9.9.3.17; 5GS identity type, TS 24.501, 9.11.3.3",
        s1="nas_eps.emm.id_type2",
        ng="nas_5gs.mm.type_id",
        scope=NAS,
    ),
    _column(
        "ciphering",
        _INT,
        "algorithm that a Security Mode Command chooses, 0: null",
        "Selected NAS security algorithms, TS 24.301, 9.9.3.23; TS 24.501, 9.11.3.34",
        s1="nas_eps.emm.toc",
        ng="nas_5gs.mm.nas_sec_algo_enc",
        scope=NAS,
    ),
    _column(
        "integrity",
        _INT,
        "algorithm that a Security Mode Command chooses, 0: null",
        "Selected NAS security algorithms, TS 24.301, 9.9.3.23; TS 24.501, 9.11.3.34",
        s1="nas_eps.emm.toi",
        ng="nas_5gs.mm.nas_sec_algo_ip",
        scope=NAS,
    ),
    _column("ue_capabilities", _TEXT, "algorithms of the phone as it says, hexadecimal", "UE network capability, TS 24.301, 9.9.3.34", scope=NAS),
    _column(
        "replayed_capabilities", _TEXT, "the same as the core repeats them", "Replayed UE security capabilities, TS 24.301, 9.9.3.36", scope=NAS
    ),
    _column(
        "emm_cause",
        _INT,
        "why the core or the phone refuses",
        "EMM cause, TS 24.301, 9.9.3.9; 5GMM cause, TS 24.501, 9.11.3.2",
        s1="nas_eps.emm.cause",
        ng="nas_5gs.mm.5gmm_cause",
        scope=NAS,
    ),
    _column("esm_type", _TEXT, "session management message by name", "Message type, TS 24.301, 9.8; TS 24.501, 9.7", scope=NAS),
    _column(
        "esm_type_code",
        _INT,
        "the same by number",
        "Message type, TS 24.301, 9.8; TS 24.501, 9.7",
        s1="nas_eps.nas_msg_esm_type",
        ng="nas_5gs.sm.message_type",
        scope=NAS,
    ),
    _column(
        "esm_cause",
        _INT,
        "why a session is refused or ended",
        "ESM cause, TS 24.301, 9.9.4.4; 5GSM cause, TS 24.501, 9.11.4.2",
        s1="nas_eps.esm.cause",
        ng="nas_5gs.sm.5gsm_cause",
        scope=NAS,
    ),
    _column(
        "bearer_id",
        _INT,
        "EPS bearer or PDU session of the session message",
        "EPS bearer identity, TS 24.301, 9.3.2; PDU session ID, TS 24.501, 9.4",
        s1="nas_eps.bearer_id",
        ng="nas_5gs.pdu_session_id",
        scope=NAS,
    ),
    _column(
        "transaction_id",
        _INT,
        "procedure transaction",
        "Procedure transaction identity, TS 24.301, 9.4; TS 24.501, 9.6",
        s1="nas_eps.esm.proc_trans_id",
        ng="nas_5gs.proc_trans_id",
        scope=NAS,
    ),
    _column("sip_status", _INT, "answer to a REGISTER; null for the REGISTER itself", "RFC 3261, 7.2", sip="sip.Status-Code"),
    _column("call_id", _TEXT, "registration that it belongs to", "Call-ID, RFC 3261, 20.8", sip="sip.Call-ID"),
    _column("sip_sequence", _INT, "number of the request", "CSeq, RFC 3261, 20.16", sip="sip.CSeq.seq"),
    _column("private_identity", _TEXT, "IMPI", "Authorization, RFC 3261, 20.7; TS 23.003, 13.3", sip="sip.auth.username"),
    _column("public_identity", _TEXT, "IMPU", "To, RFC 3261, 20.39; TS 23.003, 13.4", sip="sip.to.addr"),
    _column("msisdn", _TEXT, "telephone number, where it is shown", "P-Associated-URI, RFC 7315, 4.1"),
    _column("ims_integrity", _TEXT, "`alg` offered or taken", "Security-Client, Security-Server, RFC 3329, 2.2", sip="sip.sec_mechanism.alg"),
    _column("ims_encryption", _TEXT, "`ealg` offered or taken; `null` hides nothing", "TS 33.203, annex H", sip="sip.sec_mechanism.ealg"),
    _column("teid", _INT, "tunnel that carried it", "TEID, TS 29.281, 5.1"),
    _column("faults", _TEXTS, "parts that could not be read, `part: why`"),
)
"""In the order in which they are written."""
NAMES = tuple(column.name for column in COLUMNS)
SCHEMA = pa.schema([(column.name, column.type) for column in COLUMNS])
