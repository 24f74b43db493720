"""NAS messages of 5GS mobility management: who is named, what was chosen, why refused.

References: TS 24.501, 8.2 (messages), 9.1 to 9.7 (headers), 9.11.3 (elements); TS 23.003, 2.2B and 28.7 (SUCI).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import digits_of, identity_digits, nr_guti, plmn_of
from cellwarden.ingest.signalling.message import Identity, Nas

if TYPE_CHECKING:
    from collections.abc import Callable

REGISTRATION_REQUEST, REGISTRATION_ACCEPT, REGISTRATION_REJECT = 0x41, 0x42, 0x44
DEREGISTRATION_REQUEST, DEREGISTRATION_ACCEPT, NETWORK_DEREGISTRATION = 0x45, 0x46, 0x47
SERVICE_REQUEST, SERVICE_REJECT, SERVICE_ACCEPT, CONTROL_PLANE_SERVICE_REQUEST = 0x4C, 0x4D, 0x4E, 0x4F
UPLINK_TRANSPORT, DOWNLINK_TRANSPORT, AUTHENTICATION_REQUEST = 0x67, 0x68, 0x56
CONFIGURATION_UPDATE, AUTHENTICATION_REJECT, AUTHENTICATION_FAILURE = 0x54, 0x58, 0x59
IDENTITY_REQUEST, IDENTITY_RESPONSE = 0x5B, 0x5C
SECURITY_MODE_COMMAND, SECURITY_MODE_COMPLETE, SECURITY_MODE_REJECT, MM_STATUS = 0x5D, 0x5E, 0x5F, 0x64
KNOWN_TYPES = frozenset({*range(0x41, 0x49), *range(0x4C, 0x50), *range(0x54, 0x60), *range(0x64, 0x69)})
"""Types of TS 24.501, table 9.7.1."""
_PLAIN_HEADERS, _CIPHERED_HEADERS = frozenset({1, 3}), frozenset({2, 4})
_SESSION_CAUSE_FOLLOWS = frozenset({0xC3, 0xCA, 0xD2, 0xD3, 0xD6})
"""Rejects of a PDU session, Release Command, 5GSM Status: the 5GSM cause stands behind the type."""
_MOBILITY, _SESSION = 0x7E, 0x2E
_MAX_DEPTH = 1
"""A message container holds one message, which holds no other."""


def read(nas: Nas, data: bytes, ciphering: int | None, may_guess: bool) -> None:
    """Fill `nas` from a NAS message; arguments and errors as in `nas_eps.read` (0 is NEA0)."""
    if data[0] != _MOBILITY:
        if data[0] != _SESSION:
            raise DecodeError("unknown extended protocol discriminator")
        _session(nas, data)
        return
    header = data[1] & 0x0F
    if header:
        nas.security_header, nas.authentication_code, nas.sequence, data = header, data[2:6], data[6], data[7:]
        if header in _CIPHERED_HEADERS:
            if ciphering is None and may_guess and _fits(data):
                nas.is_guessed = True
            elif ciphering != 0:
                nas.is_ciphered = True
                return
            ciphering, may_guess = 0, False
        elif header not in _PLAIN_HEADERS:
            nas.is_ciphered = True
            return
    _plain(nas, data, ciphering, may_guess, 0)


def _session(nas: Nas, data: bytes) -> None:
    """Read the header of a 5GSM message, and the cause where the message begins with one (TS 24.501, 8.3)."""
    nas.session, nas.transaction, nas.session_type = data[1], data[2], data[3]
    if data[3] in _SESSION_CAUSE_FOLLOWS:
        nas.session_cause = data[4]


def _fits(data: bytes) -> bool:
    """Say whether ciphered octets look like a plain message, to the last octet where it names somebody."""
    if len(data) < 3 or data[:2] != b"\x7e\x00" or data[2] not in KNOWN_TYPES:
        return False
    if data[2] == IDENTITY_RESPONSE:
        return int.from_bytes(data[3:5]) == len(data) - 5
    if data[2] == DEREGISTRATION_REQUEST:
        return int.from_bytes(data[4:6]) == len(data) - 6
    return True


def _plain(nas: Nas, data: bytes, ciphering: int | None, may_guess: bool, depth: int) -> None:
    if data[0] != _MOBILITY:
        if data[0] != _SESSION:
            raise DecodeError("unknown extended protocol discriminator")
        _session(nas, data)
        return
    # The inner header should say 0; free5GC says 2 even then, so it is not consulted.
    kind = nas.type = data[2]
    reader = _MESSAGES.get(kind)
    if reader is None:
        return
    position = reader(nas, data)
    if position is not None and position < len(data):
        _elements(nas, data, position, (ciphering, may_guess, depth))


def _reject(nas: Nas, data: bytes) -> None:
    nas.cause = data[3]


def _registration_request(nas: Nas, data: bytes) -> int:
    nas.key_set, nas.procedure_type = data[3] >> 4, data[3] & 7
    value, end = _counted(data, 4)
    nas.identity = _identity(value)
    return end


def _registration_accept(nas: Nas, data: bytes) -> int:
    nas.result = data[4] & 7
    return 4 + data[3]


def _service_request(nas: Nas, data: bytes) -> int:
    nas.key_set, nas.procedure_type = data[3] & 0x0F, data[3] >> 4
    value, end = _counted(data, 4)
    nas.identity = _identity(value)
    return end


def _control_plane_service_request(nas: Nas, data: bytes) -> int:
    nas.key_set, nas.procedure_type = data[3] >> 4, data[3] & 7
    return 4


def _deregistration_request(nas: Nas, data: bytes) -> None:
    nas.key_set, nas.procedure_type = data[3] >> 4, data[3] & 0x0F
    nas.identity = _identity(_counted(data, 4)[0])


def _network_deregistration(nas: Nas, data: bytes) -> int:
    nas.procedure_type = data[3] & 0x0F
    return 4


def _identity_request(nas: Nas, data: bytes) -> None:
    nas.requested_identity = data[3] & 7


def _identity_response(nas: Nas, data: bytes) -> None:
    nas.identity = _identity(_counted(data, 3)[0])


def _authentication_request(nas: Nas, data: bytes) -> None:
    nas.key_set = data[3] & 0x0F


def _security_mode_command(nas: Nas, data: bytes) -> None:
    nas.ciphering, nas.integrity = data[3] >> 4, data[3] & 0x0F
    nas.key_set = data[4] & 0x0F
    nas.replayed_capabilities = data[6 : 6 + data[5]]


def _third(_nas: Nas, _data: bytes) -> int:
    return 3


def _transport(nas: Nas, data: bytes) -> int:
    """UL and DL NAS Transport (TS 24.501, 8.2.10 and 8.2.11): a session message inside."""
    value, end = _counted(data, 4)
    if data[3] & 0x0F == 1 and value and value[0] == _SESSION:
        _session(nas, value)
    return end


_MESSAGES: dict[int, Callable[[Nas, bytes], int | None]] = {
    **dict.fromkeys((REGISTRATION_REJECT, SERVICE_REJECT, AUTHENTICATION_FAILURE, SECURITY_MODE_REJECT, MM_STATUS), _reject),
    REGISTRATION_REQUEST: _registration_request,
    REGISTRATION_ACCEPT: _registration_accept,
    SERVICE_REQUEST: _service_request,
    CONTROL_PLANE_SERVICE_REQUEST: _control_plane_service_request,
    DEREGISTRATION_REQUEST: _deregistration_request,
    NETWORK_DEREGISTRATION: _network_deregistration,
    IDENTITY_REQUEST: _identity_request,
    IDENTITY_RESPONSE: _identity_response,
    AUTHENTICATION_REQUEST: _authentication_request,
    SECURITY_MODE_COMMAND: _security_mode_command,
    SECURITY_MODE_COMPLETE: _third,
    CONFIGURATION_UPDATE: _third,
    UPLINK_TRANSPORT: _transport,
    DOWNLINK_TRANSPORT: _transport,
}
"""Message type to a reader of its mandatory part, which returns where the optional elements begin if any of them matters."""
_FIXED = {
    REGISTRATION_REQUEST: {0x52: 6},
    CONFIGURATION_UPDATE: {0x46: 1, 0x47: 7},
    NETWORK_DEREGISTRATION: {0x58: 1},
    UPLINK_TRANSPORT: {0x12: 1, 0x59: 1},
    DOWNLINK_TRANSPORT: {0x12: 1, 0x58: 1},
}
"""Optional elements without a length octet, by message."""
_WANTED = frozenset({0x2E, 0x58, 0x71, 0x77})
_NONE_FIXED: dict[int, int] = {}


def _elements(nas: Nas, data: bytes, position: int, state: tuple[int | None, bool, int]) -> None:
    """Take the optional elements that matter; a bad one does not hide the ones behind it.

    Those of 0x70 to 0x7F have a length of two octets (TS 24.007, 11.2.4).
    """
    kind, end, fault = nas.type or 0, len(data), None
    fixed = _FIXED.get(kind, _NONE_FIXED)
    while position < end:
        element = data[position]
        if element >= 0x80:
            position += 1
            continue
        if element in fixed:
            start, size = position + 1, fixed[element]
        elif element >= 0x70:
            start, size = position + 3, data[position + 1] << 8 | data[position + 2]
        else:
            start, size = position + 2, data[position + 1]
        position = start + size
        if position > end:
            raise DecodeError("an optional element is longer than its message")
        if element in _WANTED:
            try:
                _element(nas, kind, element, data[start:position], state)
            except (DecodeError, IndexError) as error:
                fault = fault or (error if isinstance(error, DecodeError) else DecodeError("an optional element ends early"))
    if fault:
        raise fault


def _element(nas: Nas, kind: int, element: int, value: bytes, state: tuple[int | None, bool, int]) -> None:
    """Take one optional element."""
    ciphering, may_guess, depth = state
    if element == 0x77:
        identity = _identity(value)
        if kind in {REGISTRATION_ACCEPT, CONFIGURATION_UPDATE}:
            if identity.code != 2:
                raise DecodeError("a new identity is no 5G-GUTI")
            nas.assigned = identity.temporary
        else:
            nas.second_identity = identity
    elif element == 0x58 and kind in (NETWORK_DEREGISTRATION, DOWNLINK_TRANSPORT):
        nas.cause = value[0]
    elif element == 0x2E and kind == REGISTRATION_REQUEST:
        nas.capabilities = value
    elif element == 0x71 and depth < _MAX_DEPTH:
        # In Security Mode Complete the outer message is ciphered, in a first message the container itself (TS 24.501, 4.4.6).
        is_open = kind == SECURITY_MODE_COMPLETE or ciphering == 0
        if is_open or (ciphering is None and may_guess and _fits(value)):
            nas.nested = Nas("5gs", nas.is_uplink, nas.security_header)
            nas.nested.is_guessed = not is_open
            _plain(nas.nested, value, ciphering, False, depth + 1)  # noqa: FBT003


def _counted(data: bytes, position: int) -> tuple[bytes, int]:
    """Read an element with a length of two octets (LV-E); return it and the position behind."""
    size = data[position] << 8 | data[position + 1]
    end = position + 2 + size
    if end > len(data):
        raise DecodeError("an element is longer than its message")
    return data[position + 2 : end], end


def _identity(value: bytes) -> Identity:
    """Read a 5GS mobile identity (9.11.3.4)."""
    code = value[0] & 7
    if code == 1:
        return _suci(value)
    if code == 2:
        if len(value) != 11:
            raise DecodeError("a 5G-GUTI has an impossible length")
        return Identity._make(("guti", None, nr_guti(value[1:]), code, None))
    if code in {3, 5}:
        return Identity("imei", digits=identity_digits(value, 14, 16), code=code)
    if code == 4:
        if len(value) != 7:
            raise DecodeError("a 5G-S-TMSI has an impossible length")
        text = value.hex()
        return Identity._make(("guti", None, f"{text[2:6]}-{text[6:14]}", code, None))  # twice as fast as by name
    return Identity("none", code=code)


def _suci(value: bytes) -> Identity:
    """Read a SUCI; under the null scheme (TS 33.501, C.2) it is the IMSI itself, or a readable network access identifier."""
    if value[0] >> 4 & 7:
        return _name_of_suci(value[1:])
    scheme = value[6] & 0x0F
    if scheme:
        return Identity("suci", None, None, 1, scheme)
    imsi = plmn_of(value[1:4]) + digits_of(value[8:])
    if not 6 <= len(imsi) <= 15:
        raise DecodeError("a SUCI of the null scheme has an impossible length")
    return Identity("suci_null", imsi, None, 1, 0)


def _name_of_suci(name: bytes) -> Identity:
    """Read a SUCI in the form of a network access identifier: `type1.rid….schid….` and so on (TS 23.003, 28.7.3)."""
    _, found, rest = name.partition(b".schid")
    scheme = rest.partition(b".")[0]
    if not found or not scheme.isdigit() or len(scheme) > 2:
        return Identity("suci", None, None, 1)
    return Identity("suci" if int(scheme) else "suci_null", None, None, 1, int(scheme))
