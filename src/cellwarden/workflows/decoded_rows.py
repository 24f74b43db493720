"""Decoded messages to rows of `cellwarden decode`: one a NAS message or PDU, and one for each identity if there are more."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cellwarden.ingest.signalling.datagrams import Datagram
    from cellwarden.ingest.signalling.message import Identity, Loss, Message, Nas
    from cellwarden.ingest.signalling.sip import Register

Row = dict[str, Any]
"""By column; what is missing is null."""
_NAMES: dict[str, dict[int, str]] = {
    book: {int(code): name for code, name in names.items()}
    for book, names in json.loads(resources.files(__package__).joinpath("decoded_names.json").read_bytes()).items()
}
_SERVICE_REQUEST_HEADER = 12
_BOOKS = {"eps": ("eps", "eps_session"), "5gs": ("5gs", "5gs_session")}


def of_message(message: Message, number: int, file: str) -> Iterator[Row]:
    """Yield the rows of a message that is number `number` in its file."""
    pdu = _pdu(message)
    pdu["file"], pdu["message"] = file, number
    if not message.nas:
        yield from _identities(pdu, [message.paging_identity] if message.paging_identity else [])
        return
    count = 0
    for outer in message.nas:
        nas: Nas | None = outer
        while nas is not None:
            count += 1
            row = pdu | _nas(nas)
            row["nas_number"], row["nas_nested"] = count, nas is not outer
            if nas is not outer:
                row["nas_security_header"] = 0  # a container holds plain messages (TS 24.501, 4.4.6)
            yield from _identities(row, [each for each in (nas.identity, nas.second_identity) if each is not None])
            nas = nas.nested


def of_register(register: Register, datagram: Datagram, number: int, file: str) -> Row:
    """Return the row of a REGISTER or an answer to one; addresses are those of the tunnel."""
    mechanism = next(iter(register.server or register.verify or register.client), None)
    access = register.access
    row: Row = {
        "file": file,
        "frame": datagram.frame,
        "at": datagram.at_us,
        "message": number,
        "source": datagram.outer_source,
        "destination": datagram.outer_destination,
        "protocol": "sip",
        "uplink": register.status is None,
        "size": len(datagram.payload),
        "procedure": "register",
        "plmn": access.plmn,
        "tac": access.tac,
        "cell": access.cell,
        "rat": access.rat,
        "identity_type": "imsi" if register.imsi else "imei" if register.imei else "none",
        "imsi": register.imsi,
        "imei": register.imei,
        "sip_status": register.status,
        "call_id": register.call_id,
        "sip_sequence": register.sequence,
        "private_identity": register.private_identity,
        "public_identity": register.public_identity,
        "msisdn": register.msisdn,
        "teid": datagram.teid,
    }
    if mechanism is not None:
        row |= {"ims_integrity": mechanism.integrity, "ims_encryption": mechanism.encryption}
    return row


def of_loss(loss: Loss, file: str) -> Row:
    """Return the row of what could not be read as a message at all."""
    return {"file": file, "frame": loss.frame, "faults": [f"{loss.reason} ({loss.label})" if loss.label else loss.reason]}


def _pdu(message: Message) -> Row:
    """Return what holds for all rows of a message; attributes that it does not set cost nothing."""
    protocol, route = message.protocol, message.route
    row: Row = {
        "frame": message.frame,
        "at": message.at_us,
        "source": route.source,
        "source_port": route.source_port,
        "destination": route.destination,
        "destination_port": route.destination_port,
        "association": route.association,
        "protocol": protocol,
        "uplink": message.is_uplink,
        "size": message.size,
        "pdu": message.kind or None,
        "mme_ue_id": message.core_id,
        "enb_ue_id": message.ran_id,
    }
    if message.procedure >= 0:
        row["procedure_code"] = message.procedure
        row["procedure"] = _NAMES.get(protocol, {}).get(message.procedure)
    location = message.location
    if location is not None:
        row |= {"plmn": location.plmn, "tac": location.tac, "cell": location.cell, "rat": location.rat}
    set_here = message.__dict__
    for name, column in _PLAIN.items():
        if name in set_here:
            row[column] = set_here[name]
    for name in _FEW.keys() & set_here.keys():
        if set_here[name] is not None:
            row |= _FEW[name](set_here[name])
    return row


_PLAIN = {
    "name": "enb_name",
    "core_name": "core_name",
    "establishment_cause": "establishment_cause",
    "core_group": "core_group",
    "capacity": "capacity",
    "paging_cycle": "paging_cycle",
    "access_mode": "access_mode",
    "membership": "membership",
    "gateway_address": "gateway_address",
    "tunnel_address": "tunnel_address",
    "tunnel_port": "tunnel_port",
    "local_network": "local_network",
    "handover_type": "handover_type",
}
"""Attribute of a message: column."""
_FEW: dict[str, Callable[[Any], Row]] = {
    "faults": lambda it: {"faults": list(it)},
    "cause": lambda it: {"cause_group": it[0], "cause": it[1]},
    "temporary": lambda it: {"s_tmsi": int(it.rpartition("-")[2], 16), "s_tmsi_code": it.rpartition("-")[0]},
    "bearers": lambda it: {
        "bearers": [bearer.number for bearer in it],
        "bearer_teids": [bearer.teid for bearer in it if bearer.teid is not None],
        "bearer_addresses": [bearer.address for bearer in it if bearer.address is not None],
    },
    "station": lambda it: {"global_enb_id": it.value, "enb_id_kind": it.cell_type, "enb_plmn": it.plmn},
    "target": lambda it: {"target_enb_id": it.value},
    "tracking_areas": lambda it: {
        "tacs": [tac for tac, _ in it],
        "broadcast_plmns": sorted({plmn for _, plmns in it for plmn in plmns}),
    },
    "csg_ids": lambda it: {"csg_ids": list(it)},
    "security_capabilities": lambda it: {"encryption_algorithms": it[0], "integrity_algorithms": it[1]},
    "reset_ids": lambda it: {
        "reset_mme_ue_ids": [core for core, _ in it if core is not None],
        "reset_enb_ue_ids": [ran for _, ran in it if ran is not None],
    },
    "paging_areas": lambda it: {"paged_tacs": [tac for _, tac in it]},
}
"""Attribute of a message that makes several columns, or a list."""


def _nas(nas: Nas) -> Row:
    mobility, session = _BOOKS[nas.system]
    row: Row = {
        "nas_system": nas.system,
        "nas_security_header": nas.security_header,
        "nas_sequence": nas.sequence,
        "nas_type_code": nas.type,
        "nas_ciphered": nas.is_ciphered,
        "nas_guessed": nas.is_guessed,
        "key_set": nas.key_set,
        "procedure_type": nas.procedure_type,
        "result": nas.result,
        "requested_identity": nas.requested_identity,
        "ciphering": nas.ciphering,
        "integrity": nas.integrity,
        "new_guti": nas.assigned,
        "emm_cause": nas.cause,
        "esm_type_code": nas.session_type,
        "esm_cause": nas.session_cause,
        "bearer_id": nas.session,
        "transaction_id": nas.transaction,
    }
    if nas.system == "eps" and not nas.security_header and nas.type is None and nas.session_type is not None:
        row["nas_security_header"] = None  # a session message alone has its bearer in those bits (TS 24.301, 9.3.2)
    if nas.type is not None:
        row["nas_type"] = _NAMES[mobility].get(nas.type)
    elif nas.system == "eps" and nas.security_header == _SERVICE_REQUEST_HEADER:
        row["nas_type"] = "service_request"
    if nas.session_type is not None:
        row["esm_type"] = _NAMES[session].get(nas.session_type)
    if nas.authentication_code is not None:
        row["nas_mac"] = int.from_bytes(nas.authentication_code)
    if nas.capabilities is not None:
        row["ue_capabilities"] = nas.capabilities.hex()
    if nas.replayed_capabilities is not None:
        row["replayed_capabilities"] = nas.replayed_capabilities.hex()
    return row


def _identities(row: Row, named: list[Identity]) -> Iterator[Row]:
    """Yield the row once for each identity, at least once."""
    if not named:
        yield row
    for identity in named:
        own: Row = {"identity_type": identity.kind, "identity_code": identity.code, "suci_scheme": identity.scheme}
        if identity.kind == "imei":
            own["imei"] = identity.digits
        elif identity.digits is not None:
            own["imsi"] = identity.digits
        if identity.temporary is not None:
            own["guti"] = identity.temporary
        yield row | own
