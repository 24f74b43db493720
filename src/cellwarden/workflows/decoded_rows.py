"""Decoded messages to rows of `cellwarden decode`: one a NAS message or PDU, and one for each identity if there are more."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cellwarden.ingest.signalling.datagrams import Datagram
    from cellwarden.ingest.signalling.faults import Loss
    from cellwarden.ingest.signalling.message import Identity, Message, Nas
    from cellwarden.ingest.signalling.sip import Register

BASE = (
    "file",
    "frame",
    "at",
    "message",
    "source",
    "source_port",
    "destination",
    "destination_port",
    "association",
    "protocol",
    "uplink",
    "size",
    "pdu",
    "procedure_code",
    "procedure",
    "mme_ue_id",
    "enb_ue_id",
)
"""Columns that nearly every row has."""
Values = dict[str, Any]
"""By column; what is missing is null."""


class Row(NamedTuple):
    """One row, in two parts: a hundred columns are few values, and those that are always there need no names."""

    base: tuple[Any, ...]
    """Values of `BASE`."""
    values: Values
    """What else there is."""


_NAMES: dict[str, dict[int, str]] = {
    book: {int(code): name for code, name in names.items()}
    for book, names in json.loads(resources.files(__package__).joinpath("decoded_names.json").read_bytes()).items()
}
_NO_NAMES: dict[int, str] = {}
_SERVICE_REQUEST_HEADER = 12
_BOOKS = {"eps": ("eps", "eps_session"), "5gs": ("5gs", "5gs_session")}


def of_message(message: Message, number: int, file: str) -> Iterator[Row]:
    """Yield the rows of a message that is number `number` in its file."""
    route, procedure = message.route, message.procedure
    base = (
        file,
        message.frame,
        message.at_us,
        number,
        route.source,
        route.source_port,
        route.destination,
        route.destination_port,
        route.association,
        message.protocol,
        message.is_uplink,
        message.size,
        message.kind or None,
        procedure if procedure >= 0 else None,
        _NAMES.get(message.protocol, _NO_NAMES).get(procedure),
        message.core_id,
        message.ran_id,
    )
    pdu = _pdu(message)
    if not message.nas:
        yield from _identities(base, pdu, [message.paging_identity] if message.paging_identity else [])
        return
    count = 0
    for outer in message.nas:
        nas: Nas | None = outer
        while nas is not None:
            count += 1
            values = pdu | _nas(nas)
            values["nas_number"], values["nas_nested"] = count, nas is not outer
            if nas is not outer:
                values["nas_security_header"] = 0  # a container holds plain messages (TS 24.501, 4.4.6)
            yield from _identities(base, values, [each for each in (nas.identity, nas.second_identity) if each is not None])
            nas = nas.nested


def of_register(register: Register, datagram: Datagram, number: int, file: str) -> Row:
    """Return the row of a REGISTER or an answer to one; addresses are those of the tunnel."""
    mechanism = next(iter(register.server or register.verify or register.client), None)
    access = register.access
    values: Values = {
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
        values |= {"ims_integrity": mechanism.integrity, "ims_encryption": mechanism.encryption}
    base = {
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
    }
    return Row(tuple(map(base.get, BASE)), values)


def of_loss(loss: Loss, file: str) -> Row:
    """Return the row of what could not be read as a message at all."""
    base = {"file": file, "frame": loss.frame}
    return Row(tuple(map(base.get, BASE)), {"faults": [f"{loss.reason} ({loss.label})" if loss.label else loss.reason]})


def _pdu(message: Message) -> Values:
    """Return what else holds for all rows of a message; attributes that it does not set cost nothing."""
    values: Values = {}
    location = message.location
    if location is not None:
        values["plmn"], values["tac"], values["cell"], values["rat"] = location
    set_here = message.__dict__
    for name in _PLAIN.keys() & set_here.keys():
        values[_PLAIN[name]] = set_here[name]
    for name in _FEW.keys() & set_here.keys():
        if set_here[name] is not None:
            values |= _FEW[name](set_here[name])
    return values


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
_FEW: dict[str, Callable[[Any], Values]] = {
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


_OF_NAS = {
    "system": "nas_system",
    "security_header": "nas_security_header",
    "sequence": "nas_sequence",
    "type": "nas_type_code",
    "key_set": "key_set",
    "procedure_type": "procedure_type",
    "result": "result",
    "requested_identity": "requested_identity",
    "ciphering": "ciphering",
    "integrity": "integrity",
    "assigned": "new_guti",
    "cause": "emm_cause",
    "session_type": "esm_type_code",
    "session_cause": "esm_cause",
    "session": "bearer_id",
    "transaction": "transaction_id",
}
"""Attribute of a NAS message: column."""


def _nas(nas: Nas) -> Values:
    mobility, session = _BOOKS[nas.system]
    values: Values = {"nas_ciphered": nas.is_ciphered, "nas_guessed": nas.is_guessed}
    for name, value in nas.__dict__.items():
        if name in _OF_NAS:
            values[_OF_NAS[name]] = value
    if nas.system == "eps" and not nas.security_header and nas.type is None and nas.session_type is not None:
        values["nas_security_header"] = None  # a session message alone has its bearer in those bits (TS 24.301, 9.3.2)
    if nas.type is not None:
        values["nas_type"] = _NAMES[mobility].get(nas.type)
    elif nas.system == "eps" and nas.security_header == _SERVICE_REQUEST_HEADER:
        values["nas_type"] = "service_request"
    if nas.session_type is not None:
        values["esm_type"] = _NAMES[session].get(nas.session_type)
    if nas.authentication_code is not None:
        values["nas_mac"] = int.from_bytes(nas.authentication_code)
    if nas.capabilities is not None:
        values["ue_capabilities"] = nas.capabilities.hex()
    if nas.replayed_capabilities is not None:
        values["replayed_capabilities"] = nas.replayed_capabilities.hex()
    return values


def _identities(base: tuple[Any, ...], values: Values, named: list[Identity]) -> Iterator[Row]:
    """Yield the row once for each identity, at least once."""
    if not named:
        yield Row(base, values)
    for identity in named:
        own: Values = {"identity_type": identity.kind, "identity_code": identity.code, "suci_scheme": identity.scheme}
        if identity.kind == "imei":
            own["imei"] = identity.digits
        elif identity.digits is not None:
            own["imsi"] = identity.digits
        if identity.temporary is not None:
            own["guti"] = identity.temporary
        yield Row(base, values | own)
