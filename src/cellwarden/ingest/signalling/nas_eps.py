"""NAS messages of EPS mobility management: who is named, what was chosen, why refused.

A ciphered message is never taken for plain: see `read`.

References: TS 24.301, 8.2 (messages), 9.2 to 9.3 (headers), 9.9.3 (elements); TS 24.007, 11.2.4 (how elements are coded).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import eps_guti, identity_digits
from cellwarden.ingest.signalling.message import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cellwarden.ingest.signalling.message import Nas

ATTACH_REQUEST, ATTACH_ACCEPT, ATTACH_COMPLETE, ATTACH_REJECT = 0x41, 0x42, 0x43, 0x44
DETACH_REQUEST, DETACH_ACCEPT, AUTHENTICATION_REQUEST = 0x45, 0x46, 0x52
TAU_REQUEST, TAU_ACCEPT, TAU_REJECT = 0x48, 0x49, 0x4B
EXTENDED_SERVICE_REQUEST, CONTROL_PLANE_SERVICE_REQUEST, SERVICE_REJECT, SERVICE_ACCEPT = 0x4C, 0x4D, 0x4E, 0x4F
GUTI_REALLOCATION, AUTHENTICATION_REJECT, IDENTITY_REQUEST, IDENTITY_RESPONSE = 0x50, 0x54, 0x55, 0x56
AUTHENTICATION_FAILURE, SECURITY_MODE_COMMAND, SECURITY_MODE_COMPLETE, SECURITY_MODE_REJECT = 0x5C, 0x5D, 0x5E, 0x5F
EMM_STATUS = 0x60
KNOWN_TYPES = frozenset(
    {*range(0x41, 0x47), *range(0x48, 0x4C), 0x4C, 0x4D, 0x4E, 0x4F, *range(0x50, 0x57), *range(0x5C, 0x65), 0x68, 0x69}
)
"""Types of TS 24.301, table 9.8.1."""
SERVICE_REQUEST_HEADER = 12
"""The short service request has no message type (TS 24.301, 8.2.25)."""
TEST_MODE = 15
"""Protocol discriminator of test procedures (TS 36.509): no mobility, no session."""
_PLAIN_HEADERS = frozenset({1, 3})
"""Integrity protected only; 3 carries the Security Mode Command."""
_CIPHERED_HEADERS = frozenset({2, 4})
ACTIVATE_DEFAULT_BEARER = 0xC1
_FIXED_OF_BEARER = {0x32: 1, 0x58: 1}
_SESSION_CAUSE_FOLLOWS = frozenset({0xC3, 0xC7, 0xCB, 0xCD, 0xD1, 0xD3, 0xD5, 0xD7, 0xDC, 0xE8})
"""Rejects, Deactivate EPS Bearer Context Request, Notification's status: the ESM cause stands behind the type."""
_FIXED_OF_REQUEST = {0x13: 5, 0x19: 3, 0x52: 5, 0x55: 4, 0x5C: 2}
"""Elements without a length octet in Attach Request and TAU Request (TS 24.301, 8.2.4 and 8.2.29)."""
_FIXED_OF_ACCEPT = {0x13: 5, 0x53: 1, 0x17: 1, 0x59: 1, 0x5A: 1}
"""Elements without a length octet in Attach Accept and TAU Accept."""
_FIXED_OF_DETACH = {0x53: 1}
_NO_FIXED: dict[int, int] = {}


def read(nas: Nas, data: bytes, ciphering: int | None, may_guess: bool) -> None:  # noqa: C901 (one branch a header)
    """Fill `nas` from a NAS message.

    Args:
        nas: What to fill; direction is set.
        data: The message as S1AP carries it.
        ciphering: Algorithm in force for this phone; 0 is EEA0; None: no Security Mode Command was seen.
        may_guess: Without one, a ciphered message that looks plain may be read, and is marked. Chance makes one in
            some 1,700 look so; the messages that name somebody must fit to the last octet besides.

    Raises:
        DecodeError: An element breaks the standard; what was read before it stands.
        IndexError: The message ends early.
    """
    first = data[0]
    if first > 7 and first & 0x0F == 7:
        header = nas.security_header = first >> 4
        if header >= SERVICE_REQUEST_HEADER:
            nas.security_header = SERVICE_REQUEST_HEADER
            nas.key_set, nas.sequence, nas.authentication_code = data[1] >> 5, data[1] & 0x1F, data[2:4]
            return
        nas.authentication_code, nas.sequence, data = data[1:5], data[5], data[6:]
        if header in _CIPHERED_HEADERS:
            if ciphering is None and may_guess and _fits(data):
                nas.is_guessed = True
            elif ciphering != 0:
                nas.is_ciphered = True
                return
        elif header not in _PLAIN_HEADERS:
            if header == 5 and data[:2] == bytes((7, CONTROL_PLANE_SERVICE_REQUEST)):
                # Partially ciphered (TS 24.301, 4.4.5): type and service type stand in clear, the rest does not.
                nas.type = CONTROL_PLANE_SERVICE_REQUEST
                nas.key_set, nas.procedure_type = data[2] >> 4, data[2] & 7
            else:
                nas.is_ciphered = True
            return
        first = data[0]
    if first & 0x0F == 7:
        kind = nas.type = data[1]
        reader = _MESSAGES.get(kind)
        if reader is not None:
            reader(nas, data)
    elif first & 0x0F == 2:
        read_session(nas, data)
    elif first & 0x0F != TEST_MODE:
        raise DecodeError("unknown protocol discriminator")


def read_session(nas: Nas, data: bytes) -> None:
    """Read the header of an ESM message, and the cause where the message begins with one (TS 24.301, 8.3)."""
    if len(data) < 3:
        return  # a container that is empty or absent takes nothing from the message around it
    nas.session, nas.transaction, nas.session_type = data[0] >> 4, data[1], data[2]
    if data[2] in _SESSION_CAUSE_FOLLOWS:
        nas.session_cause = data[3]
    elif data[2] == ACTIVATE_DEFAULT_BEARER:
        # Behind quality of service, access point and address a cause tells what of the request was not granted.
        # It is no fault of the message around it where they cannot be read.
        try:
            position = 4 + data[3]
            position += 1 + data[position]
            _optional(nas, data, position + 1 + data[position], _FIXED_OF_BEARER, _OF_BEARER)
        except (DecodeError, IndexError):
            pass


def _fits(data: bytes) -> bool:
    """Say whether ciphered octets look like a plain message, to the last octet where it names somebody."""
    if len(data) < 2 or data[0] != 7 or data[1] not in KNOWN_TYPES:
        return False
    if data[1] == IDENTITY_RESPONSE:
        return len(data) > 3 and data[2] == len(data) - 3
    if data[1] == DETACH_REQUEST:
        return len(data) == 3 or (len(data) > 4 and data[3] == len(data) - 4)
    return data[1] != SECURITY_MODE_COMPLETE or len(data) == 2 or data[2:4] == b"\x23\x09"


def _reject(nas: Nas, data: bytes) -> None:
    nas.cause = data[2]
    if nas.type == ATTACH_REJECT and len(data) > 3:
        _optional(nas, data, 3, _NO_FIXED, _OF_REJECT)


def _attach_request(nas: Nas, data: bytes) -> None:
    nas.key_set, nas.procedure_type = data[2] >> 4, data[2] & 7
    nas.identity = _identity(_counted(data, 3))
    position = 4 + data[3]
    if position >= len(data):
        return  # cut, but it has told who asks
    nas.capabilities = _counted(data, position)
    position = _contained(nas, data, position + 1 + data[position])
    _optional(nas, data, position, _FIXED_OF_REQUEST, _OF_REQUEST)


def _update_request(nas: Nas, data: bytes) -> None:
    nas.key_set, nas.procedure_type = data[2] >> 4, data[2] & 7
    nas.identity = _identity(_counted(data, 3))
    _optional(nas, data, 4 + data[3], _FIXED_OF_REQUEST, _OF_REQUEST)


def _attach_accept(nas: Nas, data: bytes) -> None:
    nas.result = data[2] & 7
    _optional(nas, data, _contained(nas, data, 5 + data[4]), _FIXED_OF_ACCEPT, _OF_ACCEPT)


def _update_accept(nas: Nas, data: bytes) -> None:
    nas.result = data[2] & 7
    _optional(nas, data, 3, _FIXED_OF_ACCEPT, _OF_ACCEPT)


def _attach_complete(nas: Nas, data: bytes) -> None:
    _contained(nas, data, 2)


def _contained(nas: Nas, data: bytes, position: int) -> int:
    """Read the mandatory ESM container (LV-E); return the position behind it."""
    end = position + 2 + int.from_bytes(data[position : position + 2])
    read_session(nas, data[position + 2 : end])
    return end


def _identity_request(nas: Nas, data: bytes) -> None:
    nas.requested_identity = data[2] & 7


def _identity_response(nas: Nas, data: bytes) -> None:
    nas.identity = _identity(_counted(data, 2))


def _authentication_request(nas: Nas, data: bytes) -> None:
    nas.key_set = data[2] & 0x0F


def _security_mode_command(nas: Nas, data: bytes) -> None:
    nas.ciphering, nas.integrity = data[2] >> 4 & 7, data[2] & 7
    nas.key_set = data[3] & 0x0F
    nas.replayed_capabilities = _counted(data, 4)


def _security_mode_complete(nas: Nas, data: bytes) -> None:
    _optional(nas, data, 2, _NO_FIXED, _OF_SECURITY)


def _reallocation(nas: Nas, data: bytes) -> None:
    nas.assigned = _guti(_counted(data, 2))


def _detach_request(nas: Nas, data: bytes) -> None:
    """Detach Request: what follows the type depends on the direction (TS 24.301, 8.2.11)."""
    nas.procedure_type = data[2] & 7
    if nas.is_uplink:
        nas.key_set = data[2] >> 4
        nas.identity = _identity(_counted(data, 3))
    else:
        _optional(nas, data, 3, _FIXED_OF_DETACH, _OF_DETACH)


def _extended_service_request(nas: Nas, data: bytes) -> None:
    nas.key_set, nas.procedure_type = data[2] >> 4, data[2] & 0x0F
    nas.identity = _identity(_counted(data, 3))


def _control_plane_service_request(nas: Nas, data: bytes) -> None:
    nas.key_set, nas.procedure_type = data[2] >> 4, data[2] & 7
    _optional(nas, data, 3, _NO_FIXED, _OF_REJECT)


_MESSAGES: dict[int, Callable[[Nas, bytes], None]] = {
    **dict.fromkeys(
        (ATTACH_REJECT, TAU_REJECT, SERVICE_REJECT, AUTHENTICATION_FAILURE, SECURITY_MODE_REJECT, EMM_STATUS), _reject
    ),
    ATTACH_REQUEST: _attach_request,
    TAU_REQUEST: _update_request,
    ATTACH_ACCEPT: _attach_accept,
    ATTACH_COMPLETE: _attach_complete,
    TAU_ACCEPT: _update_accept,
    IDENTITY_REQUEST: _identity_request,
    IDENTITY_RESPONSE: _identity_response,
    AUTHENTICATION_REQUEST: _authentication_request,
    SECURITY_MODE_COMMAND: _security_mode_command,
    SECURITY_MODE_COMPLETE: _security_mode_complete,
    GUTI_REALLOCATION: _reallocation,
    DETACH_REQUEST: _detach_request,
    EXTENDED_SERVICE_REQUEST: _extended_service_request,
    CONTROL_PLANE_SERVICE_REQUEST: _control_plane_service_request,
}
"""Message type to the reader of what it tells; the other types tell nothing more."""


def _counted(data: bytes, position: int) -> bytes:
    """Read an element of one length octet (LV)."""
    size = data[position]
    value = data[position + 1 : position + 1 + size]
    if len(value) != size:
        raise DecodeError("an element is longer than its message")
    return value


def _optional(
    nas: Nas, data: bytes, position: int, fixed: dict[int, int], wanted: Mapping[int, Callable[[Nas, bytes], None]]
) -> None:
    """Take the optional elements wanted, past those of half an octet, of fixed length, and with one or two octets of length."""
    end = len(data)
    while position < end:
        element = data[position]
        if element >= 0x80:
            position += 1
            continue
        if element in fixed:
            start, size = position + 1, fixed[element]
        elif element >= 0x78:
            start, size = position + 3, int.from_bytes(data[position + 1 : position + 3])
        else:
            start, size = position + 2, data[position + 1]
        position = start + size
        if position > end:
            raise DecodeError("an optional element is longer than its message")
        if element in wanted:
            wanted[element](nas, data[start:position])


def _new_guti(nas: Nas, value: bytes) -> None:
    nas.assigned = _guti(value)


def _additional_guti(nas: Nas, value: bytes) -> None:
    """In a request a GUTI is an additional one, never a new one."""
    nas.second_identity = Identity("guti", None, _guti(value), 6)


def _capabilities(nas: Nas, value: bytes) -> None:
    nas.capabilities = value


def _device(nas: Nas, value: bytes) -> None:
    nas.second_identity = _identity(value)


def _detach_cause(nas: Nas, value: bytes) -> None:
    nas.cause = value[0]


def _session_cause(nas: Nas, value: bytes) -> None:
    nas.session_cause = value[0]


_OF_REQUEST = {0x50: _additional_guti, 0x58: _capabilities}
_OF_ACCEPT, _OF_REJECT, _OF_SECURITY = {0x50: _new_guti}, {0x78: read_session}, {0x23: _device}
_OF_DETACH, _OF_BEARER = {0x53: _detach_cause}, {0x58: _session_cause}
"""Optional elements that are taken, by message, and what takes them."""


def _guti(value: bytes) -> str:
    if len(value) != 11 or value[0] & 7 != 6:
        raise DecodeError("a GUTI has an impossible form")
    return eps_guti(value[1:])


def _identity(value: bytes) -> Identity:
    """Read an EPS mobile identity (9.9.3.12) or a mobile identity (TS 24.008, 10.5.1.4): the codes agree but for 6."""
    code = value[0] & 7
    if code == 1:
        return Identity("imsi", identity_digits(value, 6, 15), None, code)
    if code in {2, 3}:
        return Identity("imei", digits=identity_digits(value, 14, 16), code=code)
    if code == 6:
        return Identity("guti", None, _guti(value), code)
    return Identity("guti" if code == 4 else "none", code=code)
